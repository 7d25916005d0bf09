"""見出しを直す画面: the words above the projects."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from revisions.plan import commands, reading
from revisions.plan.forms import HeadingForm
from revisions.plan.models import Revision
from revisions.plan.queries import content_of, fingerprint
from revisions.plan.states import Level
from revisions.plan.views_draft import crumbs, form_page, see, steered
from workflow.access import Audience, audience
from workflow.people.http import SignedInRequest


@audience(Audience.STAFF)
@form_page
def edit_heading(request: SignedInRequest, revision_id: int) -> HttpResponse:
    """The words at ?place=: none the philosophy, 1 a policy, 1-2 a program."""
    place = request.GET.get("place", "")
    revision = steered(request, revision_id, Level.PROGRAM if "-" in place else Level.PLAN)
    kind, heading = _heading(revision, place)
    words = {"name": heading["name"], "aim": heading.get("aim", "")}
    seen = request.POST.get("seen") or fingerprint(words)
    form = HeadingForm(request.POST or None, initial=heading, has_aim="-" in place)
    if form.is_valid():
        commands.edit_heading(
            revision_id=revision.pk,
            place=place,
            seen=seen,
            by=request.user,
            at=timezone.now(),
            **form.cleaned_data,
        )
        messages.success(request, _("見出しを修正しました。"))
        return see(reverse("draft", args=[revision.pk]))
    context = {
        "revision": revision,
        "place": place,
        "kind": kind,
        "seen": seen,
        "form": form,
        "crumbs": crumbs(revision),
    }
    return render(request, "plan/heading.html", context, status=422 if form.errors else 200)


def _heading(revision: Revision, place: str) -> tuple[str, dict[str, str]]:
    """Return what kind of words stand at a place, and the words."""
    content = content_of(revision)
    if not place:
        return _("基本理念"), {"name": content["plan"]["philosophy"]}
    for policy in reading.chart(content):
        if policy["number"] == place:
            return _("基本方針"), policy
        for program in policy["programs"]:
            if program["number"] == place:
                return _("事業推進計画"), program
    raise Http404
