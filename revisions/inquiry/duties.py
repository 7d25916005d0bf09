"""Who answers for which sheet. Pure.

A sheet is a project as in plan/content.py.
"""

from collections.abc import Collection, Mapping
from typing import Any

from revisions.plan.content import Content

Sheet = dict[str, Any]
Classes = Mapping[str, Collection[str]]
"""Name of a class of sections → codes of its sections."""
NOBODY: Mapping[str, str] = {}


def answerer(sheet: Sheet) -> str:
    """Return the code of the section that answers: the first of 主管課等; "" when none is named."""
    return next((section for section in sheet["lead"] if isinstance(section, str)), "")


def leads(sheet: Sheet, taken: Mapping[str, str] = NOBODY) -> list[str]:
    """Return the codes of the sections that lead a sheet, who answers first.

    taken  uid → code of the section that took a sheet over, in place of who passed it on
    """
    named = [section for section in sheet["lead"] if isinstance(section, str)]
    if by := taken.get(sheet["uid"]):
        return [by, *(code for code in named[1:] if code != by)]
    return named


def own_sheets(content: Content, code: str, taken: Mapping[str, str] = NOBODY) -> list[Sheet]:
    """Return the sheets for which a section answers, in the order of the content.

    taken  uid → code of the section that took a sheet over
    """
    return [s for s in content["projects"] if taken.get(s["uid"], answerer(s)) == code]


def shared_sheets(
    content: Content, code: str, classes: Classes, taken: Mapping[str, str] = NOBODY
) -> list[Sheet]:
    """Return the sheets that a section leads too or is related to, but another answers.

    One that it passed on is not among them.
    """
    return [
        sheet
        for sheet in content["projects"]
        if code not in (answerer(sheet), taken.get(sheet["uid"]))
        and code in concerned(sheet, classes)
    ]


def concerned(sheet: Sheet, classes: Classes) -> set[str]:
    """Return the codes of the sections that lead a sheet or are related to it."""
    found: set[str] = set()
    for section in (*sheet["lead"], *sheet["related"]):
        found |= {section} if isinstance(section, str) else set(classes.get(section["class"], ()))
    return found


def other_leads(code: str, *sheets: Sheet) -> list[str]:
    """Return the codes of the sections that lead a sheet beside the one that answers."""
    leads = [lead for sheet in sheets for lead in sheet.get("lead", []) if isinstance(lead, str)]
    return [lead for lead in dict.fromkeys(leads) if lead != code]


def programs(content: Content) -> Mapping[str, str]:
    """Return the places where a new project may stand: 1-2 → the program's name."""
    return {
        f"{policy['number']}-{program['number']}": program["name"]
        for policy in content["policies"]
        for program in policy["programs"]
    }
