"""Rows of a sheet's tables, told apart by name while several people write them. Pure.

A row has its name from what it said when the section was shown it, or by chance when a page adds
it; an answer keeps the names of its rows, the plan knows none of them. Each cell is a field of its
own, actions/1f3ac0de/first, and so are, of every row,

    DELETE  "on" when it goes
    AFTER   the name of the row that it was put after, or FIRST; "" where nobody moved it

Under the name of a table itself stand the names of its rows, in their order.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from math import inf

from revisions.plan.lines import aligned
from workflow.audit.chain import canonical, digest

Values = dict[str, str]
Row = dict[str, str]
Named = dict[str, Row]
"""Rows by name, in their order."""

TABLES = ("lead", "related", "actions", "indicators")
WORDS = ("text", "name", "section", "class_name")
"""Columns by which a reader knows a row."""
NAME, ORDER, AFTER, DELETE = "ROW", "ORDER", "AFTER", "DELETE"
FIRST = "^"
_COLUMNS = (*WORDS, "first", "last", "note", "cumulative", "y[0-9]{4}", AFTER, DELETE)
CELL = re.compile(f"({'|'.join(TABLES)})/([0-9a-z]{{1,8}})/({'|'.join(_COLUMNS)})")
_NAME = re.compile("[0-9a-z]{1,8}")


def row_of(field: str) -> str:
    """actions/1f3ac0de/first → actions/1f3ac0de; "" for what is no cell."""
    return field.rpartition("/")[0]


def words_of(row: Mapping[str, str]) -> str:
    return next((row[column] for column in WORDS if row.get(column)), "")


def named(rows: Sequence[Row], names: Sequence[str] = ()) -> Named:
    """Name rows: as given, or each by what it says."""
    if len(names) != len(rows):
        said = [canonical(row) for row in rows]
        alike = [said[:n].count(text) for n, text in enumerate(said)]
        names = [digest(f"{text} {n}")[:8] for text, n in zip(said, alike, strict=True)]
    return dict(zip(names, rows, strict=True))


def names_kept(rows: Sequence[Row], before: Named) -> list[str]:
    """Return the names of rows that came of others: one that was reworded keeps its own."""
    fresh = ((digest(name)[:8] if name in before else name) for name in named(rows))
    now = list(zip(fresh, rows, strict=True))
    pairs = aligned(list(before.items()), now, lambda named_row: words_of(named_row[1]), ("", {}))
    return [was or new for (was, _), (new, _) in pairs if new]


def cells_of(table: str, rows: Named) -> Values:
    return {f"{table}/{name}/{c}": text for name, row in rows.items() for c, text in row.items()}


def rows_in(values: Mapping[str, str]) -> dict[str, Named]:
    """Return the rows of every table that have a cell in `values`."""
    found: dict[str, Named] = {table: {} for table in TABLES}
    for field, text in values.items():
        if cell := CELL.fullmatch(field):
            table, name, column = cell.groups()
            found[table].setdefault(name, {})[column] = text
    return found


def shown(values: Mapping[str, str]) -> dict[str, Named]:
    """Return the rows of every table that are there, where they were put.

    Where `values` does not say how the rows of a table stand, they stand as they come. One that is
    to go is there until an answer has left it out.
    """
    return {
        table: _placed(_said(rows), values[table].split()) if table in values else _said(rows)
        for table, rows in rows_in(values).items()
    }


def staying(values: Mapping[str, str], table: str) -> Named:
    """Return the rows of a table that an answer has."""
    return {name: row for name, row in shown(values)[table].items() if not row.get(DELETE)}


def sent(rows: Mapping[int, Row]) -> Named:
    """Name the rows of a page by number, in the order in which what was typed puts them.

    Who types another number in a row moves it, and no other; of two alike the upper one is first.

    raises  ValueError when a row has no name
    """
    named_rows: Named = {}
    last = FIRST
    for n in sorted(rows, key=lambda n: (_number(rows[n], n), n)):
        row = {column: text for column, text in rows[n].items() if column not in (NAME, ORDER)}
        if _number(rows[n], n) not in (n + 1, inf):
            row[AFTER] = last
        name = rows[n].get(NAME, "")
        if not _NAME.fullmatch(name):
            raise ValueError(name)
        named_rows[name] = row
        last = name if _says(row) else last
    return named_rows


def _number(row: Mapping[str, str], n: int) -> float:
    """Return where a row is to stand: without a number last, as in the form."""
    typed = row.get(ORDER, "").strip()
    try:
        return int(typed) if typed else inf
    except ValueError:
        return n + 1


def _says(row: Mapping[str, str]) -> bool:
    return any(text for column, text in row.items() if column not in (AFTER, DELETE))


def _said(rows: Named) -> Named:
    return {name: row for name, row in rows.items() if _says(row)}


def _placed(rows: Named, known: Iterable[str]) -> Named:
    order = [name for name in known if name in rows]
    order += [n for n, row in rows.items() if n not in order and not row.get(DELETE)]
    moved = [name for name in order if rows[name].get(AFTER)]
    placed = [name for name in order if name not in moved]
    while moved:
        ready = [n for n in moved if rows[n][AFTER] in (FIRST, *placed)]
        for name in ready or moved:  # none is, after what is gone, or each after the other
            placed.insert(_place_after(rows[name][AFTER], placed), name)
        moved = [name for name in moved if name not in placed]
    return {name: rows[name] for name in placed}


def _place_after(name: str, placed: Sequence[str]) -> int:
    if name in placed:
        return placed.index(name) + 1
    return 0 if name == FIRST else len(placed)
