"""照会: what the secretariat does but for taking answers over (commands_accept.py).

What a section does stands in commands_answer.py.
"""

from collections.abc import Collection
from dataclasses import asdict
from datetime import date, datetime

from revisions.inquiry import gates, parts, parts_steer
from revisions.inquiry.gates_between import check_other_day, check_still_time, check_time
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.parts_addressees import send_out
from revisions.inquiry.parts_tiers import ask_again, due_day, told_alike
from revisions.inquiry.queries_tiers import recounted
from revisions.inquiry.tiers import NO_TIERS, Tiers
from revisions.plan.gates import check_reason
from revisions.plan.parts import freeze
from revisions.plan.policies import check_can_steer
from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.parts import extend as extend_deadline
from workflow.deadline.parts import lift
from workflow.deadline.queries import calendar
from workflow.ledger.command import command
from workflow.outbox.queue import emit
from workflow.people.models import Section, User


@command
def prepare_inquiry(
    *,
    stage_id: int,
    kind: str,
    title: str,
    text: str,
    due_on: date,
    accept_closed_day: bool = False,
    tiers: Tiers = NO_TIERS,
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
    check_time(tiers, due_on, at)

    inquiry.prepare(kind=kind, title=title, text=text, due_on=due_on, tiers=tiers)  # move

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
        tiers=asdict(tiers),
    )
    return inquiry


@command
def issue(
    *,
    inquiry_id: int,
    section_ids: Collection[int],
    choices: Collection[str] = (),
    on: date | None = None,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Inquiry:
    """Send the inquiry and the plan as it is now to sections (発出).

    choices  by which they were chosen (addressees.py) as of `on`, today by default: they are kept
    """
    inquiry = parts.lock_inquiry(inquiry_id)  # lock

    post = check_can_steer(by, inquiry.revision, in_tokyo(at))  # check
    check_seen(inquiry, seen)
    gates.check_stage_open(inquiry.stage)
    sections = list(Section.objects.select_related("group").filter(pk__in=section_ids))
    gates.check_addressees(sections, section_ids)
    check_still_time(inquiry, at)

    before = inquiry.state
    version = freeze(inquiry.revision, label=inquiry.title, by=by, at=at)  # move
    why = send_out(inquiry, version, sections, choices, on=on or in_tokyo(at), at=at)
    asked = parts.deliver(inquiry, sections, why, by=by, post=post, at=at)

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
        addressed=inquiry.addressed,
        sections=[section.name for section in sections],
    )
    link = f"/inquiries/{inquiry.pk}/"  # leads each section to its own answer
    for days, groups in told_alike(asked):
        emit(entry, to=groups, link=link, title=inquiry.title, **days)  # tell
    return inquiry


@command
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

    post = check_can_steer(by, target.revision, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    check_reason(reason)
    gates.check_due(due_on or target.due_on, at, accept_closed_day=accept_closed_day)

    parts_steer.give_back(target, due_on, reason, by=by, post=post, at=at)  # move, record, tell
    ask_again(target, by=by, at=at)
    return target


@command
def waive(
    *, target_id: int, reason: str, by: User, at: datetime, seen: int | None = None
) -> InquiryTarget:
    """Do without a section's answer (回答不要)."""
    target = parts.lock_target(pk=target_id)  # lock

    post = check_can_steer(by, target.revision, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    check_reason(reason)

    parts_steer.waive(target, reason, by=by, post=post, at=at)  # move, record, tell
    lift(target, parts.DEADLINE, by=by, at=at)
    return target


@command
def extend(
    *,
    target_id: int,
    due_on: date,
    reason: str = "",
    accept_closed_day: bool = False,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> InquiryTarget:
    """Give a section more time (期限延長), whether or not it asked for it.

    reason  needed where it is less than the section asked for, or than it had
    """
    target = parts.lock_target(pk=target_id)  # lock

    post = check_can_steer(by, target.revision, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    again = recounted([target], calendar(), in_tokyo(at))
    check_other_day(target, due_on, reason, recounted=bool(again))
    gates.check_due(due_on, at, accept_closed_day=accept_closed_day)

    parts_steer.extend(target, due_on, reason, by=by, post=post, at=at)  # move, record, tell
    extend_deadline(target, parts.DEADLINE, due_on=due_day(target, at), by=by, at=at)
    return target
