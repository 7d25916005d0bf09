"""照会: what the secretariat does. What a section does stands in commands_answer.py."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from revisions.inquiry import gates, parts
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.queries import draft_sheets, is_overdue
from revisions.inquiry.states import UNANSWERED
from revisions.plan.gates import check_reason
from revisions.plan.parts import freeze
from revisions.plan.policies import check_can_steer
from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.parts import extend as extend_deadline
from workflow.deadline.parts import lift, set_deadline
from workflow.outbox.queue import emit
from workflow.people.models import Section, User


@transaction.atomic(durable=True)
def prepare_inquiry(
    *,
    stage_id: int,
    kind: str,
    title: str,
    text: str,
    due_on: date,
    accept_closed_day: bool = False,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Inquiry:
    """Word the inquiry of a stage, or word it anew until it goes out (照会の準備)."""
    inquiry = parts.lock_or_begin(stage_id)  # lock

    post = check_can_steer(by, inquiry.revision, in_tokyo(at))  # check
    check_seen(inquiry, seen)
    gates.check_stage_asks(inquiry.stage)
    gates.check_words(kind=kind, title=title)
    gates.check_due(due_on, at, accept_closed_day=accept_closed_day)

    inquiry.prepare(kind=kind, title=title, text=text, due_on=due_on)  # move

    record(  # record; nobody waits for it before it goes out, so nobody is told
        "inquiry.prepared",
        inquiry,
        by=by,
        post=post,
        at=at,
        after=inquiry.state,
        kind=kind,
        title=title,
        text=text,
        due_on=due_on.isoformat(),
    )
    return inquiry


@transaction.atomic(durable=True)
def issue(
    *,
    inquiry_id: int,
    section_ids: Collection[int],
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Inquiry:
    """Send the inquiry and the plan as it is now to sections (発出)."""
    inquiry = parts.lock_inquiry(inquiry_id)  # lock

    post = check_can_steer(by, inquiry.revision, in_tokyo(at))  # check
    check_seen(inquiry, seen)
    gates.check_stage_open(inquiry.stage)
    sections = list(Section.objects.select_related("group").filter(pk__in=section_ids))
    gates.check_addressees(sections, section_ids)

    before = inquiry.state
    version = freeze(inquiry.revision, label=inquiry.title, by=by, at=at)  # move
    inquiry.issue(version=version, at=at)
    parts.deliver(inquiry, sections, by=by, post=post, at=at)

    entry = record(  # record
        "inquiry.issued",
        inquiry,
        by=by,
        post=post,
        at=at,
        before=before,
        after=inquiry.state,
        version=version.sha256,
        due_on=inquiry.due_on.isoformat(),
        sections=[section.name for section in sections],
    )
    emit(  # tell; the inquiry's page leads each section to its own answer
        entry,
        to=[section.group for section in sections],
        link=f"/inquiries/{inquiry.pk}/",
        title=inquiry.title,
        due_on=inquiry.due_on.isoformat(),
    )
    return inquiry


@transaction.atomic(durable=True)
def accept(
    *, target_id: int, over: bool = False, by: User, at: datetime, seen: int | None = None
) -> InquiryTarget:
    """Take an answer over into the draft and the ledger of opinions (受理).

    over  the section's wording wins where the draft has moved since
    """
    target = parts.lock_with_draft(target_id)  # lock

    post = check_can_steer(by, target.revision, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    answers, remarks = list(target.answers.all()), list(target.remarks.all())
    draft = draft_sheets(target.revision)
    gates.check_no_clash(target, draft, answers, over=over)

    before = target.state
    target.accept()  # move
    done = parts.apply_answers(target.revision, draft, answers)
    opinions = parts.pass_on_remarks(target, remarks, by=by, post=post, at=at)

    entry = record(  # record
        "inquiry.accepted",
        target,
        by=by,
        post=post,
        at=at,
        before=before,
        after=target.state,
        over=over,
        answers=done,
        opinions=[opinion.number for opinion in opinions],
    )
    parts.tell(entry, target, [target.section.group])  # tell
    return target


@transaction.atomic(durable=True)
def return_answer(
    *,
    target_id: int,
    reason: str,
    due_on: date | None = None,
    accept_closed_day: bool = False,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> InquiryTarget:
    """Return an answer to the section (差戻し), by the day it had, or by a later one."""
    target = parts.lock_target(pk=target_id)  # lock
    due_on = due_on or target.due_on

    post = check_can_steer(by, target.revision, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    check_reason(reason)
    gates.check_due(due_on, at, accept_closed_day=accept_closed_day)

    before = target.state
    target.return_(reason=reason, due_on=due_on)  # move

    entry = record(  # record
        "inquiry.returned",
        target,
        by=by,
        post=post,
        at=at,
        before=before,
        after=target.state,
        reason=reason,
        due_on=due_on.isoformat(),
    )
    set_deadline(
        subject=target,
        kind=parts.DEADLINE,
        title=target.inquiry.title,
        link=gates.page(target),
        group=target.section.group,
        due_on=due_on,
        by=by,
        at=at,
    )
    parts.tell(  # tell
        entry, target, [target.section.group], reason=reason, due_on=due_on.isoformat()
    )
    return target


@transaction.atomic(durable=True)
def waive(
    *, target_id: int, reason: str, by: User, at: datetime, seen: int | None = None
) -> InquiryTarget:
    """Do without a section's answer (回答不要)."""
    target = parts.lock_target(pk=target_id)  # lock

    post = check_can_steer(by, target.revision, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    check_reason(reason)

    before = target.state
    target.waive(reason=reason)  # move

    entry = record(  # record
        "inquiry.waived",
        target,
        by=by,
        post=post,
        at=at,
        before=before,
        after=target.state,
        reason=reason,
    )
    lift(target, parts.DEADLINE, by=by, at=at)
    parts.tell(entry, target, [target.section.group], reason=reason)  # tell
    return target


@transaction.atomic(durable=True)
def extend(
    *,
    target_id: int,
    due_on: date,
    reason: str,
    accept_closed_day: bool = False,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> InquiryTarget:
    """Give a section more time (期限延長)."""
    target = parts.lock_target(pk=target_id)  # lock

    post = check_can_steer(by, target.revision, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    check_reason(reason)
    gates.check_due(due_on, at, accept_closed_day=accept_closed_day)

    before = target.due_on.isoformat()
    target.extend(due_on=due_on)  # move

    entry = record(  # record
        "inquiry.extended",
        target,
        by=by,
        post=post,
        at=at,
        before=before,
        after=due_on.isoformat(),
        reason=reason,
    )
    extend_deadline(target, parts.DEADLINE, due_on=due_on, by=by, at=at)
    parts.tell(  # tell
        entry, target, [target.section.group], reason=reason, due_on=due_on.isoformat()
    )
    return target


@transaction.atomic(durable=True)
def remind(
    *,
    inquiry_id: int,
    target_ids: Collection[int],
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Inquiry:
    """Urge sections that have not answered (督促)."""
    inquiry = parts.lock_inquiry(inquiry_id)  # lock

    post = check_can_steer(by, inquiry.revision, in_tokyo(at))  # check
    check_seen(inquiry, seen)
    gates.check_stage_open(inquiry.stage)
    asked = inquiry.targets.filter(pk__in=target_ids, state__in=UNANSWERED)
    targets = list(asked.select_related("section__group"))
    gates.check_anybody_to_remind(targets)

    entry = record(  # record
        "inquiry.reminded",
        inquiry,
        by=by,
        post=post,
        at=at,
        sections=[target.section.name for target in targets],
        late=sum(is_overdue(target, in_tokyo(at)) for target in targets),
    )
    emit(  # tell
        entry,
        to=[target.section.group for target in targets],
        link=f"/inquiries/{inquiry.pk}/",
        title=inquiry.title,
        due_on=inquiry.due_on.isoformat(),
    )
    return inquiry
