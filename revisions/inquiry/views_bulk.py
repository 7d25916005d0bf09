"""照会先をまとめて: one act on every addressee picked, each a command of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from revisions.inquiry import commands
from revisions.inquiry.commands_accept import accept
from revisions.inquiry.commands_board import Outcome, remind_each
from revisions.inquiry.forms import BulkExtendForm, BulkReasonForm, PickedForm
from revisions.inquiry.models import Inquiry
from revisions.inquiry.views import crumbs, inquiry_of, see
from revisions.plan.policies import check_can_steer
from workflow.access import Audience, audience
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid, why
from workflow.people.http import SignedInRequest


@dataclass(frozen=True)
class Bulk:
    """What is done to each, what is asked first, and what is said when it is done."""

    command: Callable[..., Any]
    form: type[PickedForm]
    done: Any
    title: Any = ""
    says: Any = ""


ACTS = {
    "accept": Bulk(accept, PickedForm, gettext_lazy("%d課の回答を受理しました。")),
    "extend": Bulk(
        commands.extend,
        BulkExtendForm,
        gettext_lazy("%d課の期限を延ばしました。"),
        gettext_lazy("期限を延ばす"),
        gettext_lazy("新しい期限と理由を、課に知らせます。"),
    ),
    "waive": Bulk(
        commands.waive,
        BulkReasonForm,
        gettext_lazy("%d課の回答を不要としました。"),
        gettext_lazy("回答不要とする"),
        gettext_lazy("この課の回答を待たずに進みます。理由を課に知らせます。"),
    ),
}


@audience(Audience.STAFF)
@require_POST
def bulk(request: SignedInRequest, inquiry_id: int) -> HttpResponse:
    found = inquiry_of(inquiry_id)
    check_can_steer(request.user, found.revision, in_tokyo(timezone.now()))
    name, picked = request.POST.get("act", ""), PickedForm(request.POST)
    if not picked.is_valid():
        messages.error(request, _("課を1つ以上選んでください。"))
        return _back(request, found)
    if name == "remind":
        _remind(request, found, picked.cleaned_data["ids"])
        return _back(request, found)
    if name not in ACTS:
        raise Http404
    form = _form(request, ACTS[name])
    if form.is_valid():
        _do_each(request, found, ACTS[name], form)
    if form.is_valid():
        return _back(request, found)
    return _ask(request, found, name, form, picked.cleaned_data["ids"])


def _form(request: SignedInRequest, act: Bulk) -> Form:
    """What is asked before the act: empty until it was answered."""
    if act.form is PickedForm or "answered" in request.POST:
        return act.form(request.POST)
    return act.form(initial={"ids": request.POST.getlist("ids")})


def _do_each(request: SignedInRequest, found: Inquiry, act: Bulk, form: Form) -> None:
    """Do it to each, and say to whom it was done and to whom not; a bad answer ends it."""
    given, outcome = dict(form.cleaned_data), Outcome()
    for pk, seen in given.pop("ids").items():
        with outcome.of(pk):
            act.command(target_id=pk, seen=seen, by=request.user, at=timezone.now(), **given)
        no = outcome.refused.get(pk)
        if isinstance(no, Invalid) and no.field in form.fields:
            form.add_error(no.field, str(no))
            return
    _say(request, found, act.done, outcome)


def _remind(request: SignedInRequest, found: Inquiry, ids: dict[int, int]) -> None:
    outcome = remind_each(inquiry_id=found.pk, picked=ids, by=request.user, at=timezone.now())
    _say(request, found, _("%d課に督促しました。"), outcome)


def _say(request: SignedInRequest, found: Inquiry, done: str, outcome: Outcome) -> None:
    if outcome.done:
        messages.success(request, done % len(outcome.done))
    names = dict(found.targets.values_list("pk", "section__name"))
    reasons: dict[str, list[int]] = {}
    for pk, no in outcome.refused.items():
        reasons.setdefault(why(no), []).append(pk)
    for reason, pks in reasons.items():
        told = {"sections": "、".join(names[pk] for pk in pks if pk in names), "why": reason}
        messages.error(request, _("%(sections)sはできませんでした。%(why)s") % told)


def _ask(
    request: SignedInRequest, found: Inquiry, name: str, form: Form, ids: dict[int, int]
) -> HttpResponse:
    targets = found.targets.select_related("section").filter(pk__in=ids)
    context = {
        "act": ACTS[name],
        "name": name,
        "form": form,
        "targets": targets,
        "back": reverse("inquiry", args=[found.pk]),
        "crumbs": crumbs(found, found.revision, (reverse("inquiry", args=[found.pk]), found.title)),
    }
    return render(request, "inquiry/bulk.html", context, status=422 if form.is_bound else 200)


def _back(request: SignedInRequest, found: Inquiry) -> HttpResponse:
    """Return to the list as it was filtered."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return see(reverse("inquiry", args=[found.pk]) + query)
