"""A plan's tables as they are written: every row with what it says and where it says it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from revisions.plan.exchange.layout import TABLES, Column, Rows, Table, Tables
from revisions.plan.exchange.words import Path, name_of, path_of, plain, year_of

PROSE = ("overview", "aims", "rationale", "aim", "because")
HEAD_WITHIN = 10
"""Rows in which the titles of the columns are looked for."""


@dataclass(frozen=True)
class Place:
    """Where in a file something stands; `row` 0 is a sheet as a whole."""

    sheet: str
    row: int = 0
    column: str = ""


@dataclass(frozen=True)
class Fault:
    """Something that can't be taken as it stands (or, no error, something to look at)."""

    message: str
    places: tuple[Place, ...] = ()
    is_error: bool = True


@dataclass(frozen=True)
class Row:
    """A row of a table: the texts of the columns that the sheet has, by their keys.

    path   of a table with numbers: (1, 1, 3) for 1-1-(3)
    years  text by fiscal year, of a table that has years
    """

    table: str
    number: int
    texts: Mapping[str, str]
    path: Path = ()
    years: Mapping[int, str] = field(default_factory=dict)

    def place(self, key: str = "") -> Place:
        table = TABLES[self.table]
        return Place(table.title, self.number, table.columns[key].title if key else "")

    def text(self, key: str) -> str:
        return self.texts.get(key, "").strip()

    def says(self, key: str) -> bool:
        """Whether anything stands in a column; in prose, a space is kept as well."""
        return bool(self.texts.get(key) if key in PROSE else self.text(key))

    @property
    def name(self) -> str:
        return name_of(self.text("name"))[0]

    @property
    def is_relisted(self) -> bool:
        return name_of(self.text("name"))[1] or bool(self.text("original"))


@dataclass(frozen=True)
class Written:
    """What the tables say: rows by key of their table, and what could not be read."""

    rows: Mapping[str, list[Row]]
    faults: list[Fault]


def parse(tables: Tables) -> Written:
    """Read the sheets that the layout knows; other sheets are left alone."""
    titles = {plain(title): title for title in tables}
    rows: dict[str, list[Row]] = {}
    faults: list[Fault] = []
    for key, table in TABLES.items():
        if (title := titles.get(plain(table.title))) is not None:
            rows[key] = list(_rows(key, table, tables[title], faults))
        elif table.needed:
            faults.append(Fault(f"シート「{table.title}」がありません。", (Place(table.title),)))
    return Written(rows, faults)


def _rows(key: str, table: Table, rows: Rows, faults: list[Fault]) -> Iterator[Row]:
    head = _head(table, rows)
    if head is None:
        listed = "、".join(f"「{c.title}」" for c in table.columns.values() if c.needed)
        faults.append(
            Fault(f"見出しの行がありません。{listed}の列が要ります。", (Place(table.title),))
        )
        return
    start, columns, years = head
    seen: dict[Path, Row] = {}
    for number, cells in rows:
        texts = {k: cells[n] for k, n in columns.items() if n < len(cells)}
        by_year = {year: cells[n].strip() for year, n in years.items() if n < len(cells)}
        if number <= start or not any(map(str.strip, (*texts.values(), *by_year.values()))):
            continue
        row = Row(key, number, texts, years=by_year)
        if "number" not in table.columns:
            yield row
        elif (path := path_of(row.text("number"))) is None:
            faults.append(Fault(_unnumbered(row), (row.place("number"),)))
        else:
            row = Row(key, number, texts, path, by_year)
            if key in ("chart", "list", "sheet") and path in seen:
                told = (
                    f"番号「{row.text('number')}」が2回あります（{seen[path].name}、{row.name}）。"
                )
                faults.append(Fault(told, (seen[path].place("number"), row.place("number"))))
                continue
            seen[path] = row
            yield row


def _head(table: Table, rows: Rows) -> tuple[int, dict[str, int], dict[int, int]] | None:
    """Return the row of the titles, and where the columns and the years stand."""
    for number, cells in rows[:HEAD_WITHIN]:
        titles = [plain(cell) for cell in cells]
        columns = {
            key: n for key, c in table.columns.items() if (n := _column(c, titles)) is not None
        }
        if all(key in columns for key, c in table.columns.items() if c.needed):
            years = {year: n for n, cell in enumerate(cells) if (year := year_of(cell))}
            return number, columns, years if table.has_years else {}
    return None


def _column(column: Column, titles: list[str]) -> int | None:
    for title in (column.title, *column.aliases):
        if plain(title) in titles:
            return titles.index(plain(title))
    return None


def _unnumbered(row: Row) -> str:
    text = row.text("number")
    if not text:
        return "番号がありません。"
    if year_of(text):
        return f"番号「{text}」が日付になっています。セルを文字列にして、書き直してください。"
    return f"番号「{text}」を読み取れません。1-1-(1) のように書いてください。"
