"""照会先の選び方: by which choices who is asked. Pure.

A choice is a word: all, leads, related, section:CODE, department:CODE, class:NAME, body:CODE.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from revisions.inquiry.duties import Classes, Sheet, answerer, concerned


@dataclass(frozen=True)
class Office:
    """What may be chosen on a day.

    labels   choice → its name
    members  choice → codes of its sections, in the order of the office
    """

    labels: Mapping[str, str]
    members: Mapping[str, Sequence[str]]

    def chosen(self, choices: Iterable[str]) -> dict[str, list[str]]:
        """Return code → by which of the choices, every section once."""
        found: dict[str, list[str]] = {}
        for choice in dict.fromkeys(choices):
            for code in self.members.get(choice, ()):
                found.setdefault(code, []).append(choice)
        return found

    @property
    def classes(self) -> dict[str, list[str]]:
        """Return class name (各施設所管課等) → codes of its sections."""
        named = (choice.partition(":") for choice in self.members if choice.startswith("class:"))
        return {name: list(self.members[f"{kind}:{name}"]) for kind, _, name in named}

    def names_nobody(self, choices: Iterable[str]) -> list[str]:
        """Return the choices that stand for no section on the day."""
        return [choice for choice in dict.fromkeys(choices) if not self.members.get(choice)]


def rule(
    office: Office, choices: Collection[str], asked: Collection[str]
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Return the choice as it is kept, and code → by what each of `asked` (codes) was chosen.

    A section that no choice gives was picked by itself; one given but not asked was left out.
    """
    chosen = office.chosen(choices)
    why = {code: chosen.get(code) or [f"section:{code}"] for code in asked}
    known = [choice for choice in choices if choice in office.labels]
    used = dict.fromkeys([*known, *(choice for found in why.values() for choice in found)])
    return {
        "choices": [[choice, office.labels.get(choice, choice)] for choice in used],
        "left_out": [code for code in chosen if code not in why],
    }, why


def roles_on_sheets(sheets: Iterable[Sheet], classes: Classes) -> tuple[dict[str, int], set[str]]:
    """Return code → how many sheets it answers, and the codes of those concerned in others'."""
    answers: dict[str, int] = {}
    related: set[str] = set()
    for sheet in sheets:
        code = answerer(sheet)
        answers[code] = answers.get(code, 0) + 1
        related |= concerned(sheet, classes) - {code}
    answers.pop("", None)
    return answers, related
