"""A paper drawn as .xlsx: locked but for the cells to write in, printed on A4, without macros.

Column A, hidden, names the rows, and a hidden row on top of every block names its columns, so that
both may be moved. What the file was made from stands in a sheet that only a macro could show.
"""

import re
from collections.abc import Sequence
from io import BytesIO
from math import ceil
from typing import Any
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import NamedStyle
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from revisions.inquiry.workbook.cells import Cell, shown
from revisions.inquiry.workbook.paper import Block, Hint, Line, Link, Page, Paper, Stamp, Value
from revisions.inquiry.workbook.styles import CHANGED, STYLES, TEXT, UNASKED
from workflow.tables import FORMULA

VERSION = "2"
MARK = "kaitei"
"""Begins the name of every row, of every row of column names, and the hidden sheet."""

INLINE = 255
"""Characters that a list of choices may have inside a validation."""
WIDER, LINE, AROUND = 1.05, 15, 5
"""A character beside a unit of width; the height of a line and of what is around it, in points."""
ONE_PAGE = 760
"""Points of height that are made to fit on one page; what is higher goes on to the next."""
_ESCAPED = re.compile("_x(?=[0-9A-Fa-f]{4}_)")


def drawn(paper: Paper) -> bytes:
    """Return the .xlsx of a paper."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, style in STYLES.items():
        book.add_named_style(NamedStyle(f"{MARK}-{name}", number_format=TEXT, hidden=True, **style))
    lists = _Lists(book)
    for page in paper.pages:
        _Sheet(book.create_sheet(page.title), page, lists, paper.footer).draw()
    lists.draw()
    _draw_stamp(book, paper.stamp, paper.seal)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def put(square: Any, text: str) -> None:
    """Write text as text: it is no formula, whatever it begins with."""
    text = _ESCAPED.sub("_x005F_x", shown(text))
    square.value = text
    square.data_type = "s"
    if text.startswith(FORMULA):
        square.quotePrefix = True


class _Row(RowDimension):
    """A row as high as its text, which a spreadsheet is free to make higher."""

    customHeight = False


def lines_of(text: str, width: float) -> int:
    """Return how many lines a text takes in a column; a wide character is as two."""

    def units(line: str) -> int:
        return sum(2 if east_asian_width(c) in "WFA" else 1 for c in line)

    return sum(max(1, ceil(units(line) * WIDER / width)) for line in text.split("\n"))


class _Lists:
    """Choices too long for a validation, in columns of a sheet of their own."""

    TITLE = "選択肢"

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.columns: dict[tuple[str, ...], str] = {}

    def formula(self, choices: Sequence[str]) -> str:
        inline = ",".join(choices)
        if len(inline) <= INLINE and not any(set(',"') & set(choice) for choice in choices):
            return f'"{inline}"'
        letter = get_column_letter(len(self.columns) + 1)
        letter = self.columns.setdefault(tuple(choices), letter)
        return f"{quote_sheetname(self.TITLE)}!${letter}$1:${letter}${len(choices)}"

    def draw(self) -> None:
        if not self.columns:
            return
        sheet = self.book.create_sheet(self.TITLE)
        sheet.sheet_state = "hidden"
        for column, choices in enumerate(self.columns, 1):
            for row, choice in enumerate(choices, 1):
                put(sheet.cell(row, column), choice)


class _Sheet:
    def __init__(self, sheet: Worksheet, page: Page, lists: _Lists, footer: str) -> None:
        self.sheet, self.page, self.lists, self.footer = sheet, page, lists, footer
        self.row, self.height = 0, 0.0
        self.choices: dict[str, DataValidation] = {}
        self.places: dict[str, str] = {}

    def draw(self) -> None:
        self.sheet.column_dimensions["A"].hidden = True
        for column, width in enumerate(self.page.widths, 2):
            self.sheet.column_dimensions[get_column_letter(column)].width = width
        self._next("heading", self.page.heading)
        self._high(30)
        for term, text in self.page.facts:
            self._line(Line([text]), "present", term)
        for n, text in enumerate(self.page.says):
            self._next("says", text)
            self._high(18 if n else 30)
        if self.page.back:
            self._next("back", "")
            self._link(self.sheet.cell(self.row, 2), Link(f"← {self.page.back}", self.page.back))
        for block in self.page.blocks:
            self._block(block)
        for validation in self.choices.values():
            self.sheet.add_data_validation(validation)
        self._protect()
        self._print()

    def _next(self, style: str, text: str) -> None:
        self.row += 1
        self._name("#")
        square = self.sheet.cell(self.row, 2)
        square.style = f"{MARK}-{style}"
        if text:
            put(square, text)

    def _name(self, name: str) -> None:
        put(self.sheet.cell(self.row, 1), f"{MARK}:{name}")

    def _block(self, block: Block) -> None:
        self._next("title", block.title)
        self._square(3, "note", block.note)
        self._high(26 if block.title or block.note else 12)
        if block.ids:
            self.row += 1
            self._name(f"#{block.name}")
            for column, name in enumerate(block.ids, 2):
                if name:
                    put(self.sheet.cell(self.row, column), name)
            self.sheet.row_dimensions[self.row].hidden = True
        self.row += 1
        self._name("#")
        for column, heading in enumerate(block.columns, 2):
            self._square(column, "column", heading)
        self._fit(block.columns)
        first = self.row + 1
        for line in block.lines:
            self._line(line, "present", name=f"{block.name}:{line.row}")
        if block.compares and block.lines:
            self._colour(block.compares, first)
        if len(self.page.blocks) == 1:
            self.sheet.freeze_panes = f"A{first}"
            self.sheet.print_title_rows = f"{first - 1}:{first - 1}"

    def _line(self, line: Line, style: str, term: str = "", name: str = "#") -> None:
        self.row += 1
        self._name(name)
        values = [term, *line.values] if term else line.values
        for column, value in enumerate(values, 2):
            match value:
                case Cell():
                    square = self._square(column, "answer", value.text)
                    self.places[value.key] = f"${get_column_letter(column)}${self.row}"
                    self._validate(square, value)
                case Hint():
                    self._square(column, "hint", value.text)
                case Link():
                    self._link(self._square(column, "link", ""), value)
                case _:
                    self._square(column, "term" if column == 2 else style, value)
        self._fit(values, line.lines)
        if line.when:
            self._grey(*line.when, columns=len(values))

    def _fit(self, values: Sequence[Value], least: int = 1) -> None:
        """Make the row as high as the longest text in it."""
        told = [v if isinstance(v, str) else v.text for v in values if not isinstance(v, Hint)]
        lines = map(lines_of, map(shown, told), self.page.widths)
        self._high(max(least, *lines) * LINE + AROUND)

    def _high(self, points: float) -> None:
        self.sheet.row_dimensions[self.row] = _Row(self.sheet, self.row, ht=min(points, 409))
        self.height += points

    def _square(self, column: int, style: str, text: str) -> Any:
        square = self.sheet.cell(self.row, column)
        square.style = f"{MARK}-{style}"
        if text:
            put(square, text)
        return square

    def _link(self, square: Any, link: Link) -> None:
        put(square, link.text)
        inside = {"location": f"{quote_sheetname(link.to)}!B1"}
        to: dict[str, Any] = {"target": link.to} if link.is_outside else inside
        style = square.style  # a hyperlink brings its own
        square.hyperlink = Hyperlink(ref=square.coordinate, display=link.text, **to)
        square.style = style

    def _validate(self, square: Any, cell: Cell) -> None:
        if not cell.choices:
            return
        formula = self.lists.formula(cell.choices)
        if formula not in self.choices:
            self.choices[formula] = DataValidation(
                "list",
                formula1=formula,
                allow_blank=True,
                showErrorMessage=True,
                errorStyle="stop",
                errorTitle="選択肢にありません",
                error="一覧から選んでください。空欄にするには、Deleteキーを押してください。",
            )
        self.choices[formula].add(square)

    def _colour(self, pair: tuple[int, int], first: int) -> None:
        """Show what differs from the text beside it."""
        left, right = (get_column_letter(column + 2) for column in pair)
        rule = FormulaRule([f"${right}{first}<>${left}{first}"], fill=CHANGED)
        self.sheet.conditional_formatting.add(f"{right}{first}:{right}{self.row}", rule)

    def _grey(self, key: str, text: str, columns: int) -> None:
        """Show that a line is not asked as long as a cell says something else."""
        said = text.replace('"', '""')
        rule = FormulaRule([f'{self.places[key]}<>"{said}"'], fill=UNASKED)
        last = get_column_letter(columns + 1)
        self.sheet.conditional_formatting.add(f"B{self.row}:{last}{self.row}", rule)

    def _protect(self) -> None:
        """Keep what is not to be written in from slips; there is no password."""
        protection = self.sheet.protection
        protection.sheet = True
        protection.formatRows = protection.formatColumns = False  # allowed
        protection.formatCells = False

    def _print(self) -> None:
        sheet, setup = self.sheet, self.sheet.page_setup
        setup.paperSize = int(sheet.PAPERSIZE_A4)
        setup.orientation = "landscape" if self.page.landscape else "portrait"
        setup.fitToWidth, setup.fitToHeight = 1, int(self.height <= ONE_PAGE)
        sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
        sheet.print_options.horizontalCentered = True
        margins = sheet.page_margins
        margins.left = margins.right = 0.4
        margins.top, margins.bottom, margins.footer = 0.5, 0.7, 0.35
        footer: Any = sheet.oddFooter
        footer.left.text, footer.right.text = self.footer.replace("&", "&&"), "&A　&P／&N"
        sheet.sheet_view.showGridLines = False
        sheet.sheet_view.zoomScale = 90


def _draw_stamp(book: Workbook, stamp: Stamp, seal: str) -> None:
    sheet = book.create_sheet("管理")
    sheet.sheet_state = "veryHidden"
    head = [
        (MARK, VERSION),
        ("target", stamp.target),
        ("name", stamp.name),
        ("title", stamp.title),
        ("seal", seal),
    ]
    for row, pair in enumerate([*head, *((f"={key}", h) for key, h in stamp.base.items())], 1):
        for column, text in enumerate(pair, 1):
            put(sheet.cell(row, column), text)
    sheet.protection.sheet = True
