"""The fields of a sheet as values that are compared as what they are: years, numbers, sections.

Pure: no database, no clock, no Django.
"""

from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from revisions.plan.cells import COMPARISONS, cell_text, years_text
from workflow.differences import Pieces, list_diff, strung, text_diff


class Entry(NamedTuple):
    """What a line says of some years.

    whole  never split, the years first: 令和4年度～令和5年度, a number with its unit, 以上
    text   compared as a text
    """

    whole: tuple[str, ...]
    text: str = ""

    def __str__(self) -> str:
        return "".join(self.whole) + self.text


class Line(NamedTuple):
    """A yearly action (年度ごとの取組) or an indicator (評価指標)."""

    name: str
    entries: tuple[Entry, ...] = ()

    def __str__(self) -> str:
        listed = "、".join(map(str, self.entries))
        return f"{self.name}: {listed}" if listed else self.name


class Lines(tuple[Line, ...]):
    def __str__(self) -> str:
        return "\n".join(map(str, self))


class Names(tuple[str, ...]):
    """Sections, or numbers of places."""

    def __str__(self) -> str:
        return "、".join(self)


Value = str | Names | Lines

V = TypeVar("V")


def action_line(action: Mapping[str, Any]) -> Line:
    return Line(action["text"], tuple(map(_span, action["spans"])))


def indicator_line(indicator: Mapping[str, Any]) -> Line:
    name = indicator["name"] + ("(累計)" if indicator["cumulative"] else "")
    return Line(name, tuple(map(_cell, indicator["cells"])))


def value_diff(before: Value, after: Value) -> list[Pieces]:
    """Return the pieces of a field, line by line; a text or a list of names is one line."""
    if isinstance(before, Lines) and isinstance(after, Lines):
        return [_line_diff(*pair) for pair in aligned(before, after, attrgetter("name"), Line(""))]
    if isinstance(before, Names) and isinstance(after, Names):
        return [list_diff(before, after, "、")]
    return [text_diff(str(before), str(after))]


def _span(span: Mapping[str, Any]) -> Entry:
    return Entry((years_text(span),), f"「{span['text']}」" if span.get("text") else "")


def _cell(cell: Mapping[str, Any]) -> Entry:
    years = years_text(cell), " "
    if "text" in cell:
        return Entry(years, cell["text"])
    comparison = COMPARISONS[cell["comparison"]]
    number = cell_text(cell).removesuffix(comparison)
    return Entry((*years, *(part for part in (number, comparison) if part)))


def _line_diff(was: Line, now: Line) -> Pieces:
    entries = aligned(was.entries, now.entries, lambda entry: entry.whole[:1], Entry(()))
    listed = strung([_entry_diff(*pair) for pair in entries], "、")
    before, after = ([": "] if line.entries else [] for line in (was, now))
    return strung([text_diff(was.name, now.name), list_diff(before, after), listed])


def _entry_diff(was: Entry, now: Entry) -> Pieces:
    return strung([list_diff(was.whole, now.whole), text_diff(was.text, now.text)])


def aligned(
    old: Sequence[V], new: Sequence[V], key: Callable[[V], object], nothing: V
) -> list[tuple[V, V]]:
    """Pair those with the same key, and in order those between them."""
    matcher = SequenceMatcher(None, list(map(key, old)), list(map(key, new)), autojunk=False)
    runs = [(old[i:j], new[k:m]) for _, i, j, k, m in matcher.get_opcodes()]
    return [pair for run in runs for pair in zip_longest(*run, fillvalue=nothing)]
