"""Which of the days of what it is about a deadline is. Slices register who knows (課の案)."""

from collections.abc import Callable, Collection, Mapping

from workflow.deadline.models import Deadline

Namer = Callable[[Collection[str]], Mapping[str, str]]
"""Keys of subjects → the word for the day that runs; what has one day only is left out. In a
constant number of statements."""

_namers: dict[str, Namer] = {}


def register_namer(kind: str, namer: Namer) -> None:
    _namers[kind] = namer


def day_words(deadlines: Collection[Deadline]) -> dict[str, str]:
    """Return subject → the word for its day, of those that have several."""
    return {
        subject: word
        for kind, namer in _namers.items()
        if (asked := {row.subject for row in deadlines if row.kind == kind})
        for subject, word in namer(asked).items()
    }
