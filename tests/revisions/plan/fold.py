"""What a draft must be, from what it was and its changes alone: written apart from the parts."""

from copy import deepcopy
from typing import Any

from revisions.models import Change

Content = dict[str, Any]


def folded(content: Content, changes: Any) -> Content:
    """Return the content after the changes, without the names of sections."""
    content = {key: deepcopy(content[key]) for key in ("plan", "policies", "projects")}
    for change in changes:
        _apply(content, change)
    content["projects"].sort(key=lambda sheet: sheet["uid"])
    return content


def bare(content: Content) -> Content:
    return {key: content[key] for key in ("plan", "policies", "projects")}


def _apply(content: Content, change: Change) -> None:
    if change.decided.get("place") == "draft":
        return  # the draft was left as it was
    if change.kind == "heading":
        _reword(content, change.place, change.final)
    elif change.kind in ("move", "renumber", "relist", "unlist"):
        _replace(content, change)
    elif change.kind == "discontinue" or (not change.final and "uid" in change.before):
        _drop(content, change.uid)
    elif change.final and not change.before and "uid" in change.final:
        sheet = {key: value for key, value in change.final.items() if key != "place"}
        content["projects"].append(sheet)
        _insert(content, change.final["place"], change.uid)
    else:
        next(s for s in content["projects"] if s["uid"] == change.uid).update(change.final)


def _replace(content: Content, change: Change) -> None:
    if "place" in change.before:
        _remove(content, change.before["place"])
    if "place" in change.final:
        relisted = change.final.get("relisted", False)
        _insert(content, change.final["place"], change.uid, relisted=relisted)


def _drop(content: Content, uid: str) -> None:
    content["projects"] = [sheet for sheet in content["projects"] if sheet["uid"] != uid]
    for program in _programs(content):
        _number(program, [p for p in program["placements"] if p["project"] != uid])


def _reword(content: Content, place: str, words: dict[str, str]) -> None:
    match [int(n) for n in place.split("-") if n]:
        case []:
            content["plan"]["philosophy"] = words["name"]
        case [policy]:
            content["policies"][policy - 1]["name"] = words["name"]
        case _:
            _program(content, place).update(words)


def _programs(content: Content) -> list[Any]:
    return [program for policy in content["policies"] for program in policy["programs"]]


def _program(content: Content, path: str) -> Any:
    policy, program = path.split("-")[:2]
    return content["policies"][int(policy) - 1]["programs"][int(program) - 1]


def _place(place: str) -> int:
    return int(place.split("(")[1].rstrip(")"))


def _insert(content: Content, place: str, uid: str, *, relisted: bool = False) -> None:
    program = _program(content, place)
    placement = {"project": uid} | ({"relisted": True} if relisted else {})
    number = _place(place)
    here = program["placements"]
    _number(program, [*here[: number - 1], placement, *here[number - 1 :]])


def _remove(content: Content, place: str) -> None:
    program = _program(content, place)
    number = _place(place)
    _number(program, [p for p in program["placements"] if p["number"] != number])


def _number(program: Any, placements: list[Any]) -> None:
    program["placements"] = [p | {"number": n} for n, p in enumerate(placements, 1)]
