"""What a person has to settle in the content of a plan (content.py), as things stand. Pure.

Nothing here keeps a plan from being loaded; that is consistency.py's.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revisions.plan.cells import cell_text, is_undecided
from revisions.plan.consistency import Finding
from revisions.plan.content import Content

_ = str  # marks words for the catalogue; pages translate them

Odd = tuple[str, str, dict[str, Any]]
"""Field, sentence, and what its %(…)s stand for."""

_UNDECIDED = _("「%(name)s」の%(year)s「%(said)s」は、その年度になりましたが決まっていません。")


@dataclass(frozen=True)
class Standing:
    """The office on a day.

    year      fiscal year of the day
    sections  codes of the sections that there are
    classes   name of a class of sections → codes of its members
    """

    year: int
    sections: Collection[str]
    classes: Mapping[str, Sequence[str]]


def oddities(content: Content, standing: Standing) -> list[Finding]:
    """Return what is to be settled, in the order of the projects; no errors (consistency.check)."""
    names = Counter(project["name"] for project in content["projects"])
    return [
        Finding(f"projects[{n}].{field}", text, is_error=False, values=values)
        for n, project in enumerate(content["projects"])
        for field, text, values in (
            *_name(project, names),
            *_sections(project, standing, content.get("sections", {})),
            *_indicators(project, standing),
        )
    ]


def _name(project: dict[str, Any], names: Counter[str]) -> Iterator[Odd]:
    if names[project["name"]] > 1:
        yield "name", _("同じ名称の個別事業があります。"), {}


def _sections(
    project: dict[str, Any], standing: Standing, names: Mapping[str, str]
) -> Iterator[Odd]:
    for field in ("lead", "related"):
        for section in project[field]:
            if isinstance(section, str):
                if section not in standing.sections:
                    told = {"section": names.get(section, section)}
                    yield field, _("「%(section)s」は、いまはない課です。"), told
            elif not standing.classes.get(section["class"]):
                told = {"name": section["class"]}
                yield field, _("「%(name)s」に当たる課が、一つも登録されていません。"), told


def _indicators(project: dict[str, Any], standing: Standing) -> Iterator[Odd]:
    if project["indicators"] and not project["rationale"].strip():
        yield "rationale", _("評価指標がありますが、指標の考え方がありません。"), {}
    if project["rationale"].strip() and not project["indicators"]:
        yield "indicators", _("指標の考え方がありますが、評価指標がありません。"), {}
    for indicator in project["indicators"]:
        for cell in indicator["cells"]:
            if is_undecided(cell) and cell["from"] <= standing.year:
                told = {"name": indicator["name"], "year": cell["from"], "said": cell_text(cell)}
                yield "indicators", _UNDECIDED, told
