"""The content of a plan version as plain dicts. Pure: no database, no clock, no Django.

The shape is `SHAPE`; a key that ends in "?" may be left out, and `object` is anything. Years are
fiscal years, both ends included. A section is its code, or {"class": "各施設所管課等"} for a class
of sections. Cells and spans: cells.py. What must hold besides the shape: consistency.py.
"""

from collections.abc import Iterator
from typing import Any

Content = dict[str, Any]

_ = str  # marks words for the catalogue; pages translate them

STATUSES = {"new": _("新規"), "continued": _("継続")}

DROP_REASONS = {
    "achieved": _("達成"),
    "merged": _("統合"),
    "moved": _("移管"),
    "abolished": _("廃止"),
    "other": _("その他"),
}
"""Classes of reason for which a project is not carried over (継承しない)."""

LONGEST = {
    "philosophy": 200,
    "heading": 120,
    "name": 200,
    "text": 10_000,
    "row": 200,
    "note": 100,
    "class": 60,
    "uid": 20,
}
"""Characters that a text may have."""

_SPAN = {"from": int, "to": int, "text?": str}
_CELL = _SPAN | {"value?": str, "unit?": str, "comparison?": str, "per?": str}
_PLACEMENT = {"number": int, "project": str, "relisted?": bool}
_PROGRAM = {"number": int, "name": str, "aim": str, "placements": [_PLACEMENT]}
_PROJECT = {
    "uid": str,
    "name": str,
    "status": str,
    "lead": [object],
    "related": [object],
    "overview": str,
    "aims": str,
    "actions": [{"text": str, "spans": [_SPAN]}],
    "indicators": [{"name": str, "cumulative": bool, "cells": [_CELL]}],
    "rationale": str,
    "notes": [object],
}
SHAPE = {
    "plan": {
        "code": str,
        "title": str,
        "first_year": int,
        "last_year": int,
        "philosophy": str,
    },
    "policies": [{"number": int, "name": str, "programs": [_PROGRAM]}],
    "projects": [_PROJECT],
    "dropped?": [{"uid": str, "name": str, "as": str, "because": str}],
}


def numbers(content: Content) -> dict[str, str]:
    """Return uid → number of the original placement, for every project that has one."""
    return {project["uid"]: number for number, project, relisted in sheets(content) if not relisted}


def sheets(content: Content) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Yield (number, project, relisted) for every placement in the plan's order."""
    projects = {project["uid"]: project for project in content["projects"]}
    for path, placement in placements(content):
        relisted = placement.get("relisted", False)
        yield number_text(path), projects[placement["project"]], relisted


def placements(content: Content) -> Iterator[tuple[tuple[int, ...], dict[str, Any]]]:
    """Yield ((policy, program, place), placement) in the plan's order."""
    for policy in content["policies"]:
        for program in policy["programs"]:
            for placement in program["placements"]:
                yield (policy["number"], program["number"], placement["number"]), placement


def number_text(path: tuple[int, ...]) -> str:
    """Write a path as the plan does: 1, 1-2, 1-2-(3)."""
    return "-".join([*map(str, path[:2]), *(f"({place})" for place in path[2:])])
