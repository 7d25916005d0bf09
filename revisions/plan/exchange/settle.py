"""From what a plan's tables say to its content; where they disagree, a person chooses. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revisions.plan.content import number_text
from revisions.plan.diff import LABELS
from revisions.plan.exchange.fields import Office, Reader, Reading
from revisions.plan.exchange.layout import TABLES
from revisions.plan.exchange.parse import Fault, Place, Row, Written
from revisions.plan.exchange.words import Path, path_of, plain

PLACED = ("sheet", "list", "chart")
"""Tables with a row a placement; of two that differ in width alone, the first one's is kept."""


@dataclass(frozen=True)
class Disagreement:
    """A field that is written in several ways.

    key     names it in `choices`
    chosen  index of the reading that a person took; None before that
    """

    key: str
    number: str
    field: str
    readings: tuple[Reading, ...]
    chosen: int | None

    @property
    def label(self) -> str:
        return LABELS[self.field]


class Settling:
    """The rows of a plan brought together by their numbers.

    choices  key of a disagreement → index of the reading to take
    """

    def __init__(self, written: Written, office: Office, choices: Mapping[str, int]) -> None:
        self.rows, self.choices = written.rows, choices
        self.reader = Reader(office)
        self.faults = list(written.faults)
        self.disagreements: list[Disagreement] = []
        self.placed: dict[Path, list[Row]] = {}
        for table in PLACED:
            for row in written.rows.get(table, []):
                if len(row.path) == 3:
                    self.placed.setdefault(row.path, []).append(row)
        self.numbered: dict[str, dict[Path, list[Row]]] = {}
        for table in ("actions", "indicators", "notes"):
            by_path = self.numbered.setdefault(table, {})
            for row in written.rows.get(table, []):
                by_path.setdefault(row.path, []).append(row)
        self.used = {
            (row.table, key)
            for rows in self.placed.values()
            for row in rows
            for key in row.texts
            if row.says(key)
        }
        self._check_numbers()
        self.original_of = dict(self._originals())

    def headings(self) -> dict[Path, dict[str, str]]:
        """Return {name, aim} of policies (1,) and programs (1, 2), those without a row too."""
        found: dict[Path, list[Row]] = {}
        for path in sorted(self.placed):
            found |= {path[:1]: [], path[:2]: []}
        for table in ("chart", "list"):
            for row in self.rows.get(table, []):
                if len(row.path) < 3:
                    found.setdefault(row.path[:1], [])
                    found.setdefault(row.path, []).append(row)
        return {
            path: {
                "name": self.take(path, "name", [self.reader.name(row) for row in found[path]])
                or "",
                "aim": next((row.texts["aim"] for row in found[path] if row.says("aim")), ""),
            }
            for path in sorted(found)
        }

    def sheet(self, original: Path) -> dict[str, Any]:
        """Return the fields of the project that stands at `original`, from all its places."""
        paths = [path for path, of in self.original_of.items() if of == original]
        rows = [row for path in [original, *paths] for row in self.placed[path]]
        read = self.reader
        fields: dict[str, Callable[[Row], Reading]] = {
            "name": read.name,
            "status": read.status,
            "lead": lambda row: read.sections(row, "lead"),
            "related": lambda row: read.sections(row, "related"),
            "overview": lambda row: read.prose(row, "overview"),
            "aims": lambda row: read.prose(row, "aims"),
            "rationale": lambda row: read.prose(row, "rationale"),
        }
        sheet = {
            field: self.take(original, field, [of(row) for row in rows if self._says(row, field)])
            for field, of in fields.items()
        }
        for field, many in (("actions", read.actions), ("indicators", read.indicators)):
            at = {path: self.numbered[field].get(path, []) for path in [original, *paths]}
            told = [many(found) for path, found in at.items() if found or path == original]
            sheet[field] = self.take(original, field, told)
        return sheet

    def take(self, path: Path, field: str, readings: Sequence[Reading]) -> Any:
        """Return the value that all agree on or a person chose; the first one's until then."""
        ways: dict[str, Reading] = {}
        for one in readings:
            if said := ways.get(one.same):
                places, tables = said.places + one.places, said.tables + one.tables
                one = Reading(said.value, said.text, said.same, places, tables)
            ways[one.same] = one
        if len(ways) < 2:
            return next(iter(ways.values())).value if ways else None
        key = "-".join([*map(str, path), field])
        chosen = self.choices.get(key)
        chosen = chosen if chosen is not None and 0 <= chosen < len(ways) else None
        found = Disagreement(key, number_text(path), field, tuple(ways.values()), chosen)
        self.disagreements.append(found)
        return found.readings[chosen or 0].value

    def _says(self, row: Row, field: str) -> bool:
        """Whether a row says anything of a field, be it that there is nothing.

        A column that nobody filled says nothing, nor does an empty cell of a relisting, a name or
        a status.
        """
        if row.says(field):
            return True
        return (
            (row.table, field) in self.used
            and not row.is_relisted
            and field not in ("name", "status")
        )

    def _check_numbers(self) -> None:
        """Every placement stands in every table, and is relisted in all or in none."""
        tables = [table for table in PLACED if any(row.table == table for row in self._all())]
        for path, rows in self.placed.items():
            there = {row.table for row in rows}
            lacking = [
                table
                for table in tables
                if table not in there and not (table == "sheet" and rows[0].is_relisted)
            ]
            places = [row.place("number") for row in rows]
            number, name = number_text(path), rows[0].name
            if lacking:
                titles = "、".join(TABLES[table].title for table in lacking)
                places += [Place(TABLES[table].title) for table in lacking]
                told = f"番号 {number}（{name}）が、シート「{titles}」にありません。"
                self.faults.append(Fault(told, tuple(places)))
            if len({row.is_relisted for row in rows}) > 1:
                ways = {row.is_relisted: TABLES[row.table].title for row in rows}
                told = f"番号 {number}（{name}）が、「{ways[True]}」では再掲、"
                told += f"「{ways[False]}」では再掲ではありません。"
                self.faults.append(Fault(told, tuple(places)))

    def _all(self) -> Iterator[Row]:
        return (row for rows in self.placed.values() for row in rows)

    def _originals(self) -> Iterator[tuple[Path, Path]]:
        """Yield (place, original place) of every relisting that has one."""
        originals = {path for path, rows in self.placed.items() if not rows[0].is_relisted}
        by_name = {plain(row.name): path for path in sorted(originals) for row in self.placed[path]}
        for path, rows in self.placed.items():
            if path in originals:
                continue
            given = [path_of(row.text("original")) for row in rows if row.text("original")]
            named = [by_name.get(plain(row.name)) for row in rows]
            found = [one for one in given or named if one in originals]
            if found and found[0]:
                yield path, found[0]
            else:
                places = tuple(row.place("original" if given else "name") for row in rows)
                told = f"番号 {number_text(path)}（{rows[0].name}）の、再掲のもとがありません。"
                self.faults.append(Fault(told, places))


def notes_of(found: Disagreement) -> list[dict[str, str]]:
    """Return what a sheet notes of readings that were not taken (content.py, notes)."""
    taken = found.readings[found.chosen or 0]
    return [
        {"field": found.field, "sheet": taken.text, "elsewhere": other.text, "where": table}
        for other in found.readings
        if other is not taken
        for table in dict.fromkeys(other.tables)
    ]
