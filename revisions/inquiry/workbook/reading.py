"""A workbook that came back, read by the names of its rows and columns, wherever they stand now."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from revisions.inquiry.workbook.cells import readings
from revisions.inquiry.workbook.drawing import MARK, VERSION
from revisions.inquiry.workbook.merge import Found
from revisions.inquiry.workbook.paper import OWN, Stamp
from workflow.errors import Invalid
from workflow.workbooks import rows_of

NAME = f"{MARK}:"
_ESCAPED = re.compile("_x(?![Dd][89A-Fa-f])([0-9A-Fa-f]{4})_")
"""A character, but half of a pair: no text holds that."""


@dataclass
class Reading:
    """doubles: cells that stand twice, the second of each. strays: what is in no row of ours."""

    stamp: Stamp
    seal: str
    found: dict[str, Found] = field(default_factory=dict)
    doubles: list[tuple[str, Found]] = field(default_factory=list)
    strays: list[Found] = field(default_factory=list)


def read(book: Workbook) -> Reading:
    """Read a workbook opened with its formulas.

    raises  Invalid, field "file", when it is none of ours or of an older form
    """
    stamp, sheets = None, []
    for sheet in book.worksheets:
        rows = list(rows_of(sheet, cells=True))
        if _is_stamp(rows):
            stamp = [(_text(row[0].value), _text(row[1].value)) for _, row in rows]
        else:
            sheets.append((sheet, rows))
    if stamp is None:
        raise _refused(
            _("この画面からダウンロードした照会票ではありません。ダウンロードし直してください。")
        )
    reading = _stamped(dict(stamp))
    for sheet, rows in sheets:
        _read_sheet(reading, sheet, rows)
    return reading


def _stamped(told: dict[str, str]) -> Reading:
    if told[MARK] != VERSION:
        raise _refused(
            _("この照会票は古い様式です。新しい照会票をダウンロードして、書き写してください。")
        )
    base = {key.removeprefix(OWN): text for key, text in told.items() if key.startswith(OWN)}
    words = {name: told.get(name, "") for name in ("target", "name", "title")}
    return Reading(Stamp(base=base, **words), told.get("seal", ""))


def _is_stamp(rows: list[tuple[int, Any]]) -> bool:
    return bool(rows) and _text(rows[0][1][0].value) == MARK


def _read_sheet(reading: Reading, sheet: Worksheet, rows: list[tuple[int, Any]]) -> None:
    names = _names_column(rows)
    if names is None:
        return  # a sheet of the officers' own
    columns = defaultdict[str, dict[int, str]](dict)
    for _number, row in rows:
        name = _text(row[names].value)
        if name.startswith(f"{NAME}#") and name != f"{NAME}#":
            block = name.removeprefix(f"{NAME}#")
            found = {i: _text(cell.value) for i, cell in enumerate(row) if i != names}
            columns[block] = {i: text for i, text in found.items() if text}
    written = {i for found in columns.values() for i in found}
    for number, row in rows:
        name = _text(row[names].value)
        if not name.startswith(NAME):
            _stray(reading, sheet, number, row, written)
            continue
        block, _colon, line = name.removeprefix(NAME).partition(":")
        for i, column in columns[block].items() if line else ():
            key = line if column == OWN else f"{line}/{column}"
            _keep(reading, key, _found(sheet, number, i, row[i]))


def _names_column(rows: list[tuple[int, Any]]) -> int | None:
    for _number, row in rows:
        for i, cell in enumerate(row):
            if isinstance(cell.value, str) and cell.value.startswith(f"{NAME}#"):
                return i
    return None


def _keep(reading: Reading, key: str, found: Found) -> None:
    if key not in reading.stamp.base:
        return
    before = reading.found.setdefault(key, found)
    if before is not found and before.readings != found.readings:
        reading.doubles.append((key, found))


def _stray(reading: Reading, sheet: Worksheet, number: int, row: Any, written: set[int]) -> None:
    for i in sorted(written):
        if row[i].value not in (None, ""):
            reading.strays.append(_found(sheet, number, i, row[i]))
            return


def _found(sheet: Worksheet, number: int, column: int, cell: Any) -> Found:
    value = _text(cell.value) if isinstance(cell.value, str) else cell.value
    kind = getattr(cell, "data_type", "n")
    return Found(
        readings=[""]
        if kind in ("f", "e")
        else readings(value, getattr(cell, "number_format", "")),
        sheet=sheet.title,
        at=f"{get_column_letter(column + 1)}{number}",
        is_formula=kind == "f",
        is_error=kind == "e",
    )


def _text(value: object) -> str:
    """Return a cell's text; spreadsheets write some characters as _x000D_."""
    if not isinstance(value, str):
        return "" if value is None else str(value)
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)


def _refused(reason: str) -> Invalid:
    return Invalid(reason, field="file")
