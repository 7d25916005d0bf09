"""決裁区分表を読み上げる: codes become the names that are used today."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from workflow.authority.resolve import Place, Rule
from workflow.authority.states import Flag, Retention, Scope, StepRole
from workflow.authority.words import yen_told
from workflow.people.models import Body, Post, Section


class Shown(NamedTuple):
    """One rule in words. line: (role, names) in order"""

    article: str
    subject: str
    matter: str
    tier: str
    conditions: list[str]
    line: list[tuple[str, str]]
    retention: str


def shown(rules: Iterable[Rule]) -> list[Shown]:
    """Put rules into words: three statements, however many."""
    names = _Names()
    return [
        Shown(
            article=rule.article,
            subject=rule.subject,
            matter=rule.matter,
            tier=rule.tier.name,
            conditions=_conditions(rule),
            line=[(str(StepRole(p.role).label), names.of(p)) for p in rule.places],
            retention=str(Retention(rule.retention).label) if rule.retention else "",
        )
        for rule in rules
    ]


def _conditions(rule: Rule) -> list[str]:
    flags = [str(label) for code, label in Flag.choices if code in rule.flags]
    said = ["・".join(flags)] if flags else []
    if rule.amount_from is not None or rule.amount_to is not None:
        low = _("%s以上") % yen_told(rule.amount_from) if rule.amount_from is not None else ""
        high = _("%s未満") % yen_told(rule.amount_to) if rule.amount_to is not None else ""
        said.append(low + high)
    return [*said, str(Scope(rule.scope).label)] if rule.scope else said


class _Names:
    def __init__(self) -> None:
        chiefs = Post.objects.filter(rank="section_chief", section__isnull=False)
        self.kinds: dict[str, dict[str, Any]] = {
            "post": dict(Post.objects.values_list("code", "name")),
            "section": dict(Section.objects.values_list("code", "name")),
            "body": dict(Body.objects.values_list("code", "name")),
            "own": {
                "section_chief": _("主管課長"),
                "department_director": _("主管部長"),
                "coordinating_chief": _("庶務担当課長"),
                "section": _("主管課の全員"),
            },
        }
        self.chiefs = dict(chiefs.values_list("section__code", "name"))

    def of(self, place: Place) -> str:
        kind, code, *chief = place.who.split(":")
        if chief:
            return str(self.chiefs.get(code, place.who))
        name = str(self.kinds[kind].get(code, place.who))
        if place.needed:
            return _("%(name)sの%(needed)d人") % {"name": name, "needed": place.needed}
        return _("%sの全員") % name if kind in ("section", "body") else name
