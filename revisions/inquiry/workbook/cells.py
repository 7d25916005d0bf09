"""What a cell of a workbook says, however a spreadsheet has rewritten it. Pure.

A spreadsheet turns 70% into 0.7 and 令和3年4月1日 into a day; officers type in any width. Texts are
compared by what they say, and kept as they were typed.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from revisions.inquiry.questions import day_in, number_in
from revisions.plan.cells import cell_text, parse_cell
from workflow.deadline.era import (
    FIRST_YEAR,
    LAST_YEAR,
    era_date,
    era_month,
    era_short,
    fiscal_year,
    fiscal_year_label,
)

LIMIT = 32_767
"""Characters in a cell, at most; a spreadsheet cuts off what is more."""

TICK = "○"
_TICKS = {TICK, "〇", "◯", "o", "1", "true", "はい", "有", "あり", "✓", "✔", "レ"}
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_YEAR = re.compile(r"(?:令和|R\.?)?(?P<era>元|[0-9]{1,2})(?:年度?)?|(?P<year>[0-9]{4})(?:年度?)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LISTED = re.compile("[、,，\n;；]")


class Kind(StrEnum):
    """How a text is read: one line, several, one of `choices`, a 年度, ○, an indicator's value,
    names of sections, a number, a day."""

    LINE = "line"
    PROSE = "prose"
    CHOICE = "choice"
    YEAR = "year"
    TICK = "tick"
    VALUE = "value"
    NAMES = "names"
    NUMBER = "number"
    DAY = "day"


@dataclass(frozen=True)
class Cell:
    """One cell to write in.

    key      names it: P06/overview, P06/actions/0/first
    choices  what may stand in it; the labels of Kind.CHOICE and Kind.YEAR
    also     other words for a choice → the choice
    """

    key: str
    kind: Kind = Kind.LINE
    text: str = ""
    choices: Sequence[str] = ()
    also: Mapping[str, str] = field(default_factory=dict)
    is_required: bool = False

    def says(self, text: str) -> str:
        """Return a text as it is compared: two that say the same give the same."""
        return _SAYS[self.kind](self, shown(text))

    def likeliest(self, found: Sequence[str]) -> str:
        """Return the first of several readings that is a choice or a day, or else the first."""
        return next((text for text in found if self._fits(self.says(text))), found[0])

    def _fits(self, said: str) -> bool:
        return said in self.choices or bool(self.kind is Kind.DAY and _DAY.fullmatch(said))


def shown(text: str) -> str:
    """Return a text as a workbook can hold it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", text)[:LIMIT]


def squashed(text: str) -> str:
    """Return a text without its widths and spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def typed(cell: Cell, text: str) -> str:
    """Return what was typed as the forms take it: choices by their label, else as it was typed."""
    text = shown(text)
    return text if cell.kind in (Kind.PROSE, Kind.VALUE) else cell.says(text)


def kept(cell: Cell) -> str:
    """Return what a cell says that nobody touched as the forms take it: to the character."""
    return cell.text if cell.kind in (Kind.PROSE, Kind.VALUE, Kind.LINE) else cell.says(cell.text)


def year_of(text: str) -> int | None:
    """Read 令和3年度, R3, ３, 2021; the fiscal year."""
    found = _YEAR.fullmatch(squashed(text).upper())
    if found is None:
        return None
    if found["year"]:
        year = int(found["year"])
    else:
        year = 2018 + (1 if found["era"] == "元" else int(found["era"]))
    return year if FIRST_YEAR <= year <= LAST_YEAR else None


def readings(value: Any, number_format: str = "") -> list[str]:
    """Return what may have been typed where a cell holds `value`, the likeliest first."""
    match value:
        case None:
            return [""]
        case bool():
            return ["TRUE" if value else "FALSE"]
        case int() | float():
            return _numbers(value, number_format)
        case datetime() | date():
            return _days(value, number_format)
        case time():
            return [f"{value.hour}:{value.minute:02}"]
    return [str(value)]


def _numbers(value: float, number_format: str) -> list[str]:
    number = Decimal(format(value, ".15g"))
    plain, percent = _plain(number), f"{_plain(number * 100)}%"
    return [percent, plain] if "%" in number_format else [plain, percent]


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _days(value: date, number_format: str) -> list[str]:
    day = value.date() if isinstance(value, datetime) else value
    western = [
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        day.isoformat(),
    ]
    if day.year < FIRST_YEAR:  # 1900-01-00 of a spreadsheet
        return western
    era = [era_date(day).partition("(")[0], era_short(day), era_date(day)]
    short = [f"{day.month}月{day.day}日", f"{day.month}/{day.day}"]
    months = [era_month(day), f"{day.year}年{day.month}月", fiscal_year_label(fiscal_year(day))]
    pattern = number_format.lower()
    if "g" in pattern.replace("general", "") or re.search("(?<![a-z])e", pattern):
        return [*era, *western, *short, *months]
    if pattern and "y" not in pattern:
        return [*short, *western, *era, *months]
    return [*western, *era, *short, *months]


def _says_line(cell: Cell, text: str) -> str:
    return "".join(text.splitlines()).strip()


def _says_prose(cell: Cell, text: str) -> str:
    return text.strip()


def _says_choice(cell: Cell, text: str) -> str:
    if text in cell.choices or not text:
        return text
    said = squashed(text)
    known = {squashed(word): choice for word, choice in cell.also.items()}
    known |= {squashed(choice): choice for choice in cell.choices}
    return known.get(said, said)


def _says_year(cell: Cell, text: str) -> str:
    year = year_of(text)
    return fiscal_year_label(year) if year is not None else squashed(text)


def _says_tick(cell: Cell, text: str) -> str:
    said = squashed(text).lower()
    return TICK if said in _TICKS else {"false": "", "0": ""}.get(said, said)


def _says_value(cell: Cell, text: str) -> str:
    value = parse_cell(text)
    return cell_text(value).strip() if value else ""


def _says_names(cell: Cell, text: str) -> str:
    names = (squashed(name) for name in _LISTED.split(text))
    return "、".join(name for name in names if name)


def _says_number(cell: Cell, text: str) -> str:
    return _value(number_in, text)


def _says_day(cell: Cell, text: str) -> str:
    return _value(day_in, text)


def _value(read: Callable[[str], str], text: str) -> str:
    """What can't be read says what was typed."""
    try:
        return read(text) if text.strip() else ""
    except ValueError:
        return text.strip()


_SAYS = {
    Kind.LINE: _says_line,
    Kind.PROSE: _says_prose,
    Kind.CHOICE: _says_choice,
    Kind.YEAR: _says_year,
    Kind.TICK: _says_tick,
    Kind.VALUE: _says_value,
    Kind.NAMES: _says_names,
    Kind.NUMBER: _says_number,
    Kind.DAY: _says_day,
}
