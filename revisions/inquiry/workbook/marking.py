"""The workbook as it came, with what is wrong marked where it is wrong."""

from collections.abc import Iterable
from io import BytesIO
from typing import IO

from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from revisions.inquiry.workbook.drawing import put
from revisions.inquiry.workbook.review import Fault
from workflow.workbooks import open_workbook

AUTHOR = "照会票の確認"
WRONG = PatternFill("solid", start_color="FFFFB3B3", end_color="FFFFB3B3")
WIDTH, HEIGHT = 360, 120
"""Of a comment, in points."""


def marked(file: IO[bytes], faults: Iterable[Fault]) -> bytes:
    """Return a copy with every fault as a comment on a red cell. No formula is left in it."""
    book = open_workbook(file, read_only=False, formulas=True)
    told: dict[tuple[str, str], list[str]] = {}
    for fault in faults:
        if fault.at:
            told.setdefault((fault.sheet, fault.at), []).append(fault.said)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for square in row:
                _as_text(square)
        for (title, at), said in told.items():
            if title == sheet.title:
                _mark(sheet[at], said)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _as_text(square: Cell | MergedCell) -> None:
    """Take away the marks of an earlier copy, and what a spreadsheet would run."""
    if square.comment and square.comment.author == AUTHOR:
        square.comment = None
    if isinstance(square, Cell) and square.data_type == "f":
        put(square, str(getattr(square.value, "text", square.value)))


def _mark(square: Cell | MergedCell, said: list[str]) -> None:
    if isinstance(square, MergedCell):  # it can hold no comment
        return
    square.fill = WRONG
    square.comment = Comment("\n".join(said), AUTHOR, width=WIDTH, height=HEIGHT)
