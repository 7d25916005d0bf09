"""How long what is typed on a sheet may be: a draft holds to the form it is typed in. Pure."""

from collections.abc import Mapping
from typing import NamedTuple

from revisions.inquiry.rows import TABLES
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


def too_long(values: Mapping[str, str]) -> dict[str, TooLong]:
    """Return of every field, or table, the first text in it that is too long.

    values  by field, and by cell of a table as rows.py names them
    """
    found: dict[str, TooLong] = {}
    for field, text in values.items():
        limit = LIMITS.get(field.rpartition("/")[2], LONGEST["row"])
        if len(text) > limit:
            found.setdefault(field.partition("/")[0], TooLong(text[:12], limit, len(text)))
    return found
