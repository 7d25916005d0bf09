"""A plan's tables as files: a workbook, or one CSV a sheet."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from revisions.plan.exchange.layout import TABLES, Column, Rows, Tables
from revisions.plan.exchange.words import plain
from workflow.errors import Invalid
from workflow.tables import FORMULA, from_csv
from workflow.workbooks import open_workbook, rows_of

GUIDE = "記入の手引"
TEXT = "@"
YEAR = Column("年度", 14)
CHOICES_TO = 1_000
"""The last row in which a column's choices are offered."""
LINE, TALLEST = 15, 409
"""Points. No row is taller, and not every spreadsheet fits its rows to wrapped texts."""
HEAD_FONT = Font(bold=True)
HEAD_FILL = PatternFill("solid", fgColor="E6EBF2")
WRAPPED = Alignment(wrap_text=True, vertical="top")
BOOKS = (b"PK", b"\xd0\xcf")


def read(files: Sequence[File]) -> Tables:
    """Return the sheets of one workbook, or of CSV files named after their sheets.

    raises  Invalid, field "file"
    """
    if any(_starts(file) in BOOKS for file in files):
        if len(files) > 1:
            raise _refused(_("ブックは一つだけ選んでください。CSVとは一緒に選べません。"))
        return _book(files[0])
    if sum(file.size or 0 for file in files) > settings.WORKBOOK_MAX_BYTES:
        told = {"most": settings.WORKBOOK_MAX_BYTES // 2**20}
        raise _refused(_("ファイルが大きすぎます（合わせて%(most)dMBまで）。") % told)
    tables: Tables = {}
    for file in files:
        title = _title(file.name or "")
        if title in tables:
            raise _refused(_("「%s」のCSVが二つあります。") % title)
        tables[title] = list(enumerate(from_csv(file.read()), 1))
    return tables


def to_workbook(tables: Tables) -> bytes:
    """Return the tables as a workbook with notes and choices; no cell of it is a formula."""
    book = Workbook()
    del book[book.sheetnames[0]]
    _guide(book.create_sheet(GUIDE))
    for table in TABLES.values():
        sheet = book.create_sheet(table.title)
        rows = tables.get(table.title, [])
        count = max((len(row) for _number, row in rows), default=0)
        columns = [*table.columns.values()]
        _lay_out(sheet, [*columns, *[YEAR] * (count - len(columns))])
        _fill(sheet, rows)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _starts(file: File) -> bytes:
    file.seek(0)
    start = file.read(2)
    file.seek(0)
    return bytes(start)


def _book(file: File) -> Tables:
    known = {plain(table.title) for table in TABLES.values()}
    return {
        sheet.title: [(number, [*map(_text, row)]) for number, row in rows_of(sheet)]
        for sheet in open_workbook(file).worksheets
        if plain(sheet.title) in known
    }


def _title(name: str) -> str:
    """Return which sheet a CSV is, by the end of its name: 計画案_一覧.csv."""
    stem = plain(PurePath(name).stem)
    for table in sorted(TABLES.values(), key=lambda table: -len(table.title)):
        if stem.endswith(plain(table.title)):
            return table.title
    told = {"name": name, "titles": "、".join(table.title for table in TABLES.values())}
    raise _refused(
        _(
            "「%(name)s」がどのシートか分かりません。名前の終わりを、%(titles)sのどれかにしてください。"
        )
        % told
    )


def _text(value: Any) -> str:
    """Return a cell as it would be typed: 70.8, 2021-04-01."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case float():
            return f"{value:.15g}"
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("_x000D_", "")


def _guide(sheet: Worksheet) -> None:
    rows = [["シート", "列", "書き方", "選べる言葉"]]
    for table in TABLES.values():
        rows.append([table.title, "", table.note, ""])
        for column in table.columns.values():
            must = "必須。" if column.needed else ""
            rows.append(["", column.title, must + column.note, "、".join(column.choices)])
    _lay_out(sheet, [Column("", width) for width in (20, 20, 80, 40)])
    _fill(sheet, list(enumerate(rows, 1)))


def _lay_out(sheet: Worksheet, columns: Iterable[Column]) -> None:
    """Give every column its width, its choices, and the format of text: 1-1 is no date."""
    for number, column in enumerate(columns, 1):
        letter = get_column_letter(number)
        shape = sheet.column_dimensions[letter]
        shape.width, shape.number_format, shape.alignment = column.width, TEXT, WRAPPED
        if column.choices:
            listed = ",".join(column.choices)
            choice = DataValidation("list", formula1=f'"{listed}"', allow_blank=True)
            choice.add(f"{letter}2:{letter}{CHOICES_TO}")
            sheet.add_data_validation(choice)
    sheet.freeze_panes = "C2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = (
        1,
        0,
    )  # as many pages as it takes, each as wide as the sheet
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _fill(sheet: Worksheet, rows: Rows) -> None:
    for number, texts in rows:
        height = 1
        for column, text in enumerate(texts, 1):
            if text or number == 1:
                _put(sheet.cell(number, column), text, is_head=number == 1)
                width = int(sheet.column_dimensions[get_column_letter(column)].width)
                height = max(height, _lines(text, width))
        sheet.row_dimensions[number].height = min(height * LINE, TALLEST)


def _lines(text: str, width: int) -> int:
    """How many lines a text takes, of characters twice as wide as a column counts."""
    return sum(-(-2 * len(line) // width) or 1 for line in text.split("\n"))


def _put(cell: Cell | MergedCell, text: str, *, is_head: bool) -> None:
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type = "s"
    cell.number_format, cell.alignment = TEXT, WRAPPED
    if text.startswith(FORMULA):
        cell.quotePrefix = True
    if is_head:
        cell.font, cell.fill = HEAD_FONT, HEAD_FILL


def _refused(reason: str) -> Invalid:
    return Invalid(reason, field="file")
