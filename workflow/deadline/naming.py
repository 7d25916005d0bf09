"""Which of the days of what it is about a deadline is. Slices register who knows (課の案)."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from workflow.deadline.models import Deadline


@dataclass(frozen=True)
class DayName:
    """word       for the day that runs: 課の案; "" where there is one only
    whole      for the day of the whole: 照会の期限
    whole_on   that day; often the one that runs
    lies_with  code of who is asked, where the kind says what each does (Kind.acts)
    link       where they do it, where that is not where the deadline leads the others
    """

    word: str
    whole: str
    whole_on: date
    lies_with: str = ""
    link: str = ""


Namer = Callable[[Collection[str]], Mapping[str, DayName]]
"""Keys of subjects → what their days are called, in a constant number of statements."""

_namers: dict[str, Namer] = {}


def register_namer(kind: str, namer: Namer) -> None:
    _namers[kind] = namer


def day_names(deadlines: Collection[Deadline]) -> dict[str, DayName]:
    """Return subject → what its days are called, of those that may have several."""
    return {
        subject: name
        for kind, namer in _namers.items()
        if (asked := {row.subject for row in deadlines if row.kind == kind})
        for subject, name in namer(asked).items()
    }
