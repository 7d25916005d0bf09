"""What a page of a sheet says, field by field, as it was typed, and whom it meets. Pure.

A value is a text or, of a table, its rows: {column: text} without what is blank, from the first to
the last that says something. Its mark tells it from any other.
"""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workflow.audit.chain import canonical, digest

Value = str | list[dict[str, str]]
Values = dict[str, Value]
Marks = dict[str, str]

PREFIX = "sheet"
LINES = ("name", "status", "place")
TEXTS = ("name", "status", "overview", "aims", "rationale")
TABLES = ("lead", "related", "actions", "indicators")
WHY = ("place", "reason")
_CELL = re.compile(rf"{PREFIX}-({'|'.join(TABLES)})-([0-9]{{1,3}})-(\w+)")


def from_post(post: Mapping[str, str]) -> Values:
    """Read what a browser sends of a sheet's form."""
    values: dict[str, Any] = {field: post.get(f"{PREFIX}-{field}", "") for field in TEXTS}
    values |= {field: post.get(field, "") for field in WHY}
    cells: dict[str, dict[int, dict[str, str]]] = {table: {} for table in TABLES}
    for name in post:
        if found := _CELL.fullmatch(name):
            table, row, column = found.groups()
            cells[table].setdefault(int(row), {})[column] = post[name]
    for table, rows in cells.items():
        values[table] = [rows.get(n, {}) for n in range(max(rows, default=-1) + 1)]
    return as_typed(values)


def as_typed(values: Mapping[str, Any]) -> Values:
    """Return the values that a form starts from, or was sent, as this module has them."""
    return {
        field: _rows(value) if isinstance(value, list) else _text(value)
        for field, value in values.items()
    }


def mark(value: Value) -> str:
    return digest(canonical(value))[:16]


def marks(values: Mapping[str, Value]) -> Marks:
    return {field: mark(value) for field, value in values.items()}


def joined(field: str, mine: Value, theirs: Value) -> Value:
    """Return both, for somebody to make one of: texts below each other, rows each once."""
    if isinstance(mine, str) and isinstance(theirs, str):
        between = "／" if field in LINES else "\n"
        return between.join(filter(None, [mine, theirs]))
    return [*mine, *(row for row in theirs if row not in mine)]


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

    @property
    def touched(self) -> list[str]:
        return sorted(f for f, value in self.typed.items() if mark(value) != self.made_of.get(f))

    def meets(self, field: str, latest: Value, by: str = "") -> bool:
        """Tell whether a page, not this one, has written otherwise in a field touched here."""
        if by and by == self.name:
            return False
        return mark(latest) not in (self.made_of.get(field), mark(self.typed[field]))

    def after(self, fields: Iterable[str]) -> "Page":
        """Return the page once these fields are kept as they are here."""
        return Page(self.typed, self.made_of | {f: mark(self.typed[f]) for f in fields})

    def with_theirs(self, values: Mapping[str, Value]) -> "Page":
        """Return the page saying in these fields what others wrote."""
        return Page(self.typed | dict(values), self.made_of | marks(values))

    def settled(self, field: str, how: str, theirs: Value, seen: str) -> "Page":
        """Return the page after a choice: "theirs", "both", or else its own text.

        seen  the mark of what was overwritten by choice: what is newer is met again
        """
        mine = self.typed[field]
        if how in ("theirs", "both"):
            chosen = theirs if how == "theirs" else joined(field, mine, theirs)
            return Page(self.typed | {field: chosen}, self.made_of | {field: mark(theirs)})
        return Page(self.typed, self.made_of | {field: seen})

    def overlaps(
        self, base: Values, drafts: Values, own: Container[str] = ()
    ) -> tuple[list[str], list[str]]:
        """Return the fields touched here and by others, and those whose saving would undo others.

        base    what the answer or, before there is one, the sheet says
        drafts  what is typed over it; where the page was made of `base`, it is let be
        own     fields of the drafts that this page wrote
        """
        touched, clashes, moved = self.touched, [], []
        for field, saved in base.items():
            latest = drafts.get(field, saved)
            if field in own:
                continue
            if field in touched:
                clashes += [field] * self.meets(field, latest)
            elif self.made_of.get(field) not in (mark(saved), mark(latest)):
                moved.append(field)
        return clashes, moved


def _text(value: object) -> str:
    if value is None or value is False:
        return ""
    return "on" if value is True else str(value).replace("\r\n", "\n").replace("\0", "")


def _rows(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    said = [_row(n, row) for n, row in enumerate(rows, 1)]
    while said and not said[-1]:
        said.pop()
    return said


def _row(number: int, row: Mapping[str, Any]) -> dict[str, str]:
    """A row that stands by its own number need not say so."""
    texts = {column: _text(value) for column, value in row.items()}
    if texts.get("ORDER") == str(number):
        del texts["ORDER"]
    return {column: text for column, text in texts.items() if text}
