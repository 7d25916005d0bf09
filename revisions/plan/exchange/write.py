"""A plan's content written into the tables of the layout. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from revisions.plan.cells import CONTINUED, cell_text, rows_of
from revisions.plan.content import DROP_REASONS, STATUSES, Content, number_text, placements
from revisions.plan.diff import LABELS
from revisions.plan.exchange.layout import (
    JOINED,
    PLAN_ITEMS,
    RELISTED,
    TABLES,
    YES,
    Rows,
    Tables,
)
from revisions.plan.reading import ELSEWHERE
from workflow.deadline.era import fiscal_year_label

Line = dict[str, str]


def write(content: Content, *, names: Mapping[str, str]) -> Tables:
    """Return a plan as tables that `build` makes the same plan of.

    names  section code → name
    """
    years = range(content["plan"]["first_year"], content["plan"]["last_year"] + 1)
    lines: dict[str, Iterable[Line]] = {
        "plan": _plan(content),
        "chart": _chart(content, names),
        "list": (line | {"aim": ""} for line in _places(content, names)),
        "sheet": _sheets(content, names),
        "actions": _actions(content),
        "indicators": _indicators(content, years),
        "dropped": _dropped(content),
        "notes": _notes(content),
    }
    return {
        TABLES[key].title: _rows(key, lines[key], years if TABLES[key].has_years else range(0))
        for key in TABLES
    }


def blank(plan: Mapping[str, Any]) -> Tables:
    """Return the tables of a plan that has nothing in it yet, but its code, title and years."""
    content = {"plan": {**plan, "philosophy": ""}, "policies": [], "projects": []}
    return write(content, names={})


def head_of(key: str, years: Iterable[int]) -> list[str]:
    """Return the titles of a table's columns."""
    titles = [column.title for column in TABLES[key].columns.values()]
    return [*titles, *map(fiscal_year_label, years)]


def _rows(key: str, lines: Iterable[Line], years: range) -> Rows:
    columns = [*TABLES[key].columns, *map(str, years)]
    body = ([line.get(column, "") for column in columns] for line in lines)
    return list(enumerate([head_of(key, years), *body], 1))


def _plan(content: Content) -> Iterator[Line]:
    plan = content["plan"]
    for key, label in PLAN_ITEMS.items():
        value = fiscal_year_label(plan[key]) if key.endswith("year") else plan[key]
        yield {"item": label, "value": value}


def _chart(content: Content, names: Mapping[str, str]) -> Iterator[Line]:
    places = list(_places(content, names))
    for policy in content["policies"]:
        number = number_text((policy["number"],))
        yield {"number": number, "name": policy["name"]}
        for program in policy["programs"]:
            inner = number_text((policy["number"], program["number"]))
            yield {"number": inner, "name": program["name"], "aim": program["aim"]}
            yield from (line for line in places if line["number"].startswith(f"{inner}-"))


def _places(content: Content, names: Mapping[str, str]) -> Iterator[Line]:
    projects = {project["uid"]: project for project in content["projects"]}
    originals = {
        placement["project"]: number_text(path)
        for path, placement in placements(content)
        if not placement.get("relisted")
    }
    for path, placement in placements(content):
        line = _head(projects[placement["project"]], names) | {"number": number_text(path)}
        if placement.get("relisted"):
            line["name"] += RELISTED
            line["original"] = originals[placement["project"]]
        yield line


def _head(project: Mapping[str, Any], names: Mapping[str, str]) -> Line:
    return {
        "name": project["name"],
        "status": STATUSES[project["status"]],
        "lead": _sections(project["lead"], names),
        "related": _sections(project["related"], names),
    }


def _sections(sections: Iterable[Any], names: Mapping[str, str]) -> str:
    return JOINED.join(s["class"] if isinstance(s, dict) else names.get(s, s) for s in sections)


def _originals(content: Content) -> Iterator[tuple[str, dict[str, Any]]]:
    projects = {project["uid"]: project for project in content["projects"]}
    for path, placement in placements(content):
        if not placement.get("relisted"):
            yield number_text(path), projects[placement["project"]]


def _sheets(content: Content, names: Mapping[str, str]) -> Iterator[Line]:
    for number, project in _originals(content):
        prose = {key: project[key] for key in ("overview", "aims", "rationale", "uid")}
        yield {"number": number, **_head(project, names), **prose}


def _actions(content: Content) -> Iterator[Line]:
    for number, project in _originals(content):
        for row in rows_of(project["actions"]):
            years = {key: fiscal_year_label(row[key]) for key in ("from", "to") if row[key]}
            yield {"number": number, "text": row["text"], "note": row["note"], **years}


def _indicators(content: Content, years: range) -> Iterator[Line]:
    for number, project in _originals(content):
        for indicator in project["indicators"]:
            line = {"number": number, "name": indicator["name"]}
            line["cumulative"] = YES if indicator["cumulative"] else ""
            for cell in indicator["cells"]:
                line |= dict.fromkeys(map(str, range(cell["from"], cell["to"] + 1)), CONTINUED)
                line[str(cell["from"])] = cell_text(cell)
            yield line


def _dropped(content: Content) -> Iterator[Line]:
    for gone in content.get("dropped", []):
        yield gone | {"as": DROP_REASONS[gone["as"]]}


def _notes(content: Content) -> Iterator[Line]:
    for number, project in _originals(content):
        for note in project["notes"]:
            if not isinstance(note, Mapping):
                yield {"number": number, "sheet": str(note)}
                continue
            line = {key: str(note.get(key, "")) for key in ("field", "sheet", "elsewhere", "where")}
            line["field"] = LABELS.get(line["field"], line["field"])
            line["where"] = ELSEWHERE.get(line["where"], line["where"])
            yield line | {"number": number}
