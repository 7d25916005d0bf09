"""What changed between two plan versions (新旧対照). Pure.

The same input gives the same output on every machine: nothing here has a time limit.
"""

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any, Literal

from revisions.plan.content import STATUSES, Content, number_text, placements
from revisions.plan.lines import Lines, Names, Value, action_line, indicator_line, value_diff
from workflow.differences import Pieces, strung

Kind = Literal["edited", "added", "discontinued", "moved", "renumbered", "relisted"]


@dataclass(frozen=True)
class FieldChange:
    """One field: its key, its Japanese label, and what it showed before and shows after.

    values  the two as they are compared; the texts when left out
    """

    field: str
    label: str
    before: str
    after: str
    values: tuple[Value, Value] | None = dataclasses.field(default=None, compare=False, repr=False)

    @cached_property
    def lines(self) -> list[Pieces]:
        """What is kept, added and removed, line by line."""
        return value_diff(*(self.values or (self.before, self.after)))

    @cached_property
    def pieces(self) -> Pieces:
        return strung(self.lines, "\n")


@dataclass(frozen=True)
class Change:
    """What happened to one project, or to a level above it, which has no uid.

    number   of the original placement, as it is now; as it was when discontinued; "" for the plan
    kind     the weightiest of what happened; `fields` has everything
    kept     the other fields that say something, by key
    """

    uid: str
    number: str
    name: str
    kind: Kind
    fields: tuple[FieldChange, ...]
    kept: tuple[str, ...] = dataclasses.field(default=(), compare=False, repr=False)


_ = str  # marks words for the catalogue; pages translate them

KINDS: dict[Kind, str] = {
    "added": _("新規掲載"),
    "edited": _("修正"),
    "moved": _("移動"),
    "renumbered": _("番号の変更"),
    "relisted": _("再掲の変更"),
    "discontinued": _("廃止"),
}
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
    fields: dict[str, Value]
    members: frozenset[str] = frozenset()


_Key = Callable[[_Node], object]
_NAMED: list[_Key] = [
    attrgetter("name", "path"),
    attrgetter("name"),
    lambda node: node.members or None,
    attrgetter("path"),
]
_KEYS: list[list[_Key]] = [[attrgetter("path")], _NAMED, _NAMED, [attrgetter("uid")]]
"""By level: what a node is recognised by in the other version, the surest first; None: not so."""


def plan_diff(old: Content, new: Content, *, names: Mapping[str, str]) -> list[Change]:
    """Return what happened to the plan, its policies, programs and projects, by number.

    A project is known by its uid; a policy or program by its name, or else by the projects that
    stand in it, or else by its number.
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
    return _compared(_sheet_values(before, names), _sheet_values(after, names))


def sheet_fields(project: Mapping[str, Any], *, names: Mapping[str, str]) -> dict[str, str]:
    """Return field → what a reader sees, for every field of a project; {} for {}."""
    return {name: str(value) for name, value in _sheet_values(project, names).items()}


def section_names(sections: Iterable[Any], names: Mapping[str, str]) -> str:
    return str(_section_names(sections, names))


def _section_names(sections: Iterable[Any], names: Mapping[str, str]) -> Names:
    return Names(
        names.get(section, section) if isinstance(section, str) else section["class"]
        for section in sections
    )


def _sheet_values(project: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Value]:
    if not project:
        return {}
    return {
        "name": project["name"],
        "status": STATUSES.get(project["status"], project["status"]),
        "lead": _section_names(project["lead"], names),
        "related": _section_names(project["related"], names),
        "overview": project["overview"],
        "aims": project["aims"],
        "actions": Lines(map(action_line, project["actions"])),
        "indicators": Lines(map(indicator_line, project["indicators"])),
        "rationale": project["rationale"],
    }


def _levels(content: Content, names: Mapping[str, str]) -> list[list[_Node]]:
    plan = content["plan"]
    top: dict[str, Value] = {
        "name": plan["title"],
        "philosophy": plan["philosophy"],
        "first_year": str(plan["first_year"]),
        "last_year": str(plan["last_year"]),
    }
    policies, programs = [], []
    for policy in content["policies"]:
        members = frozenset[str]().union(*map(_members, policy["programs"]))
        policies.append(_node((policy["number"],), {"name": policy["name"]}, members=members))
        for program in policy["programs"]:
            path = (policy["number"], program["number"])
            fields = {"name": program["name"], "aim": program["aim"]}
            members = _members(program)
            programs.append(_node(path, fields, within=policy["name"], members=members))
    program_names = {program.path: program.name for program in programs}
    return [[_node((), top)], policies, programs, _projects(content, names, program_names)]


def _members(program: Mapping[str, Any]) -> frozenset[str]:
    places = program["placements"]
    return frozenset(place["project"] for place in places if not place.get("relisted"))


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
        fields = _sheet_values(project, names)
        fields["relisted"] = Names(relisted.get(project["uid"], []))
        within = program_names.get(path[:2], "")
        nodes.append(_node(path, fields, within=within, uid=project["uid"]))
    return nodes


def _node(
    path: tuple[int, ...],
    fields: Mapping[str, Value],
    *,
    within: str = "",
    uid: str = "",
    members: frozenset[str] = frozenset(),
) -> _Node:
    known = {"number": number_text(path), **fields}
    return _Node(path, within, uid, str(fields["name"]), known, members)


def _matched(
    old: Iterable[_Node], new: Iterable[_Node], keys: Sequence[_Key]
) -> tuple[list[tuple[_Node, _Node]], list[_Node], list[_Node]]:
    """Return the pairs that are the same in both, what is only in the old, only in the new."""
    pairs, gone, fresh = [], dict.fromkeys(old), dict.fromkeys(new)
    for key in keys:
        known = {key(node): node for node in gone}
        known.pop(None, None)
        for now in list(fresh):
            if was := known.pop(key(now), None):
                del gone[was], fresh[now]
                pairs.append((was, now))
    return pairs, list(gone), list(fresh)


def _change(
    was: _Node, now: _Node, origin: Mapping[tuple[int, ...], tuple[int, ...]]
) -> Change | None:
    """Compare one node with itself; `origin` tells where its new parent was."""
    fields = _compared(was.fields, now.fields)
    if origin.get(now.path[:-1]) != was.path[:-1]:
        moved = _compared({"within": was.within}, {"within": now.within})
        return _told(now, "moved", moved + fields)
    changed = {change.field for change in fields}
    if changed == {"relisted"}:
        return _told(now, "relisted", fields)
    if "number" in changed and changed <= {"number", "relisted"}:
        return _told(now, "renumbered", fields)
    return _told(now, "edited", fields) if fields else None


def _told(node: _Node, kind: Kind, fields: tuple[FieldChange, ...]) -> Change:
    changed = {change.field for change in fields}
    kept = tuple(name for name in LABELS if node.fields.get(name) and name not in changed)
    return Change(node.uid, number_text(node.path), node.name, kind, fields, kept)


def _compared(before: Mapping[str, Value], after: Mapping[str, Value]) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(name, LABELS[name], str(was), str(now), values=(was, now))
        for name in LABELS
        for was, now in [_both(before.get(name), after.get(name))]
        if was != now
    )


def _both(was: Value | None, now: Value | None) -> tuple[Value, Value]:
    """Return two values of a kind; one that is not there is empty."""
    some = was if was is not None else now if now is not None else ""
    return tuple(type(some)() if value is None else value for value in (was, now))  # type: ignore[return-value]
