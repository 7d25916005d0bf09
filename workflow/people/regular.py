"""定例日: the days on which a body regularly meets. Pure: no database, no clock, no Django."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Protocol, Self

MONTHS_SEARCHED = 25
"""Further away there is no regular day: a body that meets once a year has one in these."""


class Calendar(Protocol):
    """Which days are closed: workflow.deadline.calendar, which stands above."""

    def is_closed(self, day: date) -> bool: ...


@dataclass(frozen=True)
class Regular:
    """第2・第4火曜日, of every month or of some.

    weekday  0 is Monday
    weeks    which ones of a month, 1 to 5
    months   1 to 12; empty for every month
    """

    weekday: int
    weeks: tuple[int, ...]
    months: tuple[int, ...] = ()

    @classmethod
    def kept(cls, kept: Mapping[str, Any]) -> Self | None:
        """Read what `as_kept` gave; None when nothing was."""
        if not kept:
            return None
        return cls(kept["weekday"], tuple(kept["weeks"]), tuple(kept["months"]))

    def as_kept(self) -> dict[str, Any]:
        return {key: list(v) if isinstance(v, tuple) else v for key, v in asdict(self).items()}

    def on_or_after(self, day: date, calendar: Calendar) -> date | None:
        """Return the first day of meeting from `day` on; None when there is none for two years."""
        months = _months(day.replace(day=1), -1)
        found = (met for month in months for met in self._in(month, calendar))
        return next((met for met in found if met >= day), None)

    def on_or_before(self, day: date, calendar: Calendar) -> date | None:
        months = _months(day.replace(day=1), 0, back=True)
        found = (met for month in months for met in reversed(self._in(month, calendar)))
        return next((met for met in found if met <= day), None)

    def _in(self, first: date, calendar: Calendar) -> list[date]:
        """Return the days of a month; one that is closed is made up for on the next open day."""
        if self.months and first.month not in self.months:
            return []
        offset = (self.weekday - first.weekday()) % 7
        nominal = [first + timedelta(days=offset + 7 * (week - 1)) for week in sorted(self.weeks)]
        return [_open(day, calendar) for day in nominal if day.month == first.month]


def _months(first: date, start: int, *, back: bool = False) -> Iterator[date]:
    """Yield first days of months, from `start` months after `first`."""
    for n in range(start, MONTHS_SEARCHED):
        number = first.year * 12 + first.month - 1 + (-n if back else n)
        yield date(number // 12, number % 12 + 1, 1)


def _open(day: date, calendar: Calendar) -> date:
    while calendar.is_closed(day):
        day += timedelta(days=1)
    return day


def words_of(regular: Regular) -> str:
    """第2・第4火曜日; 第3木曜日（2・5・8・11月）."""
    weeks = "・".join(f"第{week}" for week in sorted(regular.weeks))
    months = f"（{'・'.join(map(str, regular.months))}月）" if regular.months else ""
    return f"{weeks}{'月火水木金土日'[regular.weekday]}曜日{months}"
