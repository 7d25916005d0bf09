"""What a change of the calendar does to deadlines that run and to plans, before it does."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from workflow.audit.chain import canonical, digest
from workflow.deadline.calendar import Calendar, in_tokyo
from workflow.deadline.models import Deadline
from workflow.deadline.queries import Timetables
from workflow.deadline.registry import Planned, kind_of, label_of, planned_on
from workflow.deadline.states import DeadlineState

Change = Mapping[date, bool | None]
"""Day → whether it is open then; None for what the law says."""


class _About:
    deadline: Deadline

    @property
    def label(self) -> str:
        """What it is to those who may not learn its title."""
        return label_of(self.deadline.kind)


@dataclass(frozen=True)
class Fallen(_About):
    """A due day that would be closed, and the open day beside it to which it can be moved.

    own_day    no other table holds the day, so that it can be moved here
    onward     to the day after: until then it can't be done
    is_ahead   on the day beside it somebody can still be told
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
class Shift(_About):
    """A reminder that moves; `after` is None when none follows any more."""

    deadline: Deadline
    before: datetime
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


def effect_of(change: Change, rows: Iterable[Deadline], at: datetime) -> Effect:
    """Say what `change` of the calendar does to running deadlines and to plans."""
    rows, timetables = list(rows), Timetables()
    days = timetables.calendar
    then = days.changed(change)
    closing = [day for day in change if then.is_closed(day) and not days.is_closed(day)]
    fallen, shifts = _fallen(rows, timetables, then, at), _shifts(rows, timetables, then, at)
    return Effect(change, fallen, shifts, planned_on(closing))


def _fallen(
    rows: Sequence[Deadline], timetables: Timetables, then: Calendar, at: datetime
) -> list[Fallen]:
    found, today, days = [], in_tokyo(at), timetables.calendar
    for row in rows:
        due_on = in_tokyo(row.due_at)
        if row.state != DeadlineState.OPEN or due_on < today:
            continue
        if then.is_closed(due_on) and not days.is_closed(due_on):
            kind = kind_of(row.kind)
            beside = then.working_day_after if kind.onward else then.working_day_before
            day = beside(due_on, 1)
            opens = in_tokyo(timetables.of(row.kind, row.group_id).opening(at))
            is_ahead = day > today or day == today == opens
            found.append(Fallen(row, due_on, day, kind.own_day, kind.onward, is_ahead))
    return found


def _shifts(
    rows: Sequence[Deadline], timetables: Timetables, then: Calendar, at: datetime
) -> list[Shift]:
    look_ahead, found = timetables.under(then), []
    for row in rows:
        before, after = timetables.next_at(row, at), look_ahead.next_at(row, at)
        if before and before > at and before != after:
            found.append(Shift(row, before, after))
    return found
