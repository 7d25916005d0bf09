"""How long what is typed on a sheet may be: a draft holds to the form it is typed in. Pure."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from revisions.inquiry.typed import TABLES, Value
from revisions.plan.content import LONGEST

LIMITS = {
    "name": LONGEST["name"],
    **dict.fromkeys(("overview", "aims", "rationale", *TABLES), LONGEST["text"]),
    "reason": 2_000,
    "class_name": LONGEST["class"],
    "note": LONGEST["note"],
}
"""Characters, by field and by column of a table; every other has those of a row."""


class TooLong(NamedTuple):
    """begins: its first words; limit, length: characters"""

    begins: str
    limit: int
    length: int


def too_long(values: Mapping[str, Value]) -> dict[str, TooLong]:
    """Return of every field, or table, the first text in it that is too long."""
    found: dict[str, TooLong] = {}
    for field, value in values.items():
        for column, text in _texts(field, value):
            limit = LIMITS.get(column, LONGEST["row"])
            if len(text) > limit:
                found.setdefault(field, TooLong(text[:12], limit, len(text)))
    return found


def _texts(field: str, value: Value) -> Iterator[tuple[str, str]]:
    """Yield (column, text); a field that is no table is its own only column."""
    if isinstance(value, str):
        yield field, value
        return
    for row in value:
        yield from row.items()
