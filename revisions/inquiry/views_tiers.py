"""層: the days of the tiers, the page of the coordinating section, more time, asking again."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_fsm import TransitionNotAllowed

from revisions.inquiry import commands_extension as extension
from revisions.inquiry import commands_mend, reading
from revisions.inquiry import commands_tiers as tiers
from revisions.inquiry.forms import AskExtensionForm, InquiryForm, ReopenForm
from revisions.inquiry.forms_bulk import PickedForm
from revisions.inquiry.gates_between import check_time, in_words
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.queries import (
    Paper,
    Sheets,
    addressees,
    content_shown,
    live_forwards,
    open_days_left,
    papers_of,
    sheets_in,
)
from revisions.inquiry.queries_tiers import days_of, due_now, tier_days, with_asked
from revisions.inquiry.states import (
    COMPILED,
    DONE,
    TO_ACCEPT,
    UNANSWERED,
    AnswerKind,
    InquiryState,
    Tier,
)
from revisions.inquiry.states import TargetState as S
from revisions.inquiry.views import crumbs, inquiry_of, see
from revisions.inquiry.views_target import do
from workflow.access import Audience, audience, granted
from workflow.deadline.calendar import Calendar, in_tokyo
from workflow.deadline.http import calendar_of
from workflow.errors import Invalid, Refused, why
from workflow.people.http import SignedInRequest
from workflow.signoff.forms import Act, ReasonForm


@audience(Audience.STAFF)
@require_safe
def tier_hint(request: SignedInRequest) -> HttpResponse:
    """Say which days a due day gives the tiers, while they are typed."""
    form = InquiryForm(request.GET)
    form.is_valid()
    due_on, kept = form.cleaned_data.get("due_on"), form.tiers()
    if due_on is None:
        return HttpResponse("")
    try:
        check_time(kept, due_on, timezone.now())
    except Invalid as short:
        return HttpResponse(str(short))
    days = days_of(kept, due_on, calendar_of(request), compiled=kept.through_coordinating)
    return HttpResponse(in_words(days))


@audience(Audience.STAFF)
@require_safe
def compiling(request: SignedInRequest, inquiry_id: int) -> HttpResponse:
    """A department's answers on one page, for its coordinating section."""
    found, targets = _compiled(request, inquiry_id)
    today, days = in_tokyo(timezone.now()), calendar_of(request)
    content, forwards = content_shown(found), list(live_forwards(found))
    sheets = [sheets_in(content_shown(t) if t.version else content, forwards, t) for t in targets]
    papers = papers_of(found, targets)
    running = found.state == InquiryState.ISSUED
    own = addressees(found).filter(section__in={t.coordinator_id for t in targets}).first()
    context = {
        "inquiry": found,
        "department": targets[0].section.department,
        "rows": [
            _row(*each, days, running=running) for each in zip(targets, sheets, papers, strict=True)
        ],
        "ready": [t for t in targets if t.state == S.COMPILING] if running else [],
        "awaited": sum(t.state in UNANSWERED and t.state != S.COMPILING for t in targets),
        "sent": sum(t.state in (*TO_ACCEPT, *DONE) for t in targets),
        "total": len(targets),
        "own": own,
        "due": due_of(targets, days),
        "left": open_days_left(due_of(targets, days), today, days),
        "crumbs": crumbs(found, found.revision),
    }
    return render(request, "inquiry/compiling.html", context)


def _compiled(request: SignedInRequest, inquiry_id: int) -> tuple[Inquiry, list[InquiryTarget]]:
    found = inquiry_of(inquiry_id)
    theirs = granted(with_asked(addressees(found)), "compile_inquirytarget", request.user)
    said = ("answers", "remarks", "question_answers")
    targets = list(theirs.select_related("version").prefetch_related(*said))
    if not targets:
        raise Http404
    for target in targets:
        target.inquiry = found
    return found, targets


