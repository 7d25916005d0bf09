"""What a page of a sheet says, field by field, as it was typed, and whom it meets. Pure.

A field is a text of the form or a cell of one of its tables (rows.py); one that is left out is
blank. Its mark tells what it says from anything else.
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from revisions.inquiry.rows import (
    CELL,
    DELETE,
    NAME,
    TABLES,
    Row,
    Values,
    cells_of,
    named,
    row_of,
    sent,
    shown,
    staying,
)
from workflow.audit.chain import canonical, digest

Marks = dict[str, str]

PREFIX = "sheet"
PROSE = ("overview", "aims", "rationale", "reason")
TEXTS = ("name", "status", "overview", "aims", "rationale")
WHY = ("place", "reason")
_CELL = re.compile(rf"{PREFIX}-({'|'.join(TABLES)})-([0-9]{{1,3}})-(\w+)", re.ASCII)


def from_post(post: Mapping[str, str]) -> Values:
    """Read what a browser sends of a sheet's form.

    raises  ValueError when a row has no name
    """
    values = {field: _text(post.get(f"{PREFIX}-{field}", "")) for field in TEXTS}
    values |= {field: _text(post.get(field, "")) for field in WHY}
    tables: dict[str, dict[int, Row]] = {table: defaultdict(dict) for table in TABLES}
    for name in post:
        if found := _CELL.fullmatch(name):
            table, row, column = found.groups()
            tables[table][int(row)][column] = _text(post[name])
    for table, rows in tables.items():
        values |= cells_of(table, sent(rows))
    return values


def as_typed(values: Mapping[str, Any], names: Mapping[str, list[str]] | None = None) -> Values:
    """Return the values that a form starts from as this module has them.

    names  of the rows, by table, where they have some already
    """
    typed: Values = {}
    for field, value in values.items():
        if isinstance(value, list):
            rows = named(list(map(_row, value)), (names or {}).get(field, ()))
            typed |= {field: " ".join(rows)} | cells_of(field, rows)
        else:
            typed[field] = _text(value)
    return typed


def as_initial(values: Values) -> dict[str, Any]:
    """Return what a form starts from, as it was typed, right or wrong."""
    plain = {field: text for field, text in values.items() if not row_of(field)}
    tables = {
        table: [row | {NAME: name} for name, row in rows.items()]
        for table, rows in shown(values).items()
    }
    return plain | tables


def mark(text: str) -> str:
    return digest(canonical(text))[:16]


BLANK = mark("")


def marks(values: Mapping[str, str]) -> Marks:
    return {field: mark(text) for field, text in values.items()}


def joined(field: str, mine: str, theirs: str) -> str:
    """Return both, for somebody to make one of."""
    between = "\n" if field in PROSE else "／"
    return between.join(filter(None, [mine, theirs]))


@dataclass(frozen=True)
class Page:
    """A page of a sheet: what it says now, and the marks of what it said when it was made.

    made_of["page"] is its own name: what it wrote itself it has seen, answer or none.
    """

    typed: Values
    made_of: Marks

    @property
    def name(self) -> str:
        return self.made_of.get("page", "")

    def says(self, field: str) -> str:
        if field in TABLES and field not in self.typed:
            return " ".join(staying(self.typed, field))
        return self.typed.get(field, "")

    def was(self, field: str) -> str:
        """Return the mark of what a field said when the page was made."""
        return self.made_of.get(field, BLANK)

    @cached_property
    def touched(self) -> list[str]:
        """A box that was unticked is not sent: of the rows on the page it was made of it, too."""
        rows = {row_of(field) for field in self.typed} - {""}
        boxes = (field for field in self.made_of if row_of(field) in rows)
        fields = {f for f in (*self.typed, *boxes) if f in TEXTS + WHY or CELL.fullmatch(f)}
        return sorted(field for field in fields if mark(self.says(field)) != self.was(field))

    @cached_property
    def at_stake(self) -> list[str]:
        """What is touched; of a row that goes every cell, of every other row whether it goes."""
        fields = {*self.typed, *(f"{row_of(f)}/{DELETE}" for f in self.touched if row_of(f))}
        return sorted(filter(self.stakes, {*fields, *self.touched}))

    def stakes(self, field: str) -> bool:
        if field in self.touched or not row_of(field):
            return field in self.touched
        rows = (row_of(other) for other in self.touched)
        goes = f"{row_of(field)}/{DELETE}"
        return row_of(field) in rows if field == goes else self.says(goes) != ""

    def meets(self, field: str, latest: str, by: str = "") -> bool:
        """Tell whether a page, not this one, has written otherwise in a field at stake here."""
        if by and by == self.name:
            return False
        return mark(latest) not in (self.was(field), mark(self.says(field)))

    def after(self, fields: Iterable[str]) -> "Page":
        """Return the page once these fields are kept as they are here."""
        return Page(self.typed, self.made_of | {f: mark(self.says(f)) for f in fields})

    def with_theirs(self, values: Mapping[str, str]) -> "Page":
        """Return the page saying in these fields what others wrote."""
        return Page(self.typed | dict(values), self.made_of | marks(values))

    def settled(self, field: str, how: str, theirs: str, seen: str) -> "Page":
        """Return the page after a choice: "theirs", "both", or else its own text.

        seen  the mark of what was overwritten by choice: what is newer is met again
        """
        mine = self.says(field)
        if how in ("theirs", "both"):
            chosen = theirs if how == "theirs" else joined(field, mine, theirs)
            return Page(self.typed | {field: chosen}, self.made_of | {field: mark(theirs)})
        return Page(self.typed, self.made_of | {field: seen})

    def overlaps(
        self, base: Values, drafts: Values, own: Container[str] = ()
    ) -> tuple[list[str], list[str]]:
        """Return the fields at stake here that others wrote, and those whose saving would undo it.

        base    what the answer or, before there is one, the sheet says
        drafts  what is typed over it; where the page was made of `base`, it is let be
        own     fields of the drafts that this page wrote
        """
        clashes, moved = [], []
        for field in dict.fromkeys([*base, *drafts, *self.made_of, *self.typed]):
            saved = base.get(field, "")
            latest = drafts.get(field, saved)
            if field in own or field == "page":
                continue
            if self.stakes(field):
                clashes += [field] * self.meets(field, latest)
            elif self.was(field) != mark(latest) and self.meets(field, saved):
                moved.append(field)
        return clashes, moved


def _text(value: object) -> str:
    if value is None or value is False:
        return ""
    return "on" if value is True else str(value).replace("\r\n", "\n").replace("\0", "")


def _row(row: Mapping[str, Any]) -> Row:
    texts = {column: _text(value) for column, value in row.items()}
    return {column: text for column, text in texts.items() if text}
