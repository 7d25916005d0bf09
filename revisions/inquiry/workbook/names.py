"""Sections by the names that officers write: 主管課等, 関係課等."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from revisions.inquiry.workbook.cells import squashed
from revisions.plan.content import Content
from workflow.people.models import Section

Row = dict[str, str]


@dataclass(frozen=True)
class Names:
    """labels: code → name, with its department where several sections have it. classes: 総称."""

    labels: Mapping[str, str]
    classes: frozenset[str]
    choices: tuple[tuple[str, str], ...]

    def text(self, listed: Iterable[Any]) -> str:
        """Write the sections of a sheet in their order."""
        return "、".join(
            self.labels.get(section, section) if isinstance(section, str) else section["class"]
            for section in listed
        )

    def rows(self, said: str) -> tuple[list[Row], list[str]]:
        """Return a text as rows of SectionRows, and the names that no section has.

        said  as Cell.says gives it
        """
        codes = {squashed(label): code for code, label in self.labels.items()}
        classes = {squashed(name): name for name in self.classes}
        rows, unknown = [], []
        for name in filter(None, said.split("、")):
            if name in codes:
                rows.append({"section": codes[name]})
            elif name in classes:
                rows.append({"class_name": classes[name]})
            else:
                unknown.append(name)
        return rows, unknown


def names_of(content: Content) -> Names:
    """Return the names of all sections, and of those that only the plan still knows."""
    sections = list(Section.objects.select_related("department"))
    often = Counter(section.name for section in sections)
    labels = {
        s.code: f"{s.name}（{s.department.name}）" if often[s.name] > 1 else s.name
        for s in sections
    }
    listed = (s for sheet in content["projects"] for s in sheet["lead"] + sheet["related"])
    return Names(
        labels=content["sections"] | labels,
        classes=frozenset(s["class"] for s in listed if not isinstance(s, str)),
        choices=tuple((section.code, section.name) for section in sections),
    )