def due_of(targets: Sequence[InquiryTarget], days: Calendar) -> date:
    """Return the first day on which an answer is to go on from the coordinating section."""
    awaited = [target for target in targets if target.state in UNANSWERED]
    return min(tier_days(target, days)[Tier.COMPILING] for target in awaited or targets)


def _row(
    target: InquiryTarget, sheets: Sheets, paper: Paper, days: Calendar, *, running: bool
) -> dict[str, Any]:
    """One section: its state, by when it goes on from there, and what it answers once approved."""
    is_seen, seen = target.state in COMPILED, {"seen": target.chain_length}
    remarks = list(target.remarks.all())
    return {
        "target": target,
        "due": due_now(target, days) if target.state in UNANSWERED else None,
        "is_seen": is_seen,
        "changes": reading.changes(sheets) if is_seen else [],
        "unchanged": sum(a.kind == AnswerKind.UNCHANGED for a in sheets.answers.values()),
        "remarks": remarks if is_seen else [],
        "questions": reading.question_rows(paper) if is_seen else [],
        "is_empty": not (sheets.answers or remarks or paper.values),
        "is_ready": running and target.state == S.COMPILING,
        "seen": seen,
        "form": ReasonForm(initial=seen, auto_id=f"hand_back_{target.pk}_%s"),
    }


@audience(Audience.STAFF)
@require_POST
def compile_answer(request: SignedInRequest, target_id: int) -> HttpResponse:
    done = _("回答を事務局に回しました。")
    return _on_page(request, target_id, "compile", Act(request.POST), tiers.compile_answer, done)


@audience(Audience.STAFF)
@require_POST
def hand_back(request: SignedInRequest, target_id: int) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="hand_back_%s")
    return _on_page(
        request, target_id, "hand_back", form, tiers.hand_back, _("課に差し戻しました。")
    )


def _on_page(
    request: SignedInRequest, target_id: int, name: str, form: Form, act: Any, done: str
) -> HttpResponse:
    """Do it and lead to the department's page."""
    asked = get_object_or_404(InquiryTarget, pk=target_id)
    back = reverse("compiling", args=[asked.inquiry_id])
    return do(request, target_id, name, form, act, done, back=back)


@audience(Audience.STAFF)
@require_POST
def compile_ready(request: SignedInRequest, inquiry_id: int) -> HttpResponse:
    """Send on every answer that the page showed as ready, each by a command of its own."""
    _found, targets = _compiled(request, inquiry_id)
    form, names = PickedForm(request.POST), {t.pk: t.section.name for t in targets}
    done = 0
    for pk, seen in form.cleaned_data["ids"].items() if form.is_valid() else ():
        try:
            tiers.compile_answer(target_id=pk, seen=seen, by=request.user, at=timezone.now())
        except (Refused, TransitionNotAllowed) as no:
            told = {"section": names.get(pk, ""), "why": why(no)}
            messages.error(request, _("%(section)sはできませんでした。%(why)s") % told)
        else:
            done += 1
    if done:
        messages.success(request, _("%d課の回答を事務局に回しました。") % done)
    return see(reverse("compiling", args=[inquiry_id]))


@audience(Audience.STAFF)
@require_POST
def ask_extension(request: SignedInRequest, target_id: int) -> HttpResponse:
    form = AskExtensionForm(request.POST, auto_id="ask_extension_%s")
    done = _("期限の延長を申し出ました。事務局の返事を待ってください。")
    return do(request, target_id, "ask_extension", form, extension.ask_extension, done)


@audience(Audience.STAFF)
@require_POST
def decline_extension(request: SignedInRequest, target_id: int) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="decline_extension_%s")
    done = _("期限は延ばさないと、課に知らせました。")
    return do(request, target_id, "decline_extension", form, extension.decline_extension, done)


@audience(Audience.STAFF)
@require_POST
def reopen(request: SignedInRequest, target_id: int) -> HttpResponse:
    form = ReopenForm(request.POST, auto_id="reopen_%s")
    return do(request, target_id, "reopen", form, commands_mend.reopen, _("回答を再開しました。"))
