from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from workflow.audit.models import Audited
from workflow.audit.trail import record, record_all
from workflow.deadline.calendar import end_of_day, in_tokyo
from workflow.deadline.models import Deadline
from workflow.deadline.parts_timing import start_anew
from workflow.deadline.queries import running
from workflow.deadline.registry import has_receipt
from workflow.errors import Invalid, Unmet
from workflow.ledger.command import BATCH
from workflow.outbox.queue import emit
from workflow.people.models import Post, User

R = TypeVar("R")

HANDED_OVER = "deadline.handed_over"


def set_deadline(
    *,
    subject: Audited,
    kind: str,
    title: str,
    link: str,
    group: Group,
    due_on: date,
    asked_by: Group | None = None,
    by: User | None,
    at: datetime,
) -> Deadline:
    """Ask a group to act on `subject` by the end of a day; one running deadline a subject and kind.

    asked_by  the 事務局 that waits for it, to be told when it is long overdue
    raises    Invalid (due_on) when the day is over
    """
    asked = [(subject, group, link, due_on)]
    (deadline,) = set_deadlines(asked, kind=kind, title=title, asked_by=asked_by, by=by, at=at)
    return deadline


def set_deadlines(
    asked: Sequence[tuple[Audited, Group, str, date]],
    *,
    kind: str,
    title: str,
    asked_by: Group | None = None,
    by: User | None,
    at: datetime,
) -> list[Deadline]:
    """As set_deadline() for many at once, a few statements per 500.

    asked  (subject, group, link, due_on)
    """
    if any(subject.pk is None for subject, *_others in asked):
        raise ValueError("a deadline needs a subject that is saved")
    for due_on in {due_on for *_others, due_on in asked}:
        _check_ahead(due_on, at)
    deadlines = [
        Deadline(
            subject=subject.key,
            part_of=subject.within,
            kind=kind,
            title=title,
            link=link,
            group=group,
            due_at=end_of_day(due_on),
            asked_by=asked_by,
            received_at=None if has_receipt(kind) else at,
        )
        for subject, group, link, due_on in asked
    ]
    for deadline in deadlines:
        start_anew(deadline, at, at)
    rows = [
        (deadline, {"kind": kind, "due_on": due_on.isoformat()})
        for deadline, (*_others, due_on) in zip(deadlines, asked, strict=True)
    ]
    record_all("deadline.set", rows, by=by, at=at, after="open")
    return deadlines


def begun(
    subject: str,
    *,
    part_of: str,
    kind: str,
    title: str,
    link: str,
    group_id: int,
    due_on: date,
    asked_by_id: int | None = None,
    at: datetime,
) -> Deadline:
    """Return a deadline that the act itself tells of, to be saved by enter_begun(); late from the
    start when the day is over.

    subject  its key
    """
    deadline = Deadline(
        subject=subject,
        part_of=part_of,
        kind=kind,
        title=title,
        link=link,
        group_id=group_id,
        due_at=end_of_day(due_on),
        asked_by_id=asked_by_id,
        received_at=at,
    )
    told_already(deadline, at)
    return deadline


def enter_begun(rows: Iterable[Deadline], *, by: User | None, at: datetime) -> None:
    facts = [(row, {"kind": row.kind, "due_on": in_tokyo(row.due_at).isoformat()}) for row in rows]
    record_all("deadline.set", facts, by=by, at=at, after="open")


def receive(subject: Audited, kind: str, *, by: User | None, at: datetime) -> None:
    """受取: nobody is reminded to receive it any more; that it is due stays.

    Nothing happens when no deadline runs, or when it was received before.
    """
    deadline = _lock(subject, kind)
    if deadline and deadline.received_at is None:
        deadline.received_at = deadline.next_at = at
        record("deadline.received", deadline, by=by, at=at, after=deadline.state)


def meet(subject: Audited, kind: str, *, by: User | None, at: datetime) -> None:
    """The act was done. Nothing happens when no deadline runs."""
    if deadline := _lock(subject, kind):
        end(deadline, met=True, by=by, at=at)


def lift(subject: Audited, kind: str, *, by: User | None, at: datetime) -> None:
    """期限の解除: nobody waits for the act any more. Nothing happens when no deadline runs."""
    if deadline := _lock(subject, kind):
        end(deadline, met=False, by=by, at=at)


def lift_all(subjects: Sequence[Audited], kind: str, *, by: User | None, at: datetime) -> None:
    """As lift() for many at once: a constant number of statements per 500."""
    for deadline in _lock_all([subject.key for subject in subjects], kind):
        end(deadline, met=False, by=by, at=at)


def end(deadline: Deadline, *, met: bool, by: User | None, at: datetime) -> None:
    """End a locked deadline that runs: the act was done, or nobody waits for it any more."""
    before = deadline.state
    if met:
        deadline.meet(at=at)
    else:
        deadline.lift(at=at)
    verb = "deadline.met" if met else "deadline.lifted"
    record(verb, deadline, by=by, at=at, before=before, after=deadline.state)


