"""Three-way, cell by cell: the workbook as it was given out, as it came back, the answer now. Pure.

Of what was given out only hashes are kept (in the workbook itself): that is enough to see which
side has changed. A table whose rows have moved on one side while they were edited on the other is
one conflict as a whole, since its rows can no longer be told apart by their place.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from revisions.inquiry.workbook.cells import Cell

Hash = Callable[[str, str], str]
"""(key, what the cell says) → as it stands in the workbook."""


@dataclass(frozen=True)
class Found:
    """A cell as a file has it: how it may be read, the likeliest first, and where it stands."""

    readings: Sequence[str]
    sheet: str
    at: str
    is_formula: bool = False
    is_error: bool = False

    @property
    def is_wrong(self) -> bool:
        return self.is_formula or self.is_error


@dataclass(frozen=True)
class Conflict:
    """Changed on both sides: one cell, or a whole table (P06/actions).

    mine  key → text of the workbook
    """

    key: str
    mine: Mapping[str, str]


@dataclass
class Merged:
    """changed: key → text that the workbook alone has changed. missing: keys not in the file."""

    changed: dict[str, str] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def chosen(self, picks: Iterable[str]) -> dict[str, str]:
        """Return what changes when the workbook wins the conflicts whose keys are picked."""
        wanted = set(picks)
        won = [conflict.mine for conflict in self.conflicts if conflict.key in wanted]
        return self.changed | {key: text for mine in won for key, text in mine.items()}


def merge(
    now: Mapping[str, Cell], base: Mapping[str, str], found: Mapping[str, Found], hashed: Hash
) -> Merged:
    """Return what the file changes in the answer.

    now   every cell of the base, with what it says now
    base  key → hash
    """
    merged = Merged()
    for key, before in base.items():
        if key not in found:
            merged.missing.append(key)
        elif found[key].is_wrong:
            merged.wrong.append(key)
        else:
            _compare(merged, now[key], before, found[key].readings, hashed)
    return _whole_tables(merged, now, base, found, hashed)


def table_of(key: str) -> str:
    """P06/actions/0/first → P06/actions; "" for a cell that is in no table."""
    parts = key.split("/")
    return "/".join(parts[:2]) if len(parts) == 4 else ""


def _compare(
    merged: Merged, cell: Cell, before: str, readings: Sequence[str], hashed: Hash
) -> None:
    says, now = [cell.says(text) for text in readings], cell.says(cell.text)
    if now in says or any(hashed(cell.key, said) == before for said in says):
        return
    mine = cell.likeliest(readings)
    if hashed(cell.key, now) == before:
        merged.changed[cell.key] = mine
    else:
        merged.conflicts.append(Conflict(cell.key, {cell.key: mine}))


def _whole_tables(
    merged: Merged,
    now: Mapping[str, Cell],
    base: Mapping[str, str],
    found: Mapping[str, Found],
    hashed: Hash,
) -> Merged:
    tables = defaultdict[str, list[str]](list)
    for key in base:
        tables[table_of(key)].append(key)
    edited = {table_of(key) for key in merged.changed}
    edited |= {table_of(conflict.key) for conflict in merged.conflicts}
    for table in edited - {""}:
        keys = tables[table]
        was = {_row(key) for key in keys if base[key] != hashed(key, "")}
        if was == {_row(key) for key in keys if now[key].says(now[key].text)}:
            continue
        there = [key for key in keys if key in found and not found[key].is_wrong]
        mine = {key: _read(now[key], base[key], found[key].readings, hashed) for key in there}
        merged.changed = {k: text for k, text in merged.changed.items() if table_of(k) != table}
        merged.conflicts = [c for c in merged.conflicts if table_of(c.key) != table]
        merged.conflicts.append(Conflict(table, mine))
    return merged


def _read(cell: Cell, before: str, readings: Sequence[str], hashed: Hash) -> str:
    """Return the reading that is as it was given out, or else the likeliest."""
    same = (text for text in readings if hashed(cell.key, cell.says(text)) == before)
    return next(same, None) or cell.likeliest(readings)


def _row(key: str) -> str:
    return key.rpartition("/")[0]
