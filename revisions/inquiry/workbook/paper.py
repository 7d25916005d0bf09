"""A workbook to be filled in, before it is drawn: sheets of blocks of lines of cells. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from revisions.inquiry.workbook.cells import Cell

OWN = "="
"""The column of a line whose only cell has the line's name as its key."""


@dataclass(frozen=True)
class Hint:
    """A word on how to fill in; it runs on over the empty cells to its right."""

    text: str


@dataclass(frozen=True)
class Link:
    """Leads to another sheet of the workbook, by its title, or out of it to an address."""

    text: str
    to: str
    is_outside: bool = False


Value = str | Cell | Hint | Link


@dataclass(frozen=True)
class Line:
    """A row. `values` stand in column B and on; those that are a Cell are to be written in.

    row    begins the keys of its cells
    lines  of text that it has room for, at least
    when   (key, text) of the cell above, on the same sheet, that makes it asked by saying so
    """

    values: Sequence[Value]
    row: str = ""
    lines: int = 1
    when: tuple[str, str] | None = None


@dataclass(frozen=True)
class Block:
    """A table of lines under headings.

    name       tells it apart from the other blocks of a sheet
    columns    heading of every column from B
    ids        of the columns from B: OWN, or what follows the row in a cell's key; "" else
    note       a word on how to fill in, beside the title
    compares   the columns (0 is B) whose difference is a change and is coloured
    """

    name: str
    columns: Sequence[str]
    lines: Sequence[Line]
    ids: Sequence[str] = ()
    title: str = ""
    note: str = ""
    compares: tuple[int, int] | None = None


@dataclass(frozen=True)
class Page:
    """heading stands on top, `facts` below it as term and text, then what `says` how, then blocks.

    said  what is answered on it so far, in a word
    """

    title: str
    heading: str
    widths: Sequence[float]
    blocks: Sequence[Block] = ()
    facts: Sequence[tuple[str, str]] = ()
    says: Sequence[str] = ()
    landscape: bool = True
    back: str = ""
    said: str = ""

    def cells(self) -> Iterator[Cell]:
        for block in self.blocks:
            for line in block.lines:
                yield from (value for value in line.values if isinstance(value, Cell))


@dataclass(frozen=True)
class Stamp:
    """What the hidden sheet says of a workbook: for whom it was made, and one of its own name.

    target   key of the addressee
    name     of this copy, given when it was made
    title    section and inquiry, to tell a person which workbook it is
    base     key → hash of what each cell said
    """

    target: str
    name: str
    title: str
    base: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Paper:
    pages: Sequence[Page]
    stamp: Stamp
    seal: str
    footer: str = ""

    @property
    def cells(self) -> dict[str, Cell]:
        return cells_of(self.pages)


def cells_of(pages: Sequence[Page]) -> dict[str, Cell]:
    return {cell.key: cell for page in pages for cell in page.cells()}
