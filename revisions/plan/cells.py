"""The rows of a sheet as an officer types and reads them: cells and spans over fiscal years.

Pure: no database, no clock, no Django.
    span   {"from": 2021, "to": 2023, "text"?: str}
    cell   {"from", "to"} and either {"value": "70.8", "unit", "comparison", "per"?} or {"text"}
A value is a decimal in text, since a float has no canonical form.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from workflow.deadline.era import fiscal_year_label

Cell = dict[str, Any]

CONTINUED = "→"
"""What a year's cell says when the cell of the year before runs on."""

COMPARISONS = {"=": "", ">=": "以上", "<=": "以下", "<": "未満", ">": "超"}
_SIGNS = {word: sign for sign, word in COMPARISONS.items()}

CONTINUED = "→"
"""What a year's cell says when the cell of the year before runs on."""

_UNDECIDED = re.compile(r".*(未定|(設定|決定|検討|調整)(予定|中|する)?)。?", re.DOTALL)
_NUMBER = re.compile(
    r"(?P<per>[年月週日]?)"
    r"(?P<value>-?(?:0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*)(?:\.[0-9]+)?)"
    r"(?P<unit>(?![年月])(?:か所|か月|[^\s0-9ぁ-ん.,以未超]{0,6}))"
    r"(?P<comparison>以上|以下|未満|超)?"
)
_THOUSANDS = re.compile(r"(?<=[0-9])(?=(?:[0-9]{3})+$)")
_HALF_WIDTH = {ord(c) + 0xFEE0: c for c in "0123456789%,.-"} | {ord("−"): "-"}


def parse_cell(text: str) -> Cell | None:
    """Read one cell of an indicator: a number when it is one, else a text; None when empty.

    年3回以上 → {"value": "3", "unit": "回", "comparison": ">=", "per": "年"}; 45万枚 has the
    value "45" and the unit 万枚. A date such as 3月 or 2026年度 is a text.
    """
    text = text.strip()
    found = _NUMBER.fullmatch(text.translate(_HALF_WIDTH))
    if found is None:
        return {"text": text} if text else None
    cell = {
        "value": found["value"].replace(",", ""),
        "unit": found["unit"],
        "comparison": _SIGNS[found["comparison"] or ""],
    }
    return cell | {"per": found["per"]} if found["per"] else cell


def cell_text(cell: Mapping[str, Any]) -> str:
    """Write a cell without its years: 年3回以上, 7,000, 検討を踏まえ設定."""
    if "text" in cell:
        return str(cell["text"])
    whole, point, decimals = cell["value"].partition(".")
    number = _THOUSANDS.sub(",", whole) + point + decimals
    return f"{cell.get('per', '')}{number}{cell['unit']}{COMPARISONS[cell['comparison']]}"


def is_undecided(cell: Mapping[str, Any]) -> bool:
    """Whether a cell puts its value off: 検討を踏まえ設定, 次期システムと合わせ検討."""
    return _UNDECIDED.fullmatch(cell.get("text", "")) is not None


def years_text(span: Mapping[str, Any]) -> str:
    """令和3年度, or 令和3年度~令和5年度 when there are more."""
    first, last = fiscal_year_label(span["from"]), fiscal_year_label(span["to"])
    return first if first == last else f"{first}～{last}"


def rows_of(actions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the yearly actions as form rows {text, from, to, note}, one a span.

    from, to   None in the single row of an action without spans
    note       the span's own text, or ""
    """
    nothing = {"from": None, "to": None}
    return [
        {
            "text": action["text"],
            "from": span["from"],
            "to": span["to"],
            "note": span.get("text", ""),
        }
        for action in actions
        for span in action["spans"] or [nothing]
    ]


def actions_of(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return form rows as yearly actions; neighbours with the same text are one action's spans."""
    return [
        {"text": text, "spans": [_span(row) for row in same if row["from"] is not None]}
        for text, same in groupby(rows, key=itemgetter("text"))
    ]


def initial_of(sheet: Mapping[str, Any]) -> dict[str, Any]:
    """Return a sheet as the initial values of SheetForm (forms.py)."""
    plain = {name: sheet[name] for name in ("name", "status", "overview", "aims", "rationale")}
    return plain | {
        "lead": [_section_row(section) for section in sheet["lead"]],
        "related": [_section_row(section) for section in sheet["related"]],
        "actions": [
            {"text": row["text"], "first": row["from"], "last": row["to"], "note": row["note"]}
            for row in rows_of(sheet["actions"])
        ],
        "indicators": [_indicator_row(indicator) for indicator in sheet["indicators"]],
    }


def _section_row(section: Any) -> dict[str, str]:
    return {"section": section} if isinstance(section, str) else {"class_name": section["class"]}


def _indicator_row(indicator: Mapping[str, Any]) -> dict[str, Any]:
    row = {"name": indicator["name"], "cumulative": indicator["cumulative"]}
    for cell in indicator["cells"]:
        row[f"y{cell['from']}"] = cell_text(cell)
        row |= {f"y{year}": CONTINUED for year in range(cell["from"] + 1, cell["to"] + 1)}
    return row


def _span(row: Mapping[str, Any]) -> dict[str, Any]:
    span = {"from": row["from"], "to": row["to"]}
    return span | {"text": row["note"]} if row["note"] else span
