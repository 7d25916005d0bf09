"""新旧対照表: the rows of the official form, from what changed between two versions. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple

from revisions.plan.content import Content, number_text, numbers
from revisions.plan.diff import KINDS, LABELS, Change, FieldChange, Kind, section_names
from workflow.differences import Pieces, list_diff, strung, text_diff

_ = str  # marks words for the catalogue; pages and papers translate them

COLUMNS = (_("改定後"), _("現行"), _("理由"))
NEW, GONE, OMITTED = _("（新設）"), _("（削除）"), _("（略）")
WHOLE_PLAN = _("計画全体")


@dataclass(frozen=True)
class Reason:
    """Why something was changed, and what it came from."""

    text: str
    origin: str = ""


class Line(NamedTuple):
    """What stands side by side.

    label             of the field, where it begins
    pieces            + stands in 改定後, - in 現行, = in both
    new_mark, old_mark  stands in place of a text
    """

    pieces: Pieces
    label: str = ""
    new_mark: str = ""
    old_mark: str = ""

    @property
    def new_label(self) -> str:
        """The label, but where nothing stands under it."""
        return self.label if self.new_mark or _has(self.pieces, "=+") else ""

    @property
    def old_label(self) -> str:
        return self.label if self.old_mark or _has(self.pieces, "=-") else ""

    @property
    def is_omitted(self) -> bool:
        return self.new_mark == self.old_mark == OMITTED


@dataclass(frozen=True)
class Entry:
    """A project, or a level above it; without a kind what did not change.

    lines  the first is its number and name
    """

    number: str
    name: str
    kind: Kind | None
    lines: tuple[Line, ...]
    reasons: tuple[Reason, ...] = ()

    @property
    def word(self) -> str:
        """What happened, where the two columns alone do not say it."""
        return KINDS[self.kind] if self.kind in _SAID else ""


@dataclass(frozen=True)
class Group:
    """Entries under a section (主管課); in the order of the plan all are under ""."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class _Place:
    """One thing in the order of the plan, and what happened to it.

    numbers  as it is, and as it was
    leads    codes of its sections (主管課) in either version
    owner    name of the section that it stands under
    """

    numbers: tuple[str, ...]
    name: str
    uid: str = ""
    leads: frozenset[str] = frozenset()
    owner: str = WHOLE_PLAN
    change: Change | None = None

    @property
    def number(self) -> str:
        return self.numbers[0]


_OMITTED_LINE = Line([], new_mark=OMITTED, old_mark=OMITTED)
_GAP = Entry("", "", None, (_OMITTED_LINE,))
_WHOLE = ("added", "discontinued")
_SAID = ("moved", "renumbered", "relisted")


def comparison_table(
    old: Content,
    new: Content,
    changes: Sequence[Change],
    *,
    reasons: Mapping[str, Sequence[Reason]],
    scope: str = "changed",
    sections: Sequence[str] | None = None,
) -> list[Group]:
    """Return the table of what the changes did to `old`.

    reasons   by uid; of a level above the projects by its number
    scope     changed; all, which also names what did not change; place:1, place:1-2; section:CODE
    sections  names in the order in which the entries are put; None for the order of the plan
    """
    places = [place for place in _places(old, new, changes) if _is_within(place, scope)]
    if not any(place.change for place in places):
        return []
    if sections is None:
        return [Group("", tuple(_entries(places, reasons, names_all=scope == "all")))]
    order = [WHOLE_PLAN, *sections]
    places.sort(key=lambda p: order.index(p.owner) if p.owner in order else len(order))
    shown = (place for place in places if place.change or scope == "all")
    return [
        Group(owner, tuple(_entry(place, reasons) for place in here))
        for owner, here in groupby(shown, key=lambda place: place.owner)
    ]


def places_of(content: Content) -> list[tuple[str, str]]:
    """Return (number, name) of every policy and program, in the plan's order."""
    return [(number, name) for number, name in _levels(content) if number]


def _entries(
    places: Iterable[_Place], reasons: Mapping[str, Sequence[Reason]], *, names_all: bool
) -> Iterator[Entry]:
    """Yield what changed, and for what stands between either （略） or its name."""
    for is_told, here in groupby(places, key=lambda place: names_all or bool(place.change)):
        yield from (_entry(place, reasons) for place in here) if is_told else (_GAP,)


def _places(old: Content, new: Content, changes: Sequence[Change]) -> list[_Place]:
    """Return all of the new version, with what is gone where it stood."""
    told = {c.uid or c.number: c for c in changes if c.kind != "discontinued"}
    gone = [_place(change.number, change) for change in changes if change.kind == "discontinued"]
    levels = [_place(number, told.get(number), name=name) for number, name in _levels(new)]
    at = numbers(new)
    sheets = [
        _place(at.get(p["uid"], ""), told.get(p["uid"]), name=p["name"], uid=p["uid"])
        for p in new["projects"]
    ]
    owned = _owned(old, new)
    places = (replace(p, **owned.get(p.uid, {})) for p in [*gone, *levels, *sheets])
    return sorted(places, key=lambda place: [int(n) for n in re.findall("[0-9]+", place.number)])


