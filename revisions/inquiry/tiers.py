"""By when an answer goes on from whom it lies with. Pure: no database, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from workflow.deadline.calendar import Calendar

T = TypeVar("T", bound=str)


@dataclass(frozen=True)
class Tiers:
    """Past whom the answers of an inquiry go, and how many open days each keeps them."""

    through_coordinating: bool = False
    chief_days: int = 0
    compiling_days: int = 0
    secretariat_days: int = 0


NO_TIERS = Tiers()
"""From the section's chief straight to the secretariat, all by the same day."""


def due_days(due_on: date, kept: Mapping[T, int], calendar: Calendar) -> dict[T, date]:
    """Count the days of the tiers back from the due day of an inquiry.

    kept     tier → open days that it keeps an answer, in the order in which the answer goes up
    returns  tier → the last day on which the answer goes on from it; that of the last is `due_on`
    """
    found, day = list[tuple[T, date]](), due_on
    for tier, days in reversed(list(kept.items())):
        found.append((tier, day))
        day = calendar.working_day_before(day, days)
    return dict(reversed(found))
