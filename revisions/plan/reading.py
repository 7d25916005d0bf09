"""A plan's content as a reader meets it: chart, sheets, tables over the years. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from revisions.plan.cells import cell_text
from revisions.plan.consistency import Finding
from revisions.plan.content import DROP_REASONS, STATUSES, Content, number_text, numbers, sheets
from revisions.plan.diff import LABELS, section_names, sheet_fields

_ = str  # marks words for the catalogue; pages translate them

ELSEWHERE = {"chart": _("体系図"), "list": _("一覧"), "sheet": _("ほかのシート")}

_IN_PROJECT = re.compile(r"projects\[(?P<n>[0-9]+)\](?:\.(?P<field>[a-z]+))?")

Page = dict[str, Any]


def chart(
    content: Content,
    *,
    section: str = "",
    words: str = "",
    changed: Mapping[str, Any] | None = None,
) -> list[Page]:
    """Return 体系: policies, their programs, their places; when filtered, without empty ones.

    section  code of a section that leads or is related
    words    all of them stand somewhere on the sheet
    changed  uid → what is told of the project's places
    place    {number, uid, name, status, lead, is_relisted, original: its number, changed}
    """
    wanted = {
        project["uid"]
        for project in content["projects"]
        if (not section or section in project["lead"] + project["related"])
        and has_words(project, words, names=content["sections"])
    }
    places = _places(content)
    for place in places.values():
        place["changed"] = (changed or {}).get(place["uid"])
    policies = [_policy(policy, places, wanted) for policy in content["policies"]]
    return [p for p in policies if p["programs"]] if section or words else policies


def sections_on(content: Content) -> list[tuple[str, str]]:
    """Return (code, name) of every section on the sheets, in the order they appear."""
    seen = (s for p in content["projects"] for s in p["lead"] + p["related"])
    codes = dict.fromkeys(section for section in seen if isinstance(section, str))
    return [(code, content["sections"].get(code, code)) for code in codes]


def has_words(project: Mapping[str, Any], words: str, *, names: Mapping[str, str]) -> bool:
    text = _plain("\n".join(sheet_fields(project, names=names).values()))
    return all(word in text for word in _plain(words).split())


def pages(content: Content) -> list[Page]:
    """Return every sheet as sheet_page gives it, in the plan's order; a relisting as its place."""
    projects = {project["uid"]: project for project in content["projects"]}
    places = _places(content)
    return [
        place if place["is_relisted"] else _page(content, projects[place["uid"]], place)
        for place in places.values()
    ]


def sheet_page(content: Content, uid: str) -> Page:
    """Return one sheet to be read: its place, its own fields, and its tables over the years.

    raises  KeyError when the content has no such project, or places it nowhere
    """
    originals = {p["uid"]: p for p in _places(content).values() if not p["is_relisted"]}
    projects = {project["uid"]: project for project in content["projects"]}
    return _page(content, projects[uid], originals[uid])


def bare_page(
    sheet: Mapping[str, Any], *, plan: Mapping[str, Any], names: Mapping[str, str]
) -> Page:
    """Return a sheet that stands in no content, such as a proposed one, as sheet_page does.

    plan   {first_year, last_year}
    names  section code → name
    """
    years = range(plan["first_year"], plan["last_year"] + 1)
    return {
        "uid": sheet["uid"],
        "name": sheet["name"],
        "status": STATUSES.get(sheet["status"], sheet["status"]),
        "lead": section_names(sheet["lead"], names),
        "related": section_names(sheet["related"], names),
        "overview": sheet["overview"],
        "aims": sheet["aims"],
        "years": years,
        "actions": [
            {"text": action["text"], "spans": list(stretches(action["spans"], years))}
            for action in sheet["actions"]
        ],
        "indicators": [
            {
                "name": indicator["name"],
                "cumulative": indicator["cumulative"],
                "cells": list(stretches(indicator["cells"], years)),
            }
            for indicator in sheet["indicators"]
        ],
        "rationale": sheet["rationale"],
        "notes": [_note(note) for note in sheet["notes"]],
    }


