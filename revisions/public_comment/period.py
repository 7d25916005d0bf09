"""The period of a public comment (意見募集期間). Pure: no database, no clock, no Django."""

from datetime import date, timedelta
from typing import Literal

Phase = Literal["preparing", "announced", "accepting", "closed"]


def days(first: date, last: date) -> int:
    """Count the days on which comments are taken, the first included; closed days count too."""
    if last < first:
        raise ValueError("募集の最終日が初日より前です。")
    return (last - first).days + 1


def last_day(first: date, length: int) -> date:
    """Return the earliest last day of a period of `length` days, 1 or more."""
    if length < 1:
        raise ValueError("募集の日数は1日以上で指定してください。")
    return first + timedelta(days=length - 1)


def missing(first: date, last: date, *, minimum: int = 30) -> int:
    """Return how many days a period is short of the least; a shorter one needs a reason.

    minimum   days the city's rules ask for (行政手続法39条3項 has 30)
    """
    return max(minimum - days(first, last), 0)


def phase(today: date, *, announced: date | None, first: date, last: date) -> Phase:
    """Say where a public comment stands on `today`; `announced` is the day of the 予告, if any."""
    if today > last:
        return "closed"
    if today >= first:
        return "accepting"
    return "announced" if announced and today >= announced else "preparing"
