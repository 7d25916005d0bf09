"""A table of a sheet that two people changed: row by row, cell by cell. Pure.

A row has no name in the plan. It is known by its words; one that was reworded, by being more like
what it was than any other is, and half of it at least: else one row went and another came. A table
is one decision where two rows say the same, where both sides moved rows, and where a row went on
both and one came, which may be the same reworded.

What is to be decided has a name: actions is the table, actions/2 whether the second row stays,
actions/2/text its words, indicators/1/2021-2023 the cell of those years.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise
from operator import itemgetter
from typing import Any

from revisions.plan.cells import cell_text, parse_cell, years_text
from revisions.plan.lines import action_line, indicator_line
from workflow.audit.chain import digest

Row = Mapping[str, Any]

KEYS = {"actions": "text", "indicators": "name"}
"""By what a row of a table is known."""
CHOSEN_ONLY = ("spans", "cumulative", "cells")
"""Columns for which there is nothing to write."""
ALIKE = 0.5

_ = str  # marks words for the catalogue; pages translate them

COLUMNS = {
    "text": _("取組"),
    "name": _("指標"),
    "spans": _("年度"),
    "cumulative": _("累計"),
    "cells": _("年度ごとの値"),
}


@dataclass(frozen=True)
class Choice:
    """What a person decided about a field: the name of a side, or "own" with its value."""

    side: str
    value: Any = None


@dataclass
class Decisions:
    """What was chosen, and what is still to be: `open`."""

    choices: Mapping[str, Choice]
    open: list[str] = field(default_factory=list)

    def merged(self, name: str, draft: Any, before: Any, proposed: Any) -> Any:
        """Return what both sides come to; what both changed is chosen."""
        if draft in (before, proposed):
            return proposed
        return draft if proposed == before else self.chosen(name, draft, proposed)

    def chosen(self, name: str, draft: Any, proposed: Any) -> Any:
        choice = self.choices.get(name)
        if choice is None:
            self.open.append(name)
            return draft
        return choice.value if choice.side == "own" else {"draft": draft}.get(choice.side, proposed)


@dataclass(frozen=True)
class Table:
    """One table of three sheets: as it was shown, as it is in the draft, as it is answered."""

    name: str
    draft: Sequence[Row]
    before: Sequence[Row]
    proposed: Sequence[Row]

    @cached_property
    def sides(self) -> tuple[dict[str, Row], dict[str, Row], dict[str, Row]]:
        """Return the rows of draft, before and proposed by name: a row has the same in each."""
        key = KEYS[self.name]
        was = [row[key] for row in self.before]
        draft, before, proposed = (
            {names[row[key]]: row for row in rows}
            for rows in (self.draft, self.before, self.proposed)
            for names in [_names(was, [row[key] for row in rows])]
        )
        return draft, before, proposed

    def merged(self, to: Decisions) -> list[Row]:
        """Return the rows as far as they are decided."""
        if self.draft in (self.before, self.proposed):
            return list(self.proposed)
        draft, before, proposed = self.sides
        order = merged_order(list(draft), list(before), list(proposed))
        if order is None or not self._is_known:
            return list(to.chosen(self.name, self.draft, self.proposed))
        rows = (self._row(name, to, *(side.get(name) for side in self.sides)) for name in order)
        return [row for row in rows if row]

    @property
    def _is_known(self) -> bool:
        """Whether it is known of every row which one it is on the other side."""
        sides = zip(self.sides, (self.draft, self.before, self.proposed), strict=True)
        if any(len(named) < len(rows) for named, rows in sides):
            return False
        draft, before, proposed = (side.keys() for side in self.sides)
        return not (before - draft - proposed and (draft | proposed) - before)

    def label(self, name: str) -> tuple[str, str]:
        """Return the words of the row that a decision is about, and what of it: "" for all.

        name  actions/2/text
        """
        _table, row, column = [*name.split("/"), ""][:3]
        words = next(side[row][KEYS[self.name]] for side in self.sides if row in side)
        if not column or column in COLUMNS:
            return words, COLUMNS.get(column, "")
        return words, years_text(years_of(name))

    def wordings(self, name: str) -> list[str]:
        """Return what the draft, what was shown and what is proposed say in it."""
        _table, row, column = [*name.split("/"), ""][:3]
        return [_wording(self.name, side.get(row), column) for side in self.sides]

    def _row(
        self, name: str, to: Decisions, draft: Row | None, was: Row | None, new: Row | None
    ) -> Any:
        place = f"{self.name}/{name}"
        if draft is None or new is None:
            return to.merged(place, draft, was, new)
        both = {c: (value, (was or {}).get(c), new[c]) for c, value in draft.items()}
        return {
            column: _cells(place, to, *values)
            if column == "cells"
            else to.merged(f"{place}/{column}", *values)
            for column, values in both.items()
        }


def merged_order(ours: list[str], base: list[str], theirs: list[str]) -> list[str] | None:
    """Return an order of all rows in which each side finds its own; None when both moved rows."""
    common = [name for name in base if name in ours and name in theirs]
    if [n for n in theirs if n in common] == common:
        first, second = ours, theirs
    elif [n for n in ours if n in common] == common:
        first, second = theirs, ours
    else:
        return None
    order, at = list(first), 0
    for name in second:
        if name in order:
            at = order.index(name) + 1
        else:
            order.insert(at, name)
            at += 1
    return order


def _names(was: Sequence[str], now: Sequence[str]) -> dict[str, str]:
    """Return what rows of these words are called: by their number in `was`, or as new ones."""
    names = {words: str(was.index(words) + 1) for words in now if words in was}
    gone = [words for words in was if words not in now]
    fresh = [words for words in now if words not in was]
    pairs = [(-_ratio(old, new), was.index(old), new) for old in gone for new in fresh]
    for unlike, n, new in sorted(pairs):
        if -unlike >= ALIKE and new not in names and str(n + 1) not in names.values():
            names[new] = str(n + 1)
    return {words: names.get(words) or f"new-{digest(words)[:8]}" for words in now}


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _cells(
    place: str,
    to: Decisions,
    draft: Sequence[Row],
    before: Sequence[Row] | None,
    proposed: Sequence[Row],
) -> Any:
    """Merge the cells of an indicator; where the years themselves went two ways, one of both."""
    if draft == before or proposed in (before, draft):
        return to.merged(f"{place}/cells", draft, before, proposed)
    ours, was, theirs = ({_span(c): c for c in side or ()} for side in (draft, before, proposed))
    trial = Decisions({})
    there = {
        span: trial.merged(span, ours.get(span), was.get(span), theirs.get(span))
        for span in ours | was | theirs
    }
    cells = sorted(filter(None, there.values()), key=itemgetter("from"))
    cut = any(span not in ours or span not in theirs for span in trial.open)
    if cut or any(one["to"] >= other["from"] for one, other in pairwise(cells)):
        return to.chosen(f"{place}/cells", draft, proposed)
    merged = [
        to.merged(f"{place}/{_span(c)}", *(side.get(_span(c)) for side in (ours, was, theirs)))
        for c in cells
    ]
    return [cell for cell in merged if cell]


def _span(cell: Row) -> str:
    return f"{cell['from']}-{cell['to']}"


def is_writable(name: str) -> bool:
    """Whether a decision about a part of a table can be a text of one's own."""
    return name.count("/") == 2 and name.rpartition("/")[2] not in CHOSEN_ONLY


def written(name: str, text: str) -> Any:
    """Return what such a text is in the plan: a cell, or the words of a row."""
    if name.rpartition("/")[2] in KEYS.values():
        return text
    cell = parse_cell(text)
    return cell and years_of(name) | cell


def years_of(name: str) -> dict[str, int]:
    first, last = name.rpartition("/")[2].split("-")
    return {"from": int(first), "to": int(last)}


def _wording(table: str, row: Row | None, column: str) -> str:
    if row is None:
        return ""
    line = action_line(row) if table == "actions" else indicator_line(row)
    match column:
        case "":
            return str(line)
        case "spans" | "cells":
            return "、".join(map(str, line.entries))
        case "cumulative":
            return COLUMNS[column] if row[column] else ""
        case "text" | "name":
            return str(row[column])
    return next((cell_text(cell) for cell in row["cells"] if _span(cell) == column), "")
