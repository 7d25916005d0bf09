"""The content that a plan's tables give, with everything that is to be said about it. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from revisions.plan.consistency import Finding, check
from revisions.plan.content import Content, number_text
from revisions.plan.diff import LABELS
from revisions.plan.exchange.fields import Office
from revisions.plan.exchange.layout import PLAN_ITEMS, TABLES
from revisions.plan.exchange.parse import Fault, Place, Row, Written
from revisions.plan.exchange.settle import Disagreement, Settling, notes_of
from revisions.plan.exchange.words import Path, plain, year_of
from revisions.plan.oddities import Standing, oddities
from revisions.plan.reading import ELSEWHERE

_UID = re.compile(r"[-a-zA-Z0-9_]{1,20}")
_IN_PROJECT = re.compile(r"projects\[([0-9]+)\]")


@dataclass(frozen=True)
class Outcome:
    """What can be taken over, and what stands in the way.

    content  complete once there are no errors and every disagreement is settled
    """

    content: Content
    faults: tuple[Fault, ...]
    disagreements: tuple[Disagreement, ...]

    @property
    def errors(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.is_error]

    @property
    def unsettled(self) -> list[Disagreement]:
        return [found for found in self.disagreements if found.chosen is None]

    @property
    def is_ready(self) -> bool:
        return not self.errors and not self.unsettled


def build(
    written: Written,
    *,
    plan: Mapping[str, Any],
    office: Office,
    standing: Standing,
    choices: Mapping[str, int],
) -> Outcome:
    """Return the content of the tables.

    plan      code, title, first_year, last_year that the content must have
    standing  the office on the day, for what is to be settled (oddities.py)
    choices   key of a disagreement → index of the reading to take
    """
    settling = Settling(written, office, choices)
    faults: list[Fault] = []
    uids = _uids(settling, faults)
    projects = [_project(settling, path, uid) for path, uid in uids.items()]
    content = {
        "plan": {**plan, "philosophy": _plan(written.rows.get("plan", []), plan, faults)},
        "policies": _policies(settling, uids),
        "projects": sorted(projects, key=lambda project: project["uid"]),
    }
    if dropped := _dropped(settling, written.rows.get("dropped", []), {*uids.values()}):
        content["dropped"] = dropped
    faults = [*settling.faults, *settling.reader.faults.values(), *faults, *_astray(settling)]
    if not any(fault.is_error for fault in faults):
        places = {uid: settling.placed[path][0].place() for path, uid in uids.items()}
        names = {code: name for name, code in office.sections.items()}
        found = check(content, names) or oddities(content | {"sections": names}, standing)
        faults += [_fault(finding, content, places) for finding in found]
    return Outcome(content, tuple(faults), tuple(settling.disagreements))


def _plan(rows: list[Row], plan: Mapping[str, Any], faults: list[Fault]) -> str:
    """Return the philosophy; what differs from the plan that is revised is an error."""
    keys = {plain(label): key for key, label in PLAN_ITEMS.items()}
    plain_of = {key: value if _is_year(key) else plain(value) for key, value in plan.items()}
    philosophy = ""
    for row in rows:
        label, text = row.text("item"), row.text("value")
        key = keys.get(plain(label))
        if key == "philosophy":
            philosophy = text
        elif key is None:
            faults.append(Fault(f"項目「{label}」は使えません。", (row.place("item"),)))
        elif (year_of(text) if _is_year(key) else plain(text)) != plain_of[key]:
            told = f"{label}が、改定する計画では「{plan[key]}」、ファイルでは「{text}」です。"
            faults.append(Fault(told, (row.place("value"),)))
    return philosophy


def _is_year(key: str) -> bool:
    return key.endswith("_year")


def _uids(settling: Settling, faults: list[Fault]) -> dict[Path, str]:
    """Return the uid of every original placement: its own, or one that is free."""
    originals = [path for path in sorted(settling.placed) if path not in settling.original_of]
    given: dict[Path, str] = {}
    for path in originals:
        for row in settling.placed[path]:
            if uid := row.text("uid"):
                given[path] = uid
                if not _UID.fullmatch(uid):
                    told = f"記号「{uid}」は使えません。半角の英数字20文字までにしてください。"
                    faults.append(Fault(told, (row.place("uid"),)))
    free = _free({*given.values()})
    return {path: given.get(path) or next(free) for path in originals}


def _free(taken: set[str]) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        if (uid := f"P{number:02}") not in taken:
            yield uid


def _project(settling: Settling, path: Path, uid: str) -> dict[str, Any]:
    before = len(settling.disagreements)
    sheet = settling.sheet(path)
    found = settling.disagreements[before:]
    return {
        "uid": uid,
        **{key: value if value is not None else "" for key, value in sheet.items()},
        "lead": sheet["lead"] or [],
        "related": sheet["related"] or [],
        "notes": [
            *map(_note, settling.numbered["notes"].get(path, [])),
            *(note for one in found if one.chosen is not None for note in notes_of(one)),
        ],
    }


def _note(row: Row) -> Any:
    fields = {plain(label): key for key, label in LABELS.items()}
    wheres = {plain(label): key for key, label in ELSEWHERE.items()}
    if not row.text("field") and not row.text("elsewhere"):
        return row.text("sheet")
    return {
        "field": fields.get(plain(row.text("field")), row.text("field")),
        "sheet": row.text("sheet"),
        "elsewhere": row.text("elsewhere"),
        "where": wheres.get(plain(row.text("where")), row.text("where")),
    }


def _policies(settling: Settling, uids: Mapping[Path, str]) -> list[dict[str, Any]]:
    headings = settling.headings()
    policies: dict[int, dict[str, Any]] = {}
    programs: dict[Path, dict[str, Any]] = {}
    for path, words in headings.items():
        if len(path) == 1:
            policies[path[0]] = {"number": path[0], "name": words["name"], "programs": []}
        else:
            programs[path] = {"number": path[1], **words, "placements": []}
            policies[path[0]]["programs"].append(programs[path])
    for path in sorted(settling.placed):
        original = settling.original_of.get(path, path)
        place: dict[str, Any] = {"number": path[2], "project": uids[original]}
        place |= {"relisted": True} if original != path else {}
        programs[path[:2]]["placements"].append(place)
    return list(policies.values())


def _dropped(settling: Settling, rows: list[Row], taken: set[str]) -> list[dict[str, str]]:
    free = _free(taken | {row.text("uid") for row in rows})
    return [
        {
            "uid": row.text("uid") or next(free),
            "name": row.text("name"),
            "as": settling.reader.drop_reason(row),
            "because": row.texts.get("because", ""),
        }
        for row in rows
    ]


def _astray(settling: Settling) -> Iterator[Fault]:
    """Rows of actions, indicators and notes whose number no sheet has."""
    for by_path in settling.numbered.values():
        for path in sorted(by_path.keys() - settling.placed.keys()):
            places = tuple(row.place("number") for row in by_path[path])
            yield Fault(f"番号 {number_text(path)} の個別事業がありません。", places)


def _fault(found: Finding, content: Content, places: Mapping[str, Place]) -> Fault:
    """A finding about the content, as one about the file."""
    if inside := _IN_PROJECT.match(found.path):
        project = content["projects"][int(inside[1])]
        told = f"{project['name']}：{found.message}"
        return Fault(told, (places[project["uid"]],), found.is_error)
    key = {"plan": "plan", "dropped": "dropped"}.get(
        found.path.split(".")[0].split("[")[0], "chart"
    )
    return Fault(found.message, (Place(TABLES[key].title),), found.is_error)
