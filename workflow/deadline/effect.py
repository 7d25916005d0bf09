"""What a change of the calendar does to deadlines that run and to plans, before it does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workflow.audit.chain import canonical, digest
from workflow.deadline.calendar import Calendar, in_tokyo
from workflow.deadline.models import Deadline
from workflow.deadline.queries import Timetables
from workflow.deadline.registry import Planned, kind_of, planned_on
from workflow.deadline.states import DeadlineState

Change = Mapping[date, bool | None]
"""Day → whether it is open then; None for what the law says."""


@dataclass(frozen=True)
class Fallen:
    """A due day that would be closed, and the open day beside it to which it can be moved.

    own_day    no other table holds the day, so that it can be moved here
    onward     to the day after: until then it can't be done
    is_ahead   the day beside it is not over
    """

    deadline: Deadline
    due_on: date
    moves_to: date
    own_day: bool
    onward: bool
    is_ahead: bool

    @property
    def movable(self) -> bool:
        return self.own_day and self.is_ahead


@dataclass(frozen=True)
class Shift:
    """A reminder that moves; None where none follows."""

    deadline: Deadline
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True)
class Effect:
    """planned: what else lies on days that would close; it stays where it is."""

    change: Change
    fallen: list[Fallen]
    shifts: list[Shift]
    planned: list[Planned]

    @property
    def movable(self) -> list[Fallen]:
        return [row for row in self.fallen if row.movable]

    @property
    def mark(self) -> str:
        """Tell whether what somebody looked at is still what would happen."""
        days = {day.isoformat(): is_open for day, is_open in self.change.items()}
        fallen = sorted([row.deadline.pk, row.moves_to.isoformat()] for row in self.fallen)
        shifts = sorted([row.deadline.pk, str(row.before)] for row in self.shifts)
        planned = [[plan.day.isoformat(), plan.link, plan.what] for plan in self.planned]
        return digest(canonical([days, fallen, shifts, planned]))[:16]


def effect_of(change: Change, days: Calendar, rows: Iterable[Deadline], at: datetime) -> Effect:
    """Say what `change` of the calendar `days` does to running deadlines and to plans."""
    rows, then = list(rows), days.changed(change)
    closing = [day for day in change if then.is_closed(day) and not days.is_closed(day)]
    fallen, shifts = _fallen(rows, days, then, at), _shifts(rows, then, at)
    return Effect(change, fallen, shifts, planned_on(closing))


def reminders_under(
    timetables: Timetables, deadlines: Iterable[Deadline], at: datetime
) -> list[datetime | None]:
    """Return when each of `deadlines` is next told of; what is past, as soon as anybody may be."""
    return [_next(timetables, deadline, at) for deadline in deadlines]


def _next(timetables: Timetables, deadline: Deadline, at: datetime) -> datetime | None:
    moment = timetables.next_at(deadline, deadline.reminded_until)
    if moment is None or moment > at:
        return moment
    return timetables.of(deadline.kind, deadline.group_id).opening(at)


def _fallen(rows: Sequence[Deadline], days: Calendar, then: Calendar, at: datetime) -> list[Fallen]:
    found, today = [], in_tokyo(at)
    for row in rows:
        due_on = in_tokyo(row.due_at)
        if row.state != DeadlineState.OPEN or due_on < today:
            continue
        if then.is_closed(due_on) and not days.is_closed(due_on):
            kind = kind_of(row.kind)
            beside = then.working_day_after if kind.onward else then.working_day_before
            day = beside(due_on, 1)
            found.append(Fallen(row, due_on, day, kind.own_day, kind.onward, day >= today))
    return found


def _shifts(rows: Sequence[Deadline], then: Calendar, at: datetime) -> list[Shift]:
    waiting = [row for row in rows if row.next_at is None or row.next_at > at]
    moments = reminders_under(Timetables(then), waiting, at)
    return [
        Shift(row, row.next_at, after)
        for row, after in zip(waiting, moments, strict=True)
        if row.next_at != after
    ]
