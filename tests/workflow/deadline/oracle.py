"""The rules of reminding once more, as plainly as can be, without a line of the code that reminds.

Every open day has a number. A day is so many open days before or after another as their numbers
tell; each day is asked in turn whether a line of the rule falls on it. Which days are holidays is
asked of another library.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

TOKYO = ZoneInfo("Asia/Tokyo")
ORDER = ["holder", "chief", "coordinating", "secretariat", "director"]
FIRST, LAST = date(2018, 1, 1), date(2032, 12, 31)
HOLIDAYS = holidays.country_holidays("JP", years=range(FIRST.year, LAST.year + 1))
NEW_YEAR = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}

Step = dict[str, Any]
Place = tuple[str, int]
"""Where a day lies: ("before", n), ("on", 0) or ("late", n)."""


@dataclass(frozen=True)
class Days:
    """Which days the city closes, or opens, besides what the law says."""

    closed: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()

    def is_closed(self, day: date) -> bool:
        by_law = day.weekday() >= 5 or day in HOLIDAYS or (day.month, day.day) in NEW_YEAR
        return day not in self.opened and (day in self.closed or by_law)


@lru_cache(maxsize=100)
def numbers(days: Days) -> dict[date, int]:
    """Return for every day how many open days there were up to and with it."""
    found, count, day = {}, 0, FIRST
    while day <= LAST:
        count += not days.is_closed(day)
        found[day] = count
        day += timedelta(1)
    return found


def places_of(due_on: date, day: date, days: Days) -> Iterator[Place]:
    """Yield where a day lies: nowhere when it is closed; the last open one is the due day too."""
    number, yesterday = numbers(days), day - timedelta(1)
    if number[day] == number[yesterday]:
        return
    if day < due_on:
        yield "before", number[due_on - timedelta(1)] - number[yesterday]
    if day <= due_on and number[day] == number[due_on]:
        yield "on", 0
    if day > due_on:
        yield "late", number[day] - number[due_on]


def falls(step: Step, place: Place) -> bool:
    when, n = place
    more = n - step["days"]
    repeats = when == "late" and more > 0 and step["every"] > 0 and more % step["every"] == 0
    return bool(step["when"] == when and (more == 0 or repeats))


def highest(steps: list[Step]) -> Step | None:
    return max(steps, key=lambda step: ORDER.index(step["to"]), default=None)


def year_of(
    steps: list[Step], due_on: date, first: date, days: Days, hour: int, received: bool
) -> list[tuple[datetime, str]]:
    """Return every moment of 365 days and whom it goes to."""
    found = []
    for n in range(365):
        day = first + timedelta(n)
        places = list(places_of(due_on, day, days))
        counted = [step for step in steps if not (step["unreceived"] and received)]
        if step := highest([s for s in counted if any(falls(s, place) for place in places)]):
            found.append((datetime(day.year, day.month, day.day, hour, tzinfo=TOKYO), step["to"]))
    return found


def last_second(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=TOKYO)