def _place(number: str, change: Change | None, *, name: str = "", uid: str = "") -> _Place:
    before = [field.before for field in change.fields if field.field == "number"] if change else []
    name, uid = (change.name, change.uid) if change else (name, uid)
    return _Place((number, *before), name, uid, change=change)


def _levels(content: Content) -> Iterator[tuple[str, str]]:
    yield "", content["plan"]["title"]
    for policy in content["policies"]:
        yield number_text((policy["number"],)), policy["name"]
        for program in policy["programs"]:
            yield number_text((policy["number"], program["number"])), program["name"]


def _owned(old: Content, new: Content) -> dict[str, dict[str, Any]]:
    """Return uid → leads and owner of its place."""
    names = old.get("sections", {}) | new.get("sections", {})
    found: dict[str, dict[str, Any]] = {}
    for project in [*old["projects"], *new["projects"]]:
        known = found.setdefault(project["uid"], {"leads": frozenset()})
        known["leads"] |= {section for section in project["lead"] if isinstance(section, str)}
        known["owner"] = section_names(project["lead"][:1], names) or WHOLE_PLAN
    return found


def _has(pieces: Pieces, ops: str) -> bool:
    return any(op in ops for op, _text in pieces)


def _is_within(place: _Place, scope: str) -> bool:
    kind, _colon, value = scope.partition(":")
    if kind == "place":
        return any(n == value or n.startswith(f"{value}-") for n in place.numbers)
    return kind != "section" or value in place.leads


def _entry(place: _Place, reasons: Mapping[str, Sequence[Reason]]) -> Entry:
    change = place.change
    if change is None:
        lines = [Line([("=", _headed(place.number, place.name))]), _OMITTED_LINE]
        return Entry(place.number, place.name, None, tuple(lines))
    why = reasons.get(place.uid or place.number, ())
    told = tuple(_without_repeats(_lines(change)))
    return Entry(place.number, place.name, change.kind, told, tuple(why))


def _without_repeats(lines: Iterable[Line]) -> Iterator[Line]:
    """One （略） is enough for the rest of a field and the fields after it."""
    last = None
    for line in lines:
        if line != _OMITTED_LINE or last != _OMITTED_LINE:
            yield line
        last = line


def _lines(change: Change) -> Iterator[Line]:
    fields = {field.field: field for field in change.fields}
    yield _heading(change, fields.pop("number", None), fields.pop("name", None))
    told = [name for name in LABELS if name in {*fields, *change.kept} - {"number", "name"}]
    for is_told, run in groupby(told, key=fields.__contains__):
        if not is_told:
            yield _OMITTED_LINE
            continue
        for name in run:
            yield from _field_lines(fields[name], is_whole=change.kind in _WHOLE)


def _heading(change: Change, number: FieldChange | None, name: FieldChange | None) -> Line:
    numbers_ = (number.before, number.after) if number else (change.number, change.number)
    names = (name.before, name.after) if name else (change.name, change.name)
    was, now = ([_headed(n)] if n else [] for n in numbers_)
    pieces = strung([list_diff(was, now), text_diff(*names)], "　")
    return Line(
        pieces,
        new_mark=GONE if change.kind == "discontinued" else "",
        old_mark=NEW if change.kind == "added" else "",
    )


def _headed(number: str, name: str = "") -> str:
    """基本方針1, 1-1, 1-1-(1), and the name after it."""
    head = f"基本方針{number}" if number.isdecimal() else number
    return "　".join(part for part in (head, name) if part)


def _field_lines(field: FieldChange, *, is_whole: bool) -> Iterator[Line]:
    """Yield the lines of a field that changed, with （略） for those between that did not."""
    label = field.label
    for is_same, run in groupby(field.lines, key=lambda pieces: not _has(pieces, "+-")):
        if is_same:
            yield _OMITTED_LINE._replace(label=label)
            label = ""
            continue
        for pieces in run:
            new_mark = "" if is_whole or _has(pieces, "=+") else GONE
            old_mark = "" if is_whole or _has(pieces, "=-") else NEW
            yield Line(_near(pieces), label, new_mark, old_mark)
            label = ""


def _near(pieces: Pieces) -> Pieces:
    """Leave out the paragraphs in which nothing changed."""
    last = len(pieces) - 1
    return [
        (op, _shortened(text, is_first=n == 0, is_last=n == last) if op == "=" else text)
        for n, (op, text) in enumerate(pieces)
    ]


def _shortened(text: str, *, is_first: bool, is_last: bool) -> str:
    lines = text.split("\n")
    head = [] if is_first else lines[:1]
    tail = [] if is_last else lines[-1:]
    if len(lines) <= len(head) + len(tail):
        return text
    return "\n".join([*head, OMITTED, *tail])
