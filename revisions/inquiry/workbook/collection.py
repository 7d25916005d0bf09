"""Every answer of an inquiry as a workbook, and every addressee's workbook in one archive."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from io import BytesIO, RawIOBase
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.utils.timezone import localtime
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from revisions.inquiry.workbook.asked import Asked
from revisions.inquiry.workbook.collected import Row
from revisions.inquiry.workbook.drawing import drawn, put
from revisions.inquiry.workbook.http import file_name
from revisions.inquiry.workbook.queries import files_of
from revisions.inquiry.workbook.styles import FONT, TEXT
from revisions.inquiry.workbook.whole import paper_of

WIDE = {"理由", "いまの内容", "回答の内容", "修正案"}
"""Columns of long texts."""


def workbook(tables: Mapping[str, Iterable[Row]]) -> bytes:
    """Return tables as .xlsx, by title a sheet to be filtered and printed."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in tables.items():
        _draw(book.create_sheet(title), rows)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _draw(sheet: Worksheet, rows: Iterable[Row]) -> None:
    head: Row = []
    for number, row in enumerate(rows, 1):
        head = head or row
        for column, text in enumerate(row, 1):
            if text:
                square: Any = sheet.cell(number, column)
                square.number_format = TEXT
                put(square, text)
                square.font = Font(FONT, 10, bold=number == 1)
                square.alignment = Alignment(wrap_text=True, vertical="top")
                if number == 1:
                    square.fill = PatternFill("solid", start_color="FFD9E3F1")
    for column, heading in enumerate(head, 1):
        width = 48 if heading in WIDE else 30 if heading == "対象" else 14
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "D2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    setup = sheet.page_setup
    setup.paperSize, setup.orientation = int(sheet.PAPERSIZE_A4), "landscape"
    setup.fitToWidth, setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    footer: Any = sheet.oddFooter
    footer.right.text = "&A　&P／&N"


def archive(everyone: Iterable[Asked], *, name: Callable[[], str], at: datetime) -> Iterator[bytes]:
    """Yield a ZIP of workbooks and of what was sent with them, each made when it is its turn.

    Section name and code tell them apart; what is in it is compressed already.
    name  gives every workbook its own
    """
    made = localtime(at).timetuple()[:6]
    out = _Pieces()
    with ZipFile(out, "w", ZIP_STORED) as files:
        for asked in everyone:
            section = asked.target.section
            who = file_name(section.name, section.code)
            files.writestr(ZipInfo(f"{who}.xlsx", made), drawn(paper_of(asked, name())))
            yield out.taken()
            for number, sent in files_of(asked):
                title = file_name(who, number, sent.name.rpartition(".")[0])
                files.writestr(ZipInfo(f"{title}.{sent.ending}", made), bytes(sent.body))
                yield out.taken()
    yield out.taken()


class _Pieces(RawIOBase):
    """What is written is taken away at once: nothing of a ZIP is kept."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        taken, self.pieces = b"".join(self.pieces), []
        return taken
