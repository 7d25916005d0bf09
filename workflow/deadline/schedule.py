"""When somebody is told of a deadline (督促), by a rule. Pure: no database, no clock, no Django."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from math import inf

from workflow.deadline.calendar import TOKYO, Calendar, in_tokyo

WHENS = ("before", "on", "late")
TIERS = ("holder", "chief", "coordinating", "secretariat", "director")
"""Who is told, the lowest first: 担当 → 課長 → 庶務担当課 → 事務局 → 部長."""

_DAY = timedelta(days=1)
_LAW = Calendar()


@dataclass(frozen=True)
class Step:
    """One line of a rule.

    when        before: `days` open days before the due day; on: that day, or the last open day
                before it; late: `days` open days after it, and then every `every` until it ends
    days        1 or more; 0 with `on`
    every       0 for once; only with `late`
    to          one of TIERS
    unreceived  only while the receipt (受取) is awaited
    """

    when: str
    days: int = 0
    every: int = 0
    to: str = "holder"
    unreceived: bool = False


STANDARD = (
    Step("before", 5, unreceived=True),
    Step("before", 3),
    Step("before", 1),
    Step("late", 1, every=5),
    Step("late", 3, to="chief"),
    Step("late", 5, to="coordinating"),
    Step("late", 7, to="secretariat"),
    Step("late", 10, every=10, to="director"),
)
"""The rule of whatever has none of its own."""


@dataclass(frozen=True)
class Hours:
    """執務時間, both ends counted, and the time from which on reminders go out."""

    opens: time = time(8, 30)
    closes: time = time(17, 15)
    remind_at: time = time(8, 30)


@dataclass(frozen=True)
class Moment:
    at: datetime
    step: Step


@dataclass(frozen=True, eq=False)
class Timetable:
    """The rule, the calendar and the hours that a deadline is reminded by.

    Every moment is at the time of reminding, in Tokyo, on an open day. Where steps fall together,
    the one to the highest tier counts.
    """

    steps: tuple[Step, ...] = STANDARD
    calendar: Calendar = _LAW
    hours: Hours = Hours()

    def next(
        self, due_on: date, *, after: datetime, received: bool = True, told_left: float = inf
    ) -> Moment | None:
        """Return the first moment later than `after`; None when no more is to be said.

        told_left  as in first()
        """
        day = in_tokyo(after)
        if self._moment(day) <= after:
            day += _DAY
        return self._on(_first(self, due_on, day, received, told_left))

    def first(self, due_on: date, told_left: int, received: bool) -> Moment | None:
        """Return the first moment, past or to come, of what follows in the order of the rule.

        told_left  as left(): up to there it was told, and stays told when its day or hour moves
        """
        day = _day_at(self.calendar, due_on, told_left)
        return self._on(_first(self, due_on, day, received, told_left))

    def owed(self, due_on: date, told_left: int, received: bool, until: datetime) -> list[Moment]:
        """Return what first() gives and all that follow up to and including `until`, in order."""
        found, moment = [], self.first(due_on, told_left, received)
        while moment and moment.at <= until:
            found.append(moment)
            moment = self.next(due_on, after=moment.at, received=received, told_left=told_left)
        return found

    def moments(
        self, due_on: date, *, after: datetime, until: datetime, received: bool = True
    ) -> list[Moment]:
        """Return the moments later than `after`, up to and including `until`, in order."""
        found = []
        while (moment := self.next(due_on, after=after, received=received)) and moment.at <= until:
            found.append(moment)
            after = moment.at
        return found

    def left(self, due_on: date, at: datetime) -> int:
        """Return where a moment stands in the rule: n before, 0 on the day, -n late.

        What falls due on that day counts from the time of reminding on.
        """
        day = in_tokyo(at)
        if self._moment(day) > at:
            day -= _DAY
        return _left(self.calendar, due_on, self.calendar.previous_working_day(day))

    def opening(self, at: datetime) -> datetime:
        """Return `at` when reminders go out then, else when they next do.

        Never earlier in a day than the time of reminding: what was left over joins that day's.
        """
        here = at.astimezone(TOKYO)
        is_open = not self.calendar.is_closed(here.date())
        if is_open and self.hours.remind_at <= here.time() <= self.hours.closes:
            return at
        before = is_open and here.time() < self.hours.remind_at
        return self._moment(
            here.date() if before else self.calendar.working_day_after(here.date(), 1)
        )

    def _on(self, found: tuple[date, Step] | None) -> Moment | None:
        return Moment(self._moment(found[0]), found[1]) if found else None

    def _moment(self, day: date) -> datetime:
        return datetime.combine(day, self.hours.remind_at, tzinfo=TOKYO)


def most_urgent(moments: Iterable[Moment]) -> Moment | None:
    """Return that to the highest tier, of these the latest: by it all are told at once."""
    return max(moments, key=lambda moment: (_height(moment.step), moment.at), default=None)


def days_left(due_on: date, calendar: Calendar, *, at: datetime) -> int:
    """Return how many working days are left at a moment: 0 on the day itself, -1 one day late."""
    return calendar.working_days_between(in_tokyo(at), due_on)


@lru_cache(maxsize=10_000)
def _first(
    timetable: Timetable, due_on: date, first: date, received: bool, told: float
) -> tuple[date, Step] | None:
    """Return the first day of a step, `first` or later. Deadlines share their days: kept."""
    found = [
        (day, step)
        for step in timetable.steps
        if not (step.unreceived and received)
        and (day := _day_of(step, due_on, first, timetable.calendar, told))
    ]
    return min(found, key=lambda one: (one[0], -_height(one[1])), default=None)


@lru_cache(maxsize=10_000)
def _left(calendar: Calendar, due_on: date, day: date) -> int:
    if day < calendar.previous_working_day(due_on):
        return calendar.working_days_between(day - _DAY, due_on - _DAY)
    return min(0, calendar.working_days_between(day, due_on))


@lru_cache(maxsize=10_000)
def _day_at(calendar: Calendar, due_on: date, left: int) -> date:
    if left > 0:
        return calendar.working_day_before(due_on, left)
    return calendar.working_day_after(due_on, -left)


def _day_of(step: Step, due_on: date, first: date, calendar: Calendar, told: float) -> date | None:
    if step.when == "late":
        return _late_day(step, due_on, max(first - _DAY, due_on), calendar, told)
    if told <= step.days:
        return None
    if step.when == "before":
        day = calendar.working_day_before(due_on, step.days)
    else:
        day = calendar.previous_working_day(due_on)
    return day if day >= first else None


def _late_day(
    step: Step, due_on: date, start: date, calendar: Calendar, told: float
) -> date | None:
    """Return the first day of a step after `start`, which is the due day or later."""
    so_far = calendar.working_days_between(due_on, start)
    late = max(so_far + 1, step.days, int(1 - min(told, 0)))
    if step.every:
        late += (step.days - late) % step.every
    elif late > step.days:
        return None
    return calendar.working_day_after(start, late - so_far)


def _height(step: Step) -> int:
    return TIERS.index(step.to)
