from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from workflow.audit.models import Audited
from workflow.audit.trail import record, record_all
from workflow.deadline.calendar import end_of_day, in_tokyo
from workflow.deadline.effect import reminders_under
from workflow.deadline.models import Deadline
from workflow.deadline.queries import Timetables, running, under_rule
from workflow.deadline.registry import has_receipt
from workflow.errors import Invalid, Unmet
from workflow.ledger.command import BATCH
from workflow.people.models import User


def set_deadline(
    *,
    subject: Audited,
    kind: str,
    title: str,
    link: str,
    group: Group,
    due_on: date,
    by: User | None,
    at: datetime,
) -> Deadline:
    """Ask a group to act on `subject` by the end of a day; one running deadline a subject and kind.

    raises  Invalid (due_on) when the day is over
    """
    asked, words = [(subject, group, link)], {"kind": kind, "title": title}
    (deadline,) = set_deadlines(asked, **words, due_on=due_on, by=by, at=at)
    return deadline


def set_deadlines(
    asked: Sequence[tuple[Audited, Group, str]],
    *,
    kind: str,
    title: str,
    due_on: date,
    by: User | None,
    at: datetime,
) -> list[Deadline]:
    """As set_deadline() for many at once: (subject, group, link), a few statements per 500."""
    if any(subject.pk is None for subject, _, _ in asked):
        raise ValueError("a deadline needs a subject that is saved")
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
            received_at=None if has_receipt(kind) else at,
            reminded_until=at,
        )
        for subject, group, link in asked
    ]
    timetables = Timetables()
    for deadline in deadlines:
        deadline.next_at = timetables.next_at(deadline, at)
    facts = {"kind": kind, "due_on": due_on.isoformat()}
    record_all(
        "deadline.set", [(deadline, facts) for deadline in deadlines], by=by, at=at, after="open"
    )
    return deadlines


def receive(subject: Audited, kind: str, *, by: User | None, at: datetime) -> None:
    """受取: nobody is reminded to receive it any more; that it is due stays.

    Nothing happens when no deadline runs, or when it was received before.
    """
    deadline = _lock(subject, kind)
    if deadline and deadline.received_at is None:
        deadline.received_at = at
        _time(deadline, at)
        record("deadline.received", deadline, by=by, at=at, after=deadline.state)


def meet(subject: Audited, kind: str, *, by: User | None, at: datetime) -> None:
    """The act was done. Nothing happens when no deadline runs."""
    if deadline := _lock(subject, kind):
        before = deadline.state
        deadline.meet(at=at)
        record("deadline.met", deadline, by=by, at=at, before=before, after=deadline.state)


def lift(subject: Audited, kind: str, *, by: User | None, at: datetime) -> None:
    """期限の解除: nobody waits for the act any more. Nothing happens when no deadline runs."""
    if deadline := _lock(subject, kind):
        _lift(deadline, by=by, at=at)


def lift_all(subjects: Sequence[Audited], kind: str, *, by: User | None, at: datetime) -> None:
    """As lift() for many at once: a constant number of statements per 500."""
    for start in range(0, len(subjects), BATCH):
        keys = [subject.key for subject in subjects[start : start + BATCH]]
        found = running().filter(subject__in=keys, kind=kind).order_by("pk").select_for_update()
        for deadline in list(found):
            _lift(deadline, by=by, at=at)


def extend(subject: Audited, kind: str, *, due_on: date, by: User | None, at: datetime) -> Deadline:
    """期限延長; reminders start anew.

    raises  Unmet when no deadline runs, Invalid (due_on) when the day is over
    """
    deadline = _lock(subject, kind)
    if deadline is None:
        raise Unmet(_("延長する期限がありません。対応が済んでいないか確かめてください。"))
    _check_ahead(due_on, at)
    before = deadline.state
    deadline.extend(due_at=end_of_day(due_on))
    _time(deadline, at)
    due = due_on.isoformat()
    record(
        "deadline.extended", deadline, by=by, at=at, before=before, after=deadline.state, due_on=due
    )
    return deadline


def hand_over(
    subject: Audited, kind: str, *, group: Group, due_on: date, by: User | None, at: datetime
) -> None:
    """The act now lies with another group, by its own day, today at the earliest.

    Nothing happens when no deadline runs.
    """
    if (deadline := _lock(subject, kind)) is None:
        return
    before, day = deadline.state, max(due_on, in_tokyo(at))
    deadline.hand_over(group=group, due_at=end_of_day(day), at=at)
    _time(deadline, at)
    record(
        "deadline.handed_over",
        deadline,
        by=by,
        at=at,
        before=before,
        after=deadline.state,
        due_on=day.isoformat(),
    )


def reschedule(at: datetime) -> None:
    """Time the reminders still to come anew, after the calendar or the hours changed.

    What now should have been told already is due at once; what was told is not told again.
    """
    waiting = list(running().filter(next_at__gt=at).order_by("pk").select_for_update())
    moved = defaultdict(list)
    for deadline, moment in zip(waiting, reminders_under(Timetables(), waiting), strict=True):
        if (next_at := moment and max(moment, at)) != deadline.next_at:
            moved[next_at].append(deadline.pk)
    _move(moved)


def apply_rule(kind: str, at: datetime) -> None:
    """Time the reminders of a kind anew, after its rule changed: from now on, not for the past."""
    timetables, moved = Timetables(), defaultdict(list)
    for deadline in under_rule(kind, at).order_by("pk").select_for_update().iterator():
        moved[timetables.next_at(deadline, at)].append(deadline.pk)
    _move(moved, reminded_until=at)


def _move(moved: Mapping[datetime | None, list[int]], **also: datetime) -> None:
    for next_at, pks in moved.items():
        for start in range(0, len(pks), BATCH):
            rows = Deadline.objects.filter(pk__in=pks[start : start + BATCH])
            rows.update(next_at=next_at, **also)


def _time(deadline: Deadline, at: datetime) -> None:
    """Let reminders start anew."""
    deadline.reminded_until = at
    deadline.next_at = Timetables().next_at(deadline, at)


def _lift(deadline: Deadline, *, by: User | None, at: datetime) -> None:
    before = deadline.state
    deadline.lift(at=at)
    record("deadline.lifted", deadline, by=by, at=at, before=before, after=deadline.state)


def _lock(subject: Audited, kind: str) -> Deadline | None:
    return running().filter(subject=subject.key, kind=kind).select_for_update().first()


def _check_ahead(due_on: date, at: datetime) -> None:
    if due_on < in_tokyo(at):
        raise Invalid(_("期限は、今日以後の日にしてください。"), field="due_on")