def extend(subject: Audited, kind: str, *, due_on: date, by: User | None, at: datetime) -> Deadline:
    """期限延長; reminders start anew.

    raises  Unmet when no deadline runs, Invalid (due_on) when the day is over
    """
    if found := extend_all([(subject, due_on)], kind, by=by, at=at):
        return found[0]
    raise Unmet(_("延長する期限がありません。対応が済んでいないか確かめてください。"))


def extend_all(
    asked: Sequence[tuple[Audited, date]], kind: str, *, by: User | None, at: datetime
) -> list[Deadline]:
    """As extend() for many at once: a constant number of statements per 500.

    asked    (subject, due_on)
    returns  the deadlines extended; where none runs, nothing happens
    """
    days = {subject.key: due_on for subject, due_on in asked}
    for due_on in set(days.values()):
        _check_ahead(due_on, at)
    found = _lock_all(list(days), kind)
    for deadline in found:
        before = deadline.state
        deadline.extend(due_at=end_of_day(days[deadline.subject]))
        start_anew(deadline, at, at)
        _moved("deadline.extended", deadline, before, by=by, at=at)
    return found


def put_on(deadline: Deadline, due_on: date, *, by: User | None, at: datetime) -> None:
    """Let a locked one fall on another day, of which the act itself tells."""
    before = deadline.state
    deadline.extend(due_at=end_of_day(due_on))
    told_already(deadline, at)
    _moved("deadline.extended", deadline, before, by=by, at=at)


def hand_over(
    subject: Audited, kind: str, *, group: Group, due_on: date, by: User | None, at: datetime
) -> None:
    """The act now lies with another group, by its own day, today at the earliest.

    Nothing happens when no deadline runs.
    """
    if (deadline := _lock(subject, kind)) is None:
        return
    before, whose, day = deadline.state, deadline.group_id, max(due_on, in_tokyo(at))
    deadline.hand_over(group_id=group.pk, due_at=end_of_day(day), at=at)
    start_anew(deadline, at, at)
    _moved(HANDED_OVER, deadline, before, by=by, at=at, was_group=whose, group=group.pk)


def pass_on(deadline: Deadline, *, group_id: int, by: User | None, at: datetime) -> None:
    """As hand_over() by the same day, of a locked one, to a group that the act itself tells."""
    before, whose = deadline.state, deadline.group_id
    deadline.hand_over(group_id=group_id, due_at=deadline.due_at, at=at)
    told_already(deadline, at)
    _moved(HANDED_OVER, deadline, before, by=by, at=at, was_group=whose, group=group_id)


def move_day(
    deadline: Deadline,
    due_on: date,
    *,
    reason: str,
    by: User | None,
    post: Post | None = None,
    at: datetime,
) -> None:
    """期限の繰上げ・繰下げ of a locked one that is not late: what it was told of stays told."""
    before, was = deadline.state, in_tokyo(deadline.due_at)
    sooner = due_on < was
    move = deadline.bring_forward if sooner else deadline.put_off
    move(due_at=end_of_day(due_on))
    days: dict[str, Any] = {"was_due_on": was.isoformat(), "due_on": due_on.isoformat()}
    verb = "deadline.brought_forward" if sooner else "deadline.put_off"
    ends: Any = {"before": before, "after": deadline.state, "reason": reason}
    entry = record(verb, deadline, by=by, post=post, at=at, **ends, **days)
    told = {"title": deadline.title, "reason": reason, **days}
    emit(entry, to=[deadline.group_id], link=deadline.link, **told)


def told_already(deadline: Deadline, at: datetime) -> None:
    """Let no reminder follow on the same day."""
    start_anew(deadline, end_of_day(in_tokyo(at)), at)


def _moved(
    verb: str,
    deadline: Deadline,
    before: str,
    *,
    by: User | None,
    at: datetime,
    **facts: Any,
) -> None:
    record(
        verb,
        deadline,
        by=by,
        at=at,
        before=before,
        after=deadline.state,
        due_on=in_tokyo(deadline.due_at).isoformat(),
        **facts,
    )


def _lock(subject: Audited, kind: str) -> Deadline | None:
    return running().filter(subject=subject.key, kind=kind).select_for_update().first()


def _lock_all(keys: Sequence[str], kind: str) -> list[Deadline]:
    """In one order, whatever the order of the keys: nobody waits for each other."""
    found = running().filter(kind=kind)
    ids = sorted(
        pk
        for batch in _batches(keys)
        for pk in found.filter(subject__in=batch).values_list("pk", flat=True)
    )
    locked = found.order_by("pk").select_for_update()
    return [deadline for batch in _batches(ids) for deadline in locked.filter(pk__in=batch)]


def _batches(rows: Sequence[R]) -> Iterator[Sequence[R]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _check_ahead(due_on: date, at: datetime) -> None:
    if due_on < in_tokyo(at):
        raise Invalid(_("期限は、今日以後の日にしてください。"), field="due_on")