def dropped(content: Content) -> list[Page]:
    """Return what is not carried over: uid, name, class of reason, reason."""
    return [
        {
            "uid": gone["uid"],
            "name": gone["name"],
            "word": DROP_REASONS[gone["as"]],
            "because": gone["because"],
        }
        for gone in content.get("dropped", [])
    ]


def found_rows(
    content: Content,
    findings: Iterable[Finding],
    said: Callable[[Finding], str] = Finding.said,
) -> list[Page]:
    """Return findings with the sheet that each is about: number, uid, name, and field with label.

    All four are "" in what is about the plan as a whole; a project placed nowhere has no number.
    """
    placed = numbers(content)
    rows = []
    for finding in findings:
        found = _IN_PROJECT.match(finding.path)
        project = content["projects"][int(found["n"])] if found else {"uid": "", "name": ""}
        field = (found["field"] or "") if found else ""
        rows.append(
            {
                "number": placed.get(project["uid"], ""),
                "uid": project["uid"],
                "name": project["name"],
                "field": field,
                "label": LABELS.get(field, ""),
                "message": said(finding),
                "is_error": finding.is_error,
            }
        )
    return rows


def stretches(spans: Sequence[Mapping[str, Any]], years: range) -> Iterator[Page]:
    """Yield {width, first, last, text, is_gap} that cover the years from first to last.

    text  of a span its own words, of a cell its value
    """
    year = years.start
    for span in spans:
        if span["from"] > year:
            yield from _gaps(span["from"] - year)
        text = cell_text(span) if "value" in span else span.get("text", "")
        first, last = span["from"], span["to"]
        width = last - first + 1
        yield {"width": width, "first": first, "last": last, "text": text, "is_gap": False}
        year = span["to"] + 1
    yield from _gaps(years.stop - year)


def _gaps(count: int) -> Iterator[Page]:
    return ({"width": 1, "text": "", "is_gap": True} for _ in range(count))


def _page(content: Content, project: Mapping[str, Any], place: Page) -> Page:
    page = bare_page(project, plan=content["plan"], names=content["sections"])
    return place | page | {"relisted": place["relisted"]}


def _places(content: Content) -> dict[str, Page]:
    """Return number → place, in the plan's order."""
    originals = numbers(content)
    found = {}
    for number, project, is_relisted in sheets(content):
        found[number] = {
            "number": number,
            "uid": project["uid"],
            "name": project["name"],
            "status": STATUSES.get(project["status"], project["status"]),
            "lead": section_names(project["lead"], content["sections"]),
            "is_relisted": is_relisted,
            "original": originals[project["uid"]],
        }
    for place in found.values():
        again = (
            p["number"] for p in found.values() if p["uid"] == place["uid"] and p["is_relisted"]
        )
        place["relisted"] = "、".join(again)
    return found


def _policy(policy: Mapping[str, Any], places: Mapping[str, Page], wanted: set[str]) -> Page:
    programs = []
    for program in policy["programs"]:
        path = (policy["number"], program["number"])
        here = [places[number_text((*path, p["number"]))] for p in program["placements"]]
        shown = [place for place in here if place["uid"] in wanted]
        head = {"number": number_text(path), "name": program["name"], "aim": program["aim"]}
        if shown or not here:
            programs.append(head | {"places": shown})
    return {"number": str(policy["number"]), "name": policy["name"], "programs": programs}


def _note(note: Any) -> Page:
    """Return both readings where a sheet and another page of the source disagree."""
    if not isinstance(note, Mapping):
        return {"text": str(note)}
    return {
        "field": LABELS.get(note.get("field", ""), note.get("field", "")),
        "sheet": note.get("sheet", ""),
        "elsewhere": note.get("elsewhere", ""),
        "where": ELSEWHERE.get(note.get("where", ""), note.get("where", "")),
    }


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
