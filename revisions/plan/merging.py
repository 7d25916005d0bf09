"""Two people changed one sheet: what goes together, and what a person has to decide. Pure.

A sheet is a project as in content.py. Its yearly actions and indicators are merged row by row, a
row being known by its words; every other field is merged as a whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revisions.plan.diff import LABELS

Sheet = dict[str, Any]
Row = Mapping[str, Any]

KEYS = {"actions": "text", "indicators": "name"}
"""By what a row of a table is known."""

SECTIONS = ("lead", "related")

PLACE = "place"
"""Stands among the fields that are decided for whether the project is in the plan at all."""

_ = str  # marks words for the catalogue; pages translate them

NAMED = LABELS | {PLACE: _("掲載の有無"), "notes": _("資料の食い違い")}


@dataclass(frozen=True)
class Choice:
    """What a person decided about a field: the name of a side, or "own" with its value."""

    side: str
    value: Any = None


@dataclass(frozen=True)
class Merge:
    """`fields` go together as given here; `conflicts` are fields that both changed."""

    fields: dict[str, Any]
    conflicts: tuple[str, ...]


def merge(draft: Sheet, before: Sheet, proposed: Sheet) -> Merge:
    """Carry what was changed from `before` to `proposed` into the draft as it stands now."""
    fields = {
        field: _merged(field, draft[field], before.get(field), proposed[field])
        for field in changed_fields(before, proposed)
    }
    if _named_twice(draft | fields):
        fields |= dict.fromkeys(fields.keys() & SECTIONS)
    conflicts = tuple(field for field, found in fields.items() if found is None)
    return Merge({f: found for f, found in fields.items() if found is not None}, conflicts)


def resolve(
    draft: Sheet, before: Sheet, proposed: Sheet, choices: Mapping[str, Choice]
) -> dict[str, Any]:
    """Return the value of every field that was changed, with the conflicts as they were decided.

    raises  KeyError when one was not decided
    """
    found = merge(draft, before, proposed)
    asked = {field: choices[field] for field in found.conflicts}
    return found.fields | chosen(asked, draft=draft, answer=proposed)


def chosen(choices: Mapping[str, Choice], **sides: Sheet) -> dict[str, Any]:
    """Return what every field that was decided becomes; `sides` are sheets by name."""
    return {
        field: choice.value if choice.side == "own" else sides[choice.side][field]
        for field, choice in choices.items()
    }


def changed_fields(before: Sheet, after: Sheet) -> list[str]:
    return [field for field in after if field != "uid" and after[field] != before.get(field)]


def joined(field: str, one: Any, other: Any) -> Any:
    """Return what two sheets say in a field, one below the other and nothing twice."""
    if isinstance(one, list):
        key = KEYS.get(field)
        known = [row[key] for row in one] if key else one
        return one + [row for row in other if (row[key] if key else row) not in known]
    return one or other if one == other or not (one and other) else f"{one}\n{other}"


def _named_twice(sheet: Sheet) -> bool:
    """Whether a section is both on the draft's list and on the other of the proposal's."""
    sections = [s for field in SECTIONS for s in sheet[field] or []]
    return any(section in sections[:n] for n, section in enumerate(sections))


def _merged(field: str, draft: Any, before: Any, proposed: Any) -> Any:
    """Return the value that has both changes; None when they don't go together."""
    if draft in (before, proposed):
        return proposed
    return _rows(KEYS[field], draft, before, proposed) if field in KEYS else None


def _rows(
    key: str, draft: Sequence[Row], before: Sequence[Row], proposed: Sequence[Row]
) -> list[Row] | None:
    ours, base, theirs = ({row[key]: row for row in rows} for rows in (draft, before, proposed))
    if (len(ours), len(base), len(theirs)) != (len(draft), len(before), len(proposed)):
        return None  # two rows of the same words: which is which is not known
    gone = base.keys() - ours.keys() - theirs.keys()
    if gone and (ours.keys() | theirs.keys()) - base.keys():
        return None  # both may have reworded the same row
    merged = {}
    for name in ours.keys() | base.keys() | theirs.keys():
        row, was, other = ours.get(name), base.get(name), theirs.get(name)
        if row != was and other not in (was, row):
            return None
        if kept := other if row == was else row:
            merged[name] = kept
    order = _order(list(ours), list(base), list(theirs))
    return None if order is None else [merged[name] for name in order if name in merged]


def _order(ours: list[str], base: list[str], theirs: list[str]) -> list[str] | None:
    """Return an order of all rows in which each side finds its own; None when both moved rows."""
    common = [name for name in base if name in ours and name in theirs]
    if [n for n in theirs if n in common] == common:
        first, second = ours, theirs
    elif [n for n in ours if n in common] == common:
        first, second = theirs, ours
    else:
        return None
    order, at = list(first), 0
    for name in second:
        if name in order:
            at = order.index(name) + 1
        else:
            order.insert(at, name)
            at += 1
    return order
