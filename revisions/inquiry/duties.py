"""Who answers for which sheet, and what an answer does to the draft. Pure.

A sheet is a project as in plan/content.py.
"""

from collections.abc import Mapping
from typing import Any

from revisions.plan.content import Content

Sheet = dict[str, Any]


def answerer(sheet: Sheet) -> str:
    """Return the code of the section that answers: the first of 主管課等; "" when none is named."""
    return next((section for section in sheet["lead"] if isinstance(section, str)), "")


def own_sheets(content: Content, code: str) -> list[Sheet]:
    """Return the sheets for which a section answers, in the order of the content."""
    return [sheet for sheet in content["projects"] if answerer(sheet) == code]


def shared_sheets(content: Content, code: str) -> list[Sheet]:
    """Return the sheets that a section leads too, but for which another answers."""
    return [
        sheet for sheet in content["projects"] if code in sheet["lead"] and answerer(sheet) != code
    ]


def merged(draft: Sheet, before: Sheet, proposed: Sheet) -> tuple[Sheet, list[str]]:
    """Carry what a section changed into the draft as it stands now.

    Returns the sheet, in which the section's changes won, and the fields that had been changed
    otherwise since the section saw them.
    """
    changed = [field for field in proposed if proposed[field] != before.get(field)]
    clashes = [field for field in changed if draft[field] not in (before[field], proposed[field])]
    return draft | {field: proposed[field] for field in changed}, clashes


def moved_fields(draft: Sheet, before: Sheet) -> list[str]:
    """Return the fields of the draft that are no longer what a section saw."""
    return [field for field in before if draft[field] != before[field]]


def programs(content: Content) -> Mapping[str, str]:
    """Return the places where a new project may stand: 1-2 → the program's name."""
    return {
        f"{policy['number']}-{program['number']}": program["name"]
        for policy in content["policies"]
        for program in policy["programs"]
    }
