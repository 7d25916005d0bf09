from collections.abc import Sequence
from datetime import date, datetime

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from workflow.audit.models import Audited
from workflow.audit.trail import record, record_all
from workflow.deadline.calendar import end_of_day, in_tokyo
from workflow.deadline.models import Deadline
from workflow.deadline.queries import calendar, running
from workflow.deadline.schedule import next_reminder
from workflow.errors import Invalid, Unmet
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
    (deadline,) = set_deadlines(
        [(subject, group, link)], kind=kind, title=title, due_on=due_on, by=by, at=at
    )
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
    next_at = next_reminder(due_on, calendar(), after=at)
    deadlines = [
        Deadline(
            subject=subject.key,
            part_of=subject.within,
            kind=kind,
            title=title,
            link=link,
            group=group,
            due_at=end_of_day(due_on),
            next_at=next_at,
        )
        for subject, group, link in asked
    ]
    facts = {"kind": kind, "due_on": due_on.isoformat()}
    record_all(
        "deadline.set", [(deadline, facts) for deadline in deadlines], by=by, at=at, after="open"
    )
    return deadlines


def meet(subject: Audited, kind: str, *, by: User | None, at: datetime) -> None:
    """The act was done. Nothing happens when no deadline runs."""
    if deadline := _lock(subject, kind):
        before = deadline.state
        deadline.meet(at=at)
        record("deadline.met", deadline, by=by, at=at, before=before, after=deadline.state)


def lift(subject: Audited, kind: str, *, by: User | None, at: datetime) -> None:
    """期限の解除: nobody waits for the act any more. Nothing happens when no deadline runs."""
    if deadline := _lock(subject, kind):
        before = deadline.state
        deadline.lift(at=at)
        record("deadline.lifted", deadline, by=by, at=at, before=before, after=deadline.state)


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
    deadline.next_at = next_reminder(due_on, calendar(), after=at)
    due = due_on.isoformat()
    record(
        "deadline.extended", deadline, by=by, at=at, before=before, after=deadline.state, due_on=due
    )
    return deadline


def reschedule(at: datetime) -> None:
    """Time the reminders still to come anew, after the calendar changed."""
    days = calendar()
    waiting = list(running().filter(next_at__gt=at).order_by("pk").select_for_update())
    for deadline in waiting:
        deadline.next_at = next_reminder(in_tokyo(deadline.due_at), days, after=at) or at
    Deadline.objects.bulk_update(waiting, ["next_at"], batch_size=500)


def _lock(subject: Audited, kind: str) -> Deadline | None:
    return running().filter(subject=subject.key, kind=kind).select_for_update().first()


def _check_ahead(due_on: date, at: datetime) -> None:
    if due_on < in_tokyo(at):
        raise Invalid(_("期限は、今日以後の日にしてください。"), field="due_on")
