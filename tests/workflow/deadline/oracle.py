"""The rules of reminding once more, as plainly as can be; of the code, it asks only the calendar.

Every open day has a number. A day is so many open days before or after another as their numbers
tell; each day of a year is asked in turn whether a line of the rule falls on it.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from workflow.deadline.calendar import TOKYO, Calendar

ORDER = ["holder", "chief", "coordinating", "secretariat", "director"]
FIRST, LAST = date(2018, 1, 1), date(2032, 12, 31)


@lru_cache(maxsize=100)
def numbers(calendar: Calendar) -> dict[date, int]:
    """Return for every day how many open days there were up to and with it."""
    found, count, day = {}, 0, FIRST
    while day <= LAST:
        count += not calendar.is_closed(day)
        found[day] = count
        day += timedelta(1)
    return found


def tier_on(
    steps: list[dict[str, Any]], due_on: date, day: date, calendar: Calendar, received: bool
) -> str | None:
    """Return who is told on a day, None when nobody is."""
    number, yesterday = numbers(calendar), day - timedelta(1)
    if number[day] == number[yesterday]:  # closed
        return None
    left = number[due_on - timedelta(1)] - number[yesterday]
    late = number[day] - number[due_on]
    is_last = day <= due_on and number[day] == number[due_on]
    told = [
        step["to"]
        for step in steps
        if not (step["unreceived"] and received)
        and (
            (step["when"] == "on" and is_last)
            or (step["when"] == "before" and day < due_on and left == step["days"])
            or (step["when"] == "late" and day > due_on and _repeats(step, late))
        )
    ]
    return max(told, key=ORDER.index, default=None)


def _repeats(step: dict[str, Any], late: int) -> bool:
    more = late - step["days"]
    return more == 0 or (more > 0 and step["every"] > 0 and more % step["every"] == 0)


def year_of(
    steps: list[dict[str, Any]],
    due_on: date,
    first: date,
    calendar: Calendar,
    hour: int,
    received: bool,
) -> list[tuple[datetime, str]]:
    """Return every moment of 365 days and whom it goes to."""
    found = []
    for n in range(365):
        day = first + timedelta(n)
        if tier := tier_on(steps, due_on, day, calendar, received):
            found.append((datetime(day.year, day.month, day.day, hour, tzinfo=TOKYO), tier))
    return found
