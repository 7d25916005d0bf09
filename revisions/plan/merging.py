"""Two people changed one sheet: what goes together, and what a person has to decide. Pure.

A sheet is a project as in content.py. Its yearly actions and indicators are merged cell by cell
(merging_tables.py); every other field is merged as a whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from revisions.plan.diff import LABELS
from revisions.plan.merging_tables import KEYS, Choice, Decisions, Table

Sheet = dict[str, Any]

SECTIONS = ("lead", "related")

PLACE = "place"
"""Stands among the fields that are decided for whether the project is in the plan at all."""

_ = str  # marks words for the catalogue; pages translate them

NAMED = LABELS | {PLACE: _("掲載の有無"), "notes": _("資料の食い違い")}


@dataclass(frozen=True)
class Merge:
    """`fields` go together as given here; `conflicts` is what both changed: a field, or a part of a
    table (merging_tables.py)."""

    fields: dict[str, Any]
    conflicts: tuple[str, ...]


def merge(draft: Sheet, before: Sheet, proposed: Sheet) -> Merge:
    """Carry what was changed from `before` to `proposed` into the draft as it stands now."""
    fields: dict[str, Any] = {}
    conflicts: list[str] = []
    for field in changed_fields(before, proposed):
        to = Decisions({})
        merged = _merged(field, to, draft, before, proposed)
        conflicts += to.open
        if not to.open:
            fields[field] = merged
    if _named_twice(draft | fields):
        conflicts += [field for field in SECTIONS if fields.pop(field, None) is not None]
    return Merge(fields, tuple(conflicts))


def resolve(
    draft: Sheet, before: Sheet, proposed: Sheet, choices: Mapping[str, Choice]
) -> dict[str, Any]:
    """Return the value of every field that was changed, with the conflicts as they were decided.

    raises  KeyError when one was not decided
    """
    found = merge(draft, before, proposed)
    asked = {name: choices[name] for name in found.conflicts}
    plain = {name: choice for name, choice in asked.items() if field_of(name) not in KEYS}
    tables = {field_of(name): Decisions(asked) for name in asked.keys() - plain.keys()}
    return (
        found.fields
        | chosen(plain, draft=draft, answer=proposed)
        | {f: _merged(f, to, draft, before, proposed) for f, to in tables.items()}
    )


def field_of(name: str) -> str:
    """Return the field of what a person decides: actions/2/text → actions."""
    return name.partition("/")[0]


def table_of(field: str, draft: Sheet, before: Sheet, proposed: Sheet) -> Table:
    return Table(field, *(sheet.get(field, []) for sheet in (draft, before, proposed)))


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


def _merged(field: str, to: Decisions, draft: Sheet, before: Sheet, proposed: Sheet) -> Any:
    if field in KEYS:
        return table_of(field, draft, before, proposed).merged(to)
    return to.merged(field, draft[field], before.get(field), proposed[field])


def _named_twice(sheet: Sheet) -> bool:
    """Whether a section is both on the draft's list and on the other of the proposal's."""
    sections = [s for field in SECTIONS for s in sheet[field] or []]
    return any(section in sections[:n] for n, section in enumerate(sections))
