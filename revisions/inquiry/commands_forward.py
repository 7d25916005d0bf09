"""所管違いの転送: a sheet passes from the section that was asked to the one that answers for it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group

from revisions.inquiry import gates
from revisions.inquiry.gates_between import check_can_take_in, check_forwardable
from revisions.inquiry.models_between import Forward
from revisions.inquiry.naming import days_awaited
from revisions.inquiry.parts import lock_target, secretariat, tell
from revisions.inquiry.parts_between import ask_instead, lock_forward
from revisions.inquiry.parts_joint import carry_over
from revisions.inquiry.policies import check_can_answer, check_can_take
from revisions.inquiry.queries import name_shown, sheets_of
from revisions.plan.gates import check_reason
from workflow.audit.models import AuditEntry
from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import in_tokyo
from workflow.ledger.command import command
from workflow.outbox.queue import emit
from workflow.people.models import Section, User


@command
def forward(
    *,
    target_id: int,
    uid: str,
    section_id: int,
    reason: str,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Forward:
    """Say that another section answers for a sheet (所管違いの転送)."""
    target = lock_target(pk=target_id)  # lock
    section = Section.objects.select_related("group").filter(pk=section_id).first()

    post = check_can_answer(by, target, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    sheets = sheets_of(target)
    section = check_forwardable(target, sheets, uid, section)
    check_reason(reason)

    target.write()  # move
    row = Forward.objects.create(target=target, uid=uid, section=section, reason=reason)

    entry = record(  # record
        "inquiry.forwarded",
        target,
        by=by,
        post=post,
        at=at,
        reason=reason,
        uid=uid,
        to=section.name,
    )
    days = days_awaited(target)
    _tell(entry, row, [section.group, *secretariat(target)], reason=reason, **days)  # tell
    return row


@command
def take_over(*, forward_id: int, by: User, at: datetime, seen: int | None = None) -> Forward:
    """Take a sheet over, with what was written for it (引受け).

    A section that was not asked is asked now; one that had not received the inquiry may do so next.
    """
    row = lock_forward(forward_id)  # lock
    target, into = row.target, row.into

    post = check_can_take(by, row, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    if into:
        check_can_take_in(into)

    into = into or ask_instead(row, by=by, post=post, at=at)  # move
    row.take(into=into)
    row.save()
    answer = carry_over(row, into)

    facts: dict[str, Any] = {
        "uid": row.uid,
        "from": target.section.name,
        "to": row.section.name,
        "written": answer is not None,
    }
    entry = record("inquiry.taken_over", target, by=by, post=post, at=at, **facts)  # record
    taken_in = record("inquiry.taken_in", into, by=by, post=post, at=at, **facts)
    _tell(entry, row, [target.section.group, *secretariat(target)])  # tell
    told = {"giver": target.section.name, "name": name_shown(target, row.uid)}
    tell(taken_in, into, [row.section.group], **told, **days_awaited(into))
    return row


@command
def decline(
    *, forward_id: int, reason: str, by: User, at: datetime, seen: int | None = None
) -> Forward:
    """Leave a sheet with the section that was asked (引き受けない)."""
    row = lock_forward(forward_id)  # lock
    target, row.into = row.target, None

    post = check_can_take(by, row, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    check_reason(reason)

    row.decline(reason=reason)  # move

    entry = record(  # record
        "inquiry.forward_declined",
        target,
        row,
        by=by,
        post=post,
        at=at,
        reason=reason,
        uid=row.uid,
        to=row.section.name,
    )
    to = [target.section.group, *secretariat(target)]
    _tell(entry, row, to, reason=reason, **days_awaited(target))  # tell
    return row


@command
def withdraw(*, forward_id: int, by: User, at: datetime, seen: int | None = None) -> Forward:
    """Answer for the sheet after all (転送の取下げ)."""
    row = lock_forward(forward_id)  # lock
    target, row.into = row.target, None

    post = check_can_answer(by, target, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)

    row.withdraw()  # move

    entry = record(  # record
        "inquiry.forward_withdrawn", target, row, by=by, post=post, at=at, uid=row.uid
    )
    _tell(entry, row, [row.section.group, *secretariat(target)])  # tell
    return row


def _tell(entry: AuditEntry, row: Forward, to: Iterable[Group], **facts: Any) -> None:
    """Of which sheet, and between which sections: several of one inquiry may be on their way."""
    emit(
        entry,
        to=to,
        link=f"/forwards/{row.pk}/",
        title=row.target.inquiry.title,
        giver=row.target.section.name,
        taker=row.section.name,
        name=name_shown(row.target, row.uid),
        **facts,
    )
