"""Office-day arithmetic (閉庁日・開庁日). Pure: no database, no clock, no Django."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import jpholiday

TOKYO = ZoneInfo("Asia/Tokyo")

_DAY = timedelta(days=1)
_YEAR_END = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}


@dataclass(frozen=True)
class Calendar:
    """Closed days (市の休日): Saturdays, Sundays, national holidays, 12-29 to 01-03.

    source   地方自治法4条の2 and the city's 休日条例
    closed   days on which this city is closed besides
    opened   days on which it works all the same; wins over everything else
    """

    closed: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()

    def is_closed(self, day: date) -> bool:
        return day not in self.opened and (day in self.closed or _closed_by_law(day))

    def changed(self, days: Mapping[date, bool | None]) -> "Calendar":
        """Return the calendar with some days open (True), closed (False) or as the law says."""
        opened = {day for day, is_open in days.items() if is_open}
        closed = {day for day, is_open in days.items() if is_open is False}
        others = self.closed - days.keys(), self.opened - days.keys()
        return Calendar(frozenset(others[0] | closed), frozenset(others[1] | opened))

    def working_day_before(self, day: date, n: int) -> date:
        """Return the `n`th open day before `day`, which is not itself counted; n=0 is `day`."""
        return self._step(day, n, -_DAY)

    def working_day_after(self, day: date, n: int) -> date:
        """Return the `n`th open day after `day`, which is not itself counted; n=0 is `day`."""
        return self._step(day, n, _DAY)

    def previous_working_day(self, day: date) -> date:
        """Return `day` when it is open, else the last open day before it."""
        return self._step(day, 1, -_DAY) if self.is_closed(day) else day

    def working_days_between(self, a: date, b: date) -> int:
        """Count the open days after `a` up to and including `b`; negative when `b` is the earlier.

        `working_days_between(today, due)` is the 3 of あと3開庁日, and -2 when two days late.
        """
        if b < a:
            return -self.working_days_between(b, a)
        return sum(not self.is_closed(day) for day in days(a + _DAY, b))

    def _step(self, day: date, n: int, step: timedelta) -> date:
        if n < 0:
            raise ValueError(f"開庁日の数は0以上で指定してください({n})。")
        while n:
            day += step
            n -= not self.is_closed(day)
        return day


@lru_cache(maxsize=40_000)  # a century; jpholiday asks 25 rules, 0.1 ms a day
def _closed_by_law(day: date) -> bool:
    weekend_or_new_year = day.weekday() >= 5 or (day.month, day.day) in _YEAR_END
    return weekend_or_new_year or jpholiday.is_holiday(day)


def days(first: date, last: date) -> Iterator[date]:
    """Yield every day from `first` to `last`, both included; nothing when `last` is the earlier."""
    for n in range((last - first).days + 1):
        yield first + n * _DAY


def end_of_day(day: date) -> datetime:
    """Return the last second of `day` in Tokyo: until then an answer is in time."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=TOKYO)


def in_tokyo(moment: datetime) -> date:
    """Return the calendar day of an aware datetime in Tokyo; ValueError when it is naive."""
    if moment.tzinfo is None:
        raise ValueError(f"時間帯のない日時です({moment})。")
    return moment.astimezone(TOKYO).date()
