"""What officers do to a workbook, and what spreadsheets do to it behind their backs."""

import random
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.workbook.drawing import MARK, drawn, put
from revisions.inquiry.workbook.queries import asked_of
from revisions.inquiry.workbook.review import Review, reviewed
from revisions.inquiry.workbook.whole import paper_of


def given_out(target: InquiryTarget, name: str = "ab12cd34") -> bytes:
    return drawn(paper_of(asked_of(target), name))


def looked_at(target: InquiryTarget, body: bytes, *picks: str) -> Review:
    return reviewed(target, BytesIO(body), picks)


def saved(book: Workbook) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def squares(book: Workbook) -> dict[str, Any]:
    """Return key → cell, found by the names of rows and columns as they were drawn."""
    return {key: square for sheet in book.worksheets for key, square in _squares(sheet)}


def _squares(sheet: Worksheet) -> Iterator[tuple[str, Any]]:
    columns: dict[str, dict[int, str]] = {}
    for row in sheet.iter_rows():
        name = str(row[0].value or "")
        if name.startswith(f"{MARK}:#") and name != f"{MARK}:#":
            block = name.removeprefix(f"{MARK}:#")
            columns[block] = {i: c.value for i, c in enumerate(row) if i and c.value}
        elif name.startswith(f"{MARK}:") and "#" not in name and not name.endswith(":"):
            _mark, block, line = name.split(":", 2)
            for i, column in columns.get(block, {}).items():
                yield (line if column == "=" else f"{line}/{column}"), row[i]


def filled(body: bytes, values: dict[str, Any], *more: Callable[[Workbook], None]) -> bytes:
    """Return a copy with values written in the cells of some keys, and `more` done to it."""
    book = load_workbook(BytesIO(body))
    found = squares(book)
    for key, value in values.items():
        found[key].value = value
        if isinstance(value, str):
            put(found[key], value)
    for act in more:
        act(book)
    return saved(book)


def shuffled(seed: int) -> Callable[[Workbook], None]:
    """Move rows and columns of every sheet that is seen, and rename and reorder the sheets."""

    def act(book: Workbook) -> None:
        chance = random.Random(seed)  # noqa: S311
        for n, sheet in enumerate(list(book.worksheets)):
            if sheet.sheet_state == "visible":
                _shuffle(sheet, chance)
                sheet.title = f"表{n}"
        chance.shuffle(book._sheets)

    return act


def _shuffle(sheet: Worksheet, chance: random.Random) -> None:
    grid = [[(c.value, c.data_type, c.number_format) for c in row] for row in sheet.iter_rows()]
    order = list(range(len(grid[0])))
    chance.shuffle(order)
    chance.shuffle(grid)
    sheet.delete_rows(1, len(grid))
    for number, row in enumerate(grid, 1):
        for column, i in enumerate(order, 1):
            value, kind, number_format = row[i]
            square: Any = sheet.cell(number, column)
            square.value = value
            if value is not None:
                square.data_type, square.number_format = kind, number_format
