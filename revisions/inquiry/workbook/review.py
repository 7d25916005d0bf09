"""A workbook that came back, read and compared: what it would change, and what is wrong with it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import IO

from django.utils.translation import gettext as _
from openpyxl.utils.cell import coordinate_to_tuple

from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.questions import Value
from revisions.inquiry.workbook.asked import Asked
from revisions.inquiry.workbook.cells import Cell
from revisions.inquiry.workbook.merge import Conflict, Merged, merge, table_of
from revisions.inquiry.workbook.outcome import Outcome, outcome_of
from revisions.inquiry.workbook.paper import Page, cells_of
from revisions.inquiry.workbook.queries import asked_of
from revisions.inquiry.workbook.reading import Reading, read
from revisions.inquiry.workbook.stamp import check_stamp, hash_for
from revisions.inquiry.workbook.whole import pages_of
from workflow.errors import Invalid
from workflow.workbooks import open_workbook


@dataclass(frozen=True)
class Fault:
    """sheet, at: where in the file; empty when it isn't there. label: the field's words."""

    sheet: str
    at: str
    label: str
    said: str


@dataclass(frozen=True)
class Clash:
    """A conflict in words: as it is answered now, and as the workbook has it."""

    key: str
    label: str
    sheet: str
    at: str
    now: str
    mine: str


@dataclass(frozen=True)
class Review:
    """picks: keys of the conflicts that the workbook wins; the answer as it is wins the others.

    None while nobody has chosen: the outcome is that of the answer as it is, and what is wrong with
    a sheet that has a conflict is not told yet, since the choice may mend it.
    """

    asked: Asked
    pages: list[Page]
    reading: Reading
    merged: Merged
    picks: frozenset[str] | None = None

    @cached_property
    def cells(self) -> dict[str, Cell]:
        return cells_of(self.pages)

    @cached_property
    def labels(self) -> dict[str, str]:
        """Return key → 個別事業1-1-(1) 取組2 から, and of a table 個別事業1-1-(1) 評価指標."""
        return {key: label for page in self.pages for key, label in _labels(page)}

    @cached_property
    def outcome(self) -> Outcome:
        return outcome_of(self.asked, self.cells, self.merged.chosen(self.picks or ()))

    @property
    def values(self) -> Mapping[int, Value]:
        """Return what the questions are answered with when it is accepted."""
        values, paper = self.outcome.values, self.asked.paper
        return paper.values if values is None else values

    @cached_property
    def faults(self) -> list[Fault]:
        """Return everything wrong in the order of the file."""
        found = [self._fault(key, self._wrong(key)) for key in self.merged.wrong]
        for key, double in self.reading.doubles:
            said = _("同じ欄が%(sheet)sの%(at)sにもあり、書かれていることが違います。")
            found.append(self._fault(key, said % {"sheet": double.sheet, "at": double.at}))
        for stray in self.reading.strays:
            told = _("用紙の外に書かれているため、読み取れません。空いている欄に移してください。")
            found.append(Fault(stray.sheet, stray.at, "", told))
        others = {k: why for k, why in self.outcome.faults.items() if not self._is_open(k)}
        found += [self._fault(k, why) for k, why in others.items() if k not in self.merged.wrong]
        sheets = [page.title for page in self.pages]
        return sorted(found, key=lambda fault: _place(fault, sheets))

    @cached_property
    def clashes(self) -> list[Clash]:
        return [self._clash(conflict) for conflict in self.merged.conflicts]

    @cached_property
    def missing(self) -> list[str]:
        """Return what the file no longer has, whole worksheets by their title."""
        gone, told = set(self.merged.missing), list[str]()
        for page in self.pages:
            keys = {cell.key for cell in page.cells()}
            if keys and keys <= gone:
                told.append(_("「%s」のシート") % page.title)
            else:
                told += [self.labels[cell.key] for cell in page.cells() if cell.key in gone]
        return told

    def _is_open(self, key: str) -> bool:
        """Whether a choice that nobody has made yet may mend what is wrong there."""
        conflicts = self.merged.conflicts if self.picks is None else []
        return _sheet(key) in {_sheet(conflict.key) for conflict in conflicts}

    def _fault(self, key: str, said: str) -> Fault:
        found = self.reading.found.get(key)
        where = (found.sheet, found.at) if found else ("", "")
        return Fault(*where, self.labels.get(key, ""), said)

    def _wrong(self, key: str) -> str:
        if self.reading.found[key].is_formula:
            return _("数式は読み取れません。文字か数で入力してください。")
        return _("表計算ソフトのエラーになっています。入力し直してください。")

    def _clash(self, conflict: Conflict) -> Clash:
        keys = list(conflict.mine)
        found = self.reading.found[keys[0]]
        now = {key: self.cells[key].text for key in keys}
        label = self.labels[conflict.key]
        texts = [_in_lines(side) for side in (now, conflict.mine)]
        return Clash(conflict.key, label, found.sheet, found.at, *texts)


def reviewed(target: InquiryTarget, file: IO[bytes], picks: Iterable[str] | None = None) -> Review:
    """Read a workbook and compare it with the answer as it is now.

    raises  Invalid, field "file", when it is not this addressee's workbook
    """
    reading = read(open_workbook(file, formulas=True))
    check_stamp(reading, target)
    return compared(asked_of(target, tuple(reading.stamp.base)), reading, picks)


def compared(asked: Asked, reading: Reading, picks: Iterable[str] | None = None) -> Review:
    """Compare what was read with the answer as it is now.

    asked   with the keys of the workbook as its base
    raises  Invalid, field "file", when the plan has years or sheets that the workbook has not
    """
    base, pages = reading.stamp.base, pages_of(asked)
    cells = cells_of(pages)
    if base.keys() - cells.keys():
        raise Invalid(
            _("照会の内容が変わっています。新しい照会票をダウンロードして、書き写してください。"),
            field="file",
        )
    merged = merge(cells, base, reading.found, hash_for(asked.target.key))
    return Review(asked, pages, reading, merged, None if picks is None else frozenset(picks))


def _sheet(key: str) -> str:
    """P06/overview → P06."""
    return key.partition("/")[0]


def _place(fault: Fault, sheets: Sequence[str]) -> tuple[int, str, int, int]:
    """Order faults as they stand: by sheet as it was given out, by row, by column."""
    row, column = coordinate_to_tuple(fault.at) if fault.at else (0, 0)
    known = sheets.index(fault.sheet) if fault.sheet in sheets else len(sheets)
    return known, fault.sheet, row, column


def _labels(page: Page) -> Iterator[tuple[str, str]]:
    for block in page.blocks:
        for line in block.lines:
            if table := table_of(f"{line.row}/"):
                yield table, f"{page.title} {block.title}".strip()
            for column, value in enumerate(line.values):
                if isinstance(value, Cell):
                    words = [page.title, str(line.values[0])]
                    if value.key != line.row:
                        words.append(block.columns[column])
                    yield value.key, " ".join(words).replace("\n", "")


def _in_lines(texts: Mapping[str, str]) -> str:
    """Return one cell's text, or a table's as a line a row."""
    if len(texts) == 1:
        return next(iter(texts.values()))
    rows: dict[str, list[str]] = {}
    for key, text in texts.items():
        if text:
            rows.setdefault(key.rpartition("/")[0], []).append(text)
    return "\n".join("　".join(row) for row in rows.values())
