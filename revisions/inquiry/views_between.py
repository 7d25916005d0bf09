"""課と課のあいだ: a sheet that another section answers for, and what its other leads say."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from revisions.inquiry import commands_forward, commands_joint, reading
from revisions.inquiry.gates_between import check_can_take_in
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.models_between import Consent, Forward
from revisions.inquiry.policies import check_can_see_forward, check_can_take
from revisions.inquiry.queries import sheets_of
from revisions.inquiry.states import ForwardState, InquiryState
from revisions.inquiry.views import crumbs, see
from revisions.inquiry.views_sheet import asked_of, forward_form, show
from revisions.inquiry.views_target import may_answer
from revisions.plan.content import numbers
from revisions.plan.reading import sheet_page
from workflow.access import Audience, allowed, audience
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid, Unmet
from workflow.people.http import SignedInRequest
from workflow.signoff.forms import Act, ReasonForm

RELATED = ("target__inquiry__version", "target__inquiry__stage", "target__version")
OWNERS = ("target__section", "target__revision__plan", "section", "into")


@audience(Audience.STAFF)
@require_POST
def forward_sheet(request: SignedInRequest, target_id: int, uid: str) -> HttpResponse:
    asked = asked_of(request, target_id, uid)
    form = forward_form(asked.target, request.POST)
    if form.is_valid():
        try:
            row = commands_forward.forward(
                target_id=target_id,
                uid=uid,
                by=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except Invalid as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("転送を申し出ました。相手の課と事務局に知らせました。"))
            return see(reverse("forward", args=[row.pk]))
    return show(request, asked, status=422, forward_form=form)


@audience(Audience.STAFF)
@require_safe
def forward(request: SignedInRequest, forward_id: int) -> HttpResponse:
    return _page(request, _visible(request, forward_id))


def _visible(request: SignedInRequest, forward_id: int) -> Forward:
    row = get_object_or_404(Forward.objects.select_related(*RELATED, *OWNERS), pk=forward_id)
    if not allowed(check_can_see_forward, request.user, row, in_tokyo(timezone.now())):
        raise Http404
    return row


def _page(request: SignedInRequest, row: Forward, failed: Form | None = None) -> HttpResponse:
    target, today = row.target, in_tokyo(timezone.now())
    sheets, seen = sheets_of(target), {"seen": row.target.chain_length}
    answer = (row.into or target).answers.filter(uid=row.uid).first()
    open_ = row.state == ForwardState.OPEN and target.inquiry.state == InquiryState.ISSUED
    context = {
        "row": row,
        "target": target,
        "number": numbers(sheets.content)[row.uid],
        "page": sheet_page(sheets.content, row.uid),
        "written": reading.change(answer, sheets) if answer else None,
        "can_take": open_ and allowed(check_can_take, request.user, row, today),
        "take_blocked": _why_not(row) if open_ else "",
        "can_withdraw": open_ and may_answer(request, target),
        "seen": seen,
        "decline_form": failed or ReasonForm(initial=seen, auto_id="decline_%s"),
        "failed": failed,
        "crumbs": crumbs(target.inquiry, target.revision),
    }
    return render(request, "inquiry/forward.html", context, status=422 if failed else 200)


def _why_not(row: Forward) -> str:
    """Say why the section named can't take it in as it stands."""
    asked = InquiryTarget.objects.select_related("section")
    into = asked.filter(inquiry=row.target.inquiry_id, section=row.section_id).first()
    try:
        if into:
            check_can_take_in(into)
    except Unmet as no:
        return str(no)
    return ""


@audience(Audience.STAFF)
@require_POST
def take_over(request: SignedInRequest, forward_id: int) -> HttpResponse:
    done = _("引き受けました。書かれていた回答も移しました。")
    form = Act(request.POST)
    return _answer(request, forward_id, form, commands_forward.take_over, done)


@audience(Audience.STAFF)
@require_POST
def decline(request: SignedInRequest, forward_id: int) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="decline_%s")
    done = _("引き受けないと、転送した課に知らせました。")
    return _answer(request, forward_id, form, commands_forward.decline, done)


@audience(Audience.STAFF)
@require_POST
def withdraw(request: SignedInRequest, forward_id: int) -> HttpResponse:
    form = Act(request.POST)
    return _answer(
        request, forward_id, form, commands_forward.withdraw, _("転送を取り下げました。")
    )


def _answer(
    request: SignedInRequest, forward_id: int, form: Form, act: Callable[..., Any], done: str
) -> HttpResponse:
    row = _visible(request, forward_id)
    if not form.is_valid():
        return _page(request, row, form)
    act(forward_id=forward_id, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, done)
    return see(reverse("forward", args=[forward_id]))


# 共管


@audience(Audience.STAFF)
@require_POST
def agree(request: SignedInRequest, target_id: int, consent_id: int) -> HttpResponse:
    return _say(request, target_id, consent_id, Act(request.POST), commands_joint.agree, "")


@audience(Audience.STAFF)
@require_POST
def object_to(request: SignedInRequest, target_id: int, consent_id: int) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="object_%s")
    return _say(request, target_id, consent_id, form, commands_joint.object_to, "object_form")


@audience(Audience.STAFF)
@require_POST
def agree_instead(request: SignedInRequest, target_id: int, consent_id: int) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id=f"instead_{consent_id}_%s")
    return _say(request, target_id, consent_id, form, commands_joint.agree_instead, "instead_form")


def _say(
    request: SignedInRequest,
    target_id: int,
    consent_id: int,
    form: Form,
    act: Callable[..., Any],
    name: str,
) -> HttpResponse:
    """Say it and come back to the sheet, on the page of whoever says it."""
    consent = get_object_or_404(Consent.objects.select_related("answer"), pk=consent_id)
    asked = asked_of(request, target_id, consent.answer.uid)
    if not form.is_valid():
        return show(request, asked, status=422, **{name: form})
    act(consent_id=consent_id, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("記録し、相手の課に知らせました。"))
    return see(reverse("sheet_answer", args=[target_id, consent.answer.uid]))
