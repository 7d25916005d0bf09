"""What changed between two texts and between two plan versions (新旧対照). Pure.

The same input gives the same output on every machine: nothing here has a time limit.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal

from diff_match_patch import diff_match_patch

from revisions.plan.cells import action_text, indicator_text
from revisions.plan.content import STATUSES, Content, number_text, placements

Op = Literal["=", "+", "-"]
Kind = Literal["edited", "added", "discontinued", "moved", "renumbered"]

_OPS: dict[int, Op] = {0: "=", 1: "+", -1: "-"}
_SENTENCE = re.compile(r"[^。\n]*[。\n]|[^。\n]+")
_BY_CHARACTER = 1_000_000
"""Product of lengths up to which comparing by character takes less than about half a second."""


def text_diff(before: str, after: str) -> list[tuple[Op, str]]:
    """Return the pieces kept, added and removed, in order; none of them empty.

    By character as a reader sees it (a base and its marks or variation selector stay together),
    gathered into readable pieces; by sentence when both texts are long.
    """
    split = _characters if len(before) * len(after) <= _BY_CHARACTER else _SENTENCE.findall
    return _diff(split(before), split(after))


def _diff(before: Sequence[str], after: Sequence[str]) -> list[tuple[Op, str]]:
    """Compare two lists of pieces, each standing as one character while the library compares."""
    used = set(before) | set(after)
    free = (c for c in map(chr, range(0xF0000, 0x110000)) if c not in used)
    mark = {piece: piece if len(piece) == 1 else next(free) for piece in sorted(used)}
    piece_of = {character: piece for piece, character in mark.items()}
    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    found = engine.diff_main(*("".join(map(mark.__getitem__, side)) for side in (before, after)))
    engine.diff_cleanupSemantic(found)
    return [(_OPS[op], "".join(map(piece_of.__getitem__, text))) for op, text in found]


def _characters(text: str) -> list[str]:
    pieces: list[str] = []
    for character in text:
        if pieces and (_extends(character) or pieces[-1].endswith("\u200d")):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _extends(character: str) -> bool:
    """Whether it belongs to the character before: marks, selectors, joiner, skin tones, ﾞ and ﾟ."""
    return (
        unicodedata.category(character).startswith("M")
        or character in "\u200dﾞﾟ"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )


@dataclass(frozen=True)
class FieldChange:
    """One field: its key, its Japanese label, and what it showed before and shows after."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """What happened to one project, or to a level above it, which has no uid.

    number   of the original placement, as it is now; as it was when discontinued; "" for the plan
    kind     the weightiest of what happened; `fields` has everything
    """

    uid: str
    number: str
    name: str
    kind: Kind
    fields: tuple[FieldChange, ...]


_ = str  # marks words for the catalogue; pages translate them

LABELS = {
    "within": _("掲載先"),
    "number": _("番号"),
    "name": _("名称"),
    "philosophy": _("基本理念"),
    "first_year": _("初年度"),
    "last_year": _("最終年度"),
    "aim": _("ねらい"),
    "status": _("新規・継続"),
    "lead": _("主管課等"),
    "related": _("関係課等"),
    "overview": _("概要"),
    "aims": _("目指すもの"),
    "actions": _("年度ごとの取組"),
    "indicators": _("評価指標"),
    "rationale": _("指標の考え方"),
    "relisted": _("再掲"),
}


@dataclass(frozen=True, eq=False)
class _Node:
    """The plan (), a policy (1,), a program (1, 2) or a project (1, 2, 3), by its path."""

    path: tuple[int, ...]
    within: str
    uid: str
    name: str
    fields: dict[str, str]


_NAMED = [attrgetter("name", "path"), attrgetter("name"), attrgetter("path")]
_KEYS = [[attrgetter("path")], _NAMED, _NAMED, [attrgetter("uid")]]
"""By level: what a node is recognised by in the other version, the surest first."""


def plan_diff(old: Content, new: Content, *, names: Mapping[str, str]) -> list[Change]:
    """Return what happened to the plan, its policies, programs and projects, by number.

    A project is known by its uid; a policy or program by its name, or else by its number.
    names   section code → name; a code without one is shown as it is
    """
    origin: dict[tuple[int, ...], tuple[int, ...]] = {(): ()}
    changes: list[Change] = []
    for before, after, keys in zip(_levels(old, names), _levels(new, names), _KEYS, strict=True):
        pairs, gone, fresh = _matched(before, after, keys)
        changes += [_told(was, "discontinued", _compared(was.fields, {})) for was in gone]
        changes += [_told(now, "added", _compared({}, now.fields)) for now in fresh]
        changes += filter(None, (_change(was, now, origin) for was, now in pairs))
        origin |= {now.path: was.path for was, now in pairs}
    return sorted(changes, key=lambda change: [int(n) for n in re.findall("[0-9]+", change.number)])


def sheet_diff(
    before: Mapping[str, Any], after: Mapping[str, Any], *, names: Mapping[str, str]
) -> tuple[FieldChange, ...]:
    """Return the fields in which two sheets of a project differ; {} is a sheet not there."""
    return _compared(sheet_fields(before, names=names), sheet_fields(after, names=names))


def sheet_fields(project: Mapping[str, Any], *, names: Mapping[str, str]) -> dict[str, str]:
    """Return field → what a reader sees, for every field of a project; {} for {}."""
    if not project:
        return {}
    return {
        "name": project["name"],
        "status": STATUSES.get(project["status"], project["status"]),
        "lead": section_names(project["lead"], names),
        "related": section_names(project["related"], names),
        "overview": project["overview"],
        "aims": project["aims"],
        "actions": "\n".join(map(action_text, project["actions"])),
        "indicators": "\n".join(map(indicator_text, project["indicators"])),
        "rationale": project["rationale"],
    }


def _levels(content: Content, names: Mapping[str, str]) -> list[list[_Node]]:
    plan = content["plan"]
    top = {
        "name": plan["title"],
        "philosophy": plan["philosophy"],
        "first_year": str(plan["first_year"]),
        "last_year": str(plan["last_year"]),
    }
    policies, programs = [], []
    for policy in content["policies"]:
        policies.append(_node((policy["number"],), {"name": policy["name"]}))
        for program in policy["programs"]:
            path = (policy["number"], program["number"])
            fields = {"name": program["name"], "aim": program["aim"]}
            programs.append(_node(path, fields, within=policy["name"]))
    program_names = {program.path: program.name for program in programs}
    return [[_node((), top)], policies, programs, _projects(content, names, program_names)]


def _projects(
    content: Content, names: Mapping[str, str], program_names: Mapping[tuple[int, ...], str]
) -> list[_Node]:
    paths: dict[str, tuple[int, ...]] = {}
    relisted: dict[str, list[str]] = {}
    for path, placement in placements(content):
        if placement.get("relisted"):
            relisted.setdefault(placement["project"], []).append(number_text(path))
        else:
            paths[placement["project"]] = path
    nodes = []
    for project in content["projects"]:
        path = paths.get(project["uid"], ())
        fields = sheet_fields(project, names=names)
        fields["relisted"] = "、".join(relisted.get(project["uid"], []))
        within = program_names.get(path[:2], "")
        nodes.append(_node(path, fields, within=within, uid=project["uid"]))
    return nodes


def _node(
    path: tuple[int, ...], fields: dict[str, str], *, within: str = "", uid: str = ""
) -> _Node:
    return _Node(path, within, uid, fields["name"], {"number": number_text(path)} | fields)


def _matched(
    old: list[_Node], new: list[_Node], keys: Sequence[Callable[[_Node], object]]
) -> tuple[list[tuple[_Node, _Node]], list[_Node], list[_Node]]:
    """Return the pairs that are the same in both, what is only in the old, only in the new."""
    pairs, gone, fresh = [], list(old), list(new)
    for key in keys:
        known = {key(node): node for node in gone}
        for now in list(fresh):
            if was := known.pop(key(now), None):
                gone.remove(was)
                fresh.remove(now)
                pairs.append((was, now))
    return pairs, gone, fresh


def _change(
    was: _Node, now: _Node, origin: Mapping[tuple[int, ...], tuple[int, ...]]
) -> Change | None:
    """Compare one node with itself; `origin` tells where its new parent was."""
    fields = _compared(was.fields, now.fields)
    if origin.get(now.path[:-1]) != was.path[:-1]:
        moved = _compared({"within": was.within}, {"within": now.within})
        return _told(now, "moved", moved + fields)
    changed = {change.field for change in fields}
    if "number" in changed and changed <= {"number", "relisted"}:
        return _told(now, "renumbered", fields)
    return _told(now, "edited", fields) if fields else None


def _told(node: _Node, kind: Kind, fields: tuple[FieldChange, ...]) -> Change:
    return Change(node.uid, number_text(node.path), node.name, kind, fields)


def _compared(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FieldChange, ...]:
    pairs = [(field, before.get(field, ""), after.get(field, "")) for field in LABELS]
    return tuple(FieldChange(f, LABELS[f], was, now) for f, was, now in pairs if was != now)


def section_names(sections: Iterable[Any], names: Mapping[str, str]) -> str:
    return "、".join(
        names.get(section, section) if isinstance(section, str) else section["class"]
        for section in sections
    )
