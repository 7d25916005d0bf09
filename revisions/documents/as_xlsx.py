"""新旧対照表 as a workbook: A4 landscape, its head frozen and printed on every page.

Every cell is a rich text, whatever it starts with: nothing in it is ever calculated.
"""

import io
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Border, PatternFill
from openpyxl.styles import Side as Rule
from openpyxl.worksheet.worksheet import Worksheet

from revisions.documents.paper import (
    NOTHING,
    SIDES,
    TITLE,
    Paper,
    Run,
    Side,
    clean,
    is_blank,
    label,
    line_count,
    runs,
    said,
    settled,
    text,
)
from revisions.documents.table import COLUMNS, Entry, Line

FONT = "BIZ UDゴシック"
WIDTHS = (62, 62, 26)
"""Of the columns, in half-width characters of 11 points; those of 9 points are more."""
POINTS = 13
"""Of a line's height."""
TALLEST = 409
"""Points that a row can have."""

_RULE, _DOTS = Rule(style="thin"), Rule(style="hair")
_SHADE = PatternFill("solid", fgColor="EBEBEB")


def draw(paper: Paper) -> bytes:
    book = Workbook()
    book.properties.title, book.properties.creator = paper.title, None
    sheet: Any = book.active
    sheet.title = TITLE
    _put(sheet, 1, 1, [(paper.title, False)], size=14)
    _put(sheet, 2, 1, [("　".join(paper.versions), False)])
    _put(sheet, 3, 1, [(paper.about, False)])
    for column, words in enumerate(COLUMNS, 1):
        _put(sheet, 4, column, [(words, False)], align="center", fill=_SHADE)
        _edge(sheet, 4, column)
    _print_as_paper(sheet)
    last = 4
    for group in paper.groups:
        last = _group(sheet, last + 1, group.title) if group.title else last
        for entry in group.entries:
            last = _entry(sheet, last + 1, entry)
    if not paper.groups:
        _put(sheet, 5, 1, [(NOTHING, False)])
    file = io.BytesIO()
    book.save(file)
    return settled(file.getvalue(), paper.dated)


def _print_as_paper(sheet: Any) -> None:
    for letter, width in zip("ABC", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes, sheet.print_title_rows = "A5", "4:4"
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToHeight = 0
    sheet.print_options.horizontalCentered = True
    for side in ("left", "right", "top", "bottom"):
        setattr(sheet.page_margins, side, 0.6)  # inches
    sheet.page_margins.footer = 0.3
    sheet.oddFooter.center.text = "&P / &N"
    sheet.row_dimensions[1].height = 2 * POINTS


def _group(sheet: Worksheet, row: int, title: str) -> int:
    _put(sheet, row, 1, [(clean(title), False)], fill=_SHADE)
    for column in (1, 2, 3):
        _edge(sheet, row, column)
    sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=3)
    return row


def _entry(sheet: Worksheet, first: int, entry: Entry) -> int:
    """Write an entry and return its last row."""
    last = first + len(entry.lines) - 1
    for row, line in enumerate(entry.lines, first):
        for column, side in enumerate(SIDES, 1):
            _put(sheet, row, column, _side(line, side))
            dots = None if is_blank(entry, side) else _DOTS
            _edge(sheet, row, column, dots, top=row == first, bottom=row == last)
    _put(sheet, first, 3, [("\n".join(said(entry)), False)])
    for row in range(first, last + 1):
        _edge(sheet, row, 3)
    if last > first:
        sheet.merge_cells(start_row=first, end_row=last, start_column=3, end_column=3)
    for row, lines in enumerate(_heights(entry), first):
        sheet.row_dimensions[row].height = min(TALLEST, POINTS * lines + 3)
    return last


def _heights(entry: Entry) -> list[int]:
    """Return the lines that each row needs; the last has room for what is left of the reasons."""
    width, narrow = (1.1 * WIDTHS[n] for n in (0, 2))
    heights = [max(line_count(text(li, side), width) for side in SIDES) for li in entry.lines]
    heights[-1] += max(0, line_count("\n".join(said(entry)), narrow) - sum(heights))
    return heights


def _side(line: Line, side: Side) -> list[Run]:
    head = label(line, side)
    return [*([(f"{head}\n", False)] if head else []), *runs(line, side)]


def _put(
    sheet: Worksheet,
    row: int,
    column: int,
    texts: Iterable[Run],
    *,
    size: int = 9,
    align: str = "left",
    fill: PatternFill | None = None,
) -> None:
    cell = sheet.cell(row, column)
    runs = [
        TextBlock(InlineFont(rFont=FONT, sz=size, u="single" if underlined else None), words)
        for words, underlined in texts
        if words
    ]
    cell.value = CellRichText(*runs) if runs else None
    cell.alignment = Alignment(horizontal=align, vertical="top", wrap_text=row > 3)
    if fill:
        cell.fill = fill


def _edge(
    sheet: Worksheet,
    row: int,
    column: int,
    dots: Rule | None = _DOTS,
    *,
    top: bool = True,
    bottom: bool = True,
) -> None:
    """Rule a cell; dots stand between the lines of an entry."""
    above, below = (_RULE if is_outer else dots for is_outer in (top, bottom))
    sheet.cell(row, column).border = Border(left=_RULE, right=_RULE, top=above, bottom=below)
