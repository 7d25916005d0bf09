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

COMPARISONS = {"=": "", ">=": "以上", "<=": "以下", "<": "未満", ">": "超"}
_SIGNS = {word: sign for sign, word in COMPARISONS.items()}

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


def years_text(span: Mapping[str, Any]) -> str:
    """令和3年度, or 令和3年度~令和5年度 when there are more."""
    first, last = fiscal_year_label(span["from"]), fiscal_year_label(span["to"])
    return first if first == last else f"{first}～{last}"


def span_text(span: Mapping[str, Any]) -> str:
    """令和3年度～令和5年度, followed by the span's own text in brackets if it has one."""
    return years_text(span) + (f"「{span['text']}」" if span.get("text") else "")


def action_text(action: Mapping[str, Any]) -> str:
    """Write one yearly action (年度ごとの取組) in a line."""
    return _line(action["text"], map(span_text, action["spans"]))


def indicator_text(indicator: Mapping[str, Any]) -> str:
    """Write one indicator (評価指標) in a line."""
    name = indicator["name"] + ("(累計)" if indicator["cumulative"] else "")
    return _line(name, (f"{years_text(cell)} {cell_text(cell)}" for cell in indicator["cells"]))


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


def _span(row: Mapping[str, Any]) -> dict[str, Any]:
    span = {"from": row["from"], "to": row["to"]}
    return span | {"text": row["note"]} if row["note"] else span


def _line(name: str, parts: Iterable[str]) -> str:
    listed = "、".join(parts)
    return f"{name}: {listed}" if listed else name
