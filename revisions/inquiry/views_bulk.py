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
from django_fsm import TransitionNotAllowed

from revisions.inquiry import commands
from revisions.inquiry.forms import BulkExtendForm, BulkReasonForm, PickedForm, RemindForm
from revisions.inquiry.models import Inquiry
from revisions.inquiry.views import crumbs, inquiry_of, see
from revisions.plan.policies import check_can_steer
from workflow.access import Audience, audience
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid, Refused, Stale, Unmet
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
    "accept": Bulk(commands.accept, PickedForm, gettext_lazy("%d課の回答を受理しました。")),
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
        return _remind(request, found, RemindForm(request.POST))
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
    given = dict(form.cleaned_data)
    done, refused = 0, dict[str, list[int]]()
    for pk, seen in given.pop("ids").items():
        try:
            act.command(target_id=pk, seen=seen, by=request.user, at=timezone.now(), **given)
        except (Refused, TransitionNotAllowed) as no:
            if isinstance(no, Invalid) and no.field in form.fields:
                form.add_error(no.field, str(no))
                return
            refused.setdefault(_why(no), []).append(pk)
        else:
            done += 1
    if done:
        messages.success(request, act.done % done)
    names = dict(found.targets.values_list("pk", "section__name"))
    for why, pks in refused.items():
        told = {"sections": "、".join(names[pk] for pk in pks if pk in names), "why": why}
        messages.error(request, _("%(sections)sはできませんでした。%(why)s") % told)


def _why(no: Exception) -> str:
    if isinstance(no, TransitionNotAllowed):
        return _("いまの状態では、この操作はできません。")
    if isinstance(no, Unmet):
        return str(no) + "、".join(str(missing.what) for missing in no.missing)
    return str(no)


def _remind(request: SignedInRequest, found: Inquiry, form: RemindForm) -> HttpResponse:
    if not form.is_valid():
        raise Stale(found.key, found.chain_length)
    try:
        commands.remind(
            inquiry_id=found.pk,
            target_ids=list(form.cleaned_data["ids"]),
            seen=form.cleaned_data["seen"],
            by=request.user,
            at=timezone.now(),
        )
    except Invalid:
        messages.error(request, _("選んだ課は、どこも回答を待っていません。"))
    else:
        messages.success(request, _("選んだ課のうち、回答を待っている課に督促しました。"))
    return _back(request, found)


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
