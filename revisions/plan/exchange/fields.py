"""What the cells of a row mean: each field of a sheet read from its text. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from revisions.plan.cells import CONTINUED, actions_of, parse_cell
from revisions.plan.content import DROP_REASONS, STATUSES
from revisions.plan.exchange.parse import Fault, Place, Row
from revisions.plan.exchange.words import is_class, is_yes, plain, section_names, years_of
from revisions.plan.lines import action_line, indicator_line

NOTHING = "（空欄）"


@dataclass(frozen=True)
class Office:
    """Section name → code, and the names of the classes of sections."""

    sections: Mapping[str, str]
    classes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reading:
    """One way in which a field is written, and everywhere that it is written so.

    value   as content.py holds it
    text    as it is shown
    same    what tells it from another reading
    tables  keys of the tables of `places`
    """

    value: Any
    text: str
    same: str
    places: tuple[Place, ...]
    tables: tuple[str, ...]


@dataclass
class Reader:
    """Reads fields; what it can't read gathers in `faults`, once for each wrong word."""

    office: Office
    faults: dict[str, Fault] = field(default_factory=dict)

    def name(self, row: Row) -> Reading:
        return _reading(row, "name", row.name, row.name)

    def status(self, row: Row) -> Reading:
        text = row.text("status")
        value = self._word(row, "status", {label: key for key, label in STATUSES.items()})
        return _reading(row, "status", value, text)

    def sections(self, row: Row, key: str) -> Reading:
        text = row.text(key)
        value = [self._section(name, row.place(key)) for name in section_names(text)]
        return _reading(row, key, value, text)

    def prose(self, row: Row, key: str) -> Reading:
        return _reading(row, key, row.texts.get(key, ""), row.text(key))

    def actions(self, rows: Sequence[Row]) -> Reading:
        value = actions_of(self._action(row) for row in rows)
        return _listed(rows, value, map(str, map(action_line, value)))

    def indicators(self, rows: Sequence[Row]) -> Reading:
        value = [self._indicator(row) for row in rows]
        return _listed(rows, value, map(str, map(indicator_line, value)))

    def drop_reason(self, row: Row) -> str:
        return self._word(row, "as", {label: key for key, label in DROP_REASONS.items()})

    def wrong(self, message: str, place: Place) -> None:
        said = self.faults.get(message)
        self.faults[message] = Fault(message, ((said.places if said else ()) + (place,)))

    def _word(self, row: Row, key: str, words: Mapping[str, str]) -> str:
        text = row.text(key)
        found = {plain(label): value for label, value in words.items()}.get(plain(text), "")
        if text and not found:
            listed = "、".join(words)
            self.wrong(f"「{text}」は、{listed}のどれでもありません。", row.place(key))
        return found

    def _section(self, name: str, place: Place) -> str | dict[str, str]:
        if name in self.office.sections:
            return self.office.sections[name]
        if name not in self.office.classes and not is_class(name):
            self.wrong(
                f"「{name}」という課はありません。課の名称か、"
                "総称（「各」の付く名称、または登録した総称）を書いてください。",
                place,
            )
        return {"class": name}

    def _action(self, row: Row) -> dict[str, Any]:
        first, last = self._years(row, "from"), self._years(row, "to")
        if row.text("to") and not row.text("from"):
            self.wrong("始まりの年度がありません。", row.place("from"))
        return {
            "text": row.text("text"),
            "from": first[0] if first else None,
            "to": last[1] if last else first[1] if first else None,
            "note": row.text("note"),
        }

    def _years(self, row: Row, key: str) -> tuple[int, int] | None:
        text = row.text(key)
        years = years_of(text) if text else None
        if text and years is None:
            told = f"「{text}」を年度として読み取れません。"
            self.wrong(f"{told}令和3年度、R3、2021 のように書いてください。", row.place(key))
        return years

    def _indicator(self, row: Row) -> dict[str, Any]:
        cumulative = is_yes(row.text("cumulative"))
        if cumulative is None:
            told = f"累計の「{row.text('cumulative')}」を読み取れません。○か空欄にしてください。"
            self.wrong(told, row.place("cumulative"))
        cells: list[dict[str, Any]] = []
        for year, text in sorted(row.years.items()):
            if text == CONTINUED and cells and cells[-1]["to"] == year - 1:
                cells[-1]["to"] = year
            elif text == CONTINUED:
                told = f"{row.text('name')}の「→」の前の年度に、値がありません。"
                self.wrong(told, row.place("name"))
            elif cell := parse_cell(text):
                cells.append({"from": year, "to": year} | cell)
        return {"name": row.text("name"), "cumulative": bool(cumulative), "cells": cells}


def _reading(row: Row, key: str, value: Any, text: str) -> Reading:
    same = plain(text) if isinstance(value, str) else _same_sections(value)
    return Reading(value, text or NOTHING, same, (row.place(key),), (row.table,))


def _same_sections(sections: Sequence[Any]) -> str:
    return json.dumps([s if isinstance(s, str) else [plain(s["class"])] for s in sections])


def _listed(rows: Sequence[Row], value: list[Any], texts: Iterable[str]) -> Reading:
    return Reading(
        value,
        "\n".join(texts) or NOTHING,
        plain(json.dumps(value, ensure_ascii=False, sort_keys=True)),
        tuple(row.place() for row in rows),
        ("sheet",),
    )
