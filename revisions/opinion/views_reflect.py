"""意見を反映する画面: the sheet that an opinion changes, as a form below its words."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from revisions.opinion.commands_reflect import reflect as reflect_opinion
from revisions.opinion.models import Opinion
from revisions.plan.content import numbers
from revisions.plan.forms import ReasonForm, SheetForm
from revisions.plan.forms_place import OtherForm
from revisions.plan.models import Revision
from revisions.plan.queries import content_of, fingerprint, sheet_of
from revisions.plan.views_draft import form_page, sheet_form, steered
from workflow.access import Audience, audience
from workflow.people.http import SignedInRequest


@audience(Audience.STAFF)
@form_page
def reflect(request: SignedInRequest, opinion_id: int) -> HttpResponse:
    """Change the sheet of ?uid=; without it, choose one."""
    opinion = get_object_or_404(Opinion.objects.select_related("revision"), pk=opinion_id)
    revision = steered(request, opinion.revision_id)
    back = reverse("opinion", args=[opinion.pk])
    title = _("意見第%d号を反映する") % opinion.number
    context = {
        "title": title,
        "revision": revision,
        "opinion": opinion,
        "back": back,
        "crumbs": [
            (reverse("revision", args=[revision.pk]), revision.title),
            (reverse("opinions", args=[revision.pk]), _("意見")),
            (back, _("意見第%d号") % opinion.number),
        ],
    }
    choice = OtherForm(
        request.GET or None,
        others=_projects(revision),
        initial={"other": opinion.project_uid},
    )
    choice.fields["other"].label = _("反映する個別事業")
    if not choice.is_valid():
        status = 422 if choice.errors else 200
        return render(request, "opinion/reflect.html", context | {"form": choice}, status=status)
    return _sheet(request, opinion, revision, choice.cleaned_data["other"], context)


def _sheet(
    request: SignedInRequest,
    opinion: Opinion,
    revision: Revision,
    uid: str,
    context: dict[str, Any],
) -> HttpResponse:
    before = sheet_of(revision, uid)
    seen = request.POST.get("seen") or fingerprint(before)

    def act(sheet: dict[str, Any], given: dict[str, Any]) -> str:
        reflect_opinion(
            opinion_id=opinion.pk,
            uid=uid,
            sheet=sheet,
            seen=seen,
            by=request.user,
            at=timezone.now(),
            **given,
        )
        messages.success(request, _("計画案に反映しました。主管課にお知らせしました。"))
        return str(context["back"])

    form = SheetForm(request.POST or None, plan=revision.plan, sheet=before)
    shown = context | {"before": before, "seen": seen}
    return sheet_form(request, form, ReasonForm(request.POST or None), act, shown)


def _projects(revision: Revision) -> list[tuple[str, str]]:
    content = content_of(revision)
    names = {sheet["uid"]: sheet["name"] for sheet in content["projects"]}
    return [(uid, f"{number} {names[uid]}") for uid, number in numbers(content).items()]
