"""What there is to say about a table: findings, and what is odd about its rules as a whole."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from workflow.authority import words
from workflow.authority.resolve import NoRule, Rule, concerning, gaps, unreachable
from workflow.authority.states import StepRole
from workflow.errors import Missing

MANY = re.compile(r"body:.*|own:section|section:[^:]*")


@dataclass(frozen=True)
class Known:
    """What there is on a table's first day, by code.

    sections  those with a chief and those without (True, False)
    bodies    how many sit in each
    organs    執行機関 that some department serves
    """

    posts: frozenset[str]
    sections: dict[str, bool]
    bodies: dict[str, int]
    vacant: frozenset[str] = frozenset()
    organs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Finding:
    """row is "" for what concerns the whole table."""

    row: str
    field: str
    text: str
    is_error: bool = True


def warnings(rules: Sequence[Rule]) -> list[Finding]:
    """Return what is odd about a table that is kept already."""
    return list(oddities(rules, {rule.order: rule.number for rule in rules}))


def misread(what: str, given: Any) -> str:
    texts = {
        "role": _("「%s」という役割はありません。回議、合議、決裁、供覧のどれかです。"),
        "who": _(
            "「%s」は職の指し方ではありません。own:section_chief や post:コード のように書きます。"
        ),
        "needed": _("「%s」は人数として読めません。"),
    }
    return texts[what] % words.plain(given)


def nobody(role: str, who: str, known: Known) -> Iterator[str]:
    """Tell why a place finds no post."""
    kind, _colon, code = who.partition(":")
    if not words.WHO.fullmatch(who):
        yield misread("who", who)
    elif kind == "post" and code not in known.posts:
        yield _("職「%s」がありません。") % code
    elif kind == "body" and code not in known.bodies:
        yield _("会議体「%s」がありません。") % code
    elif kind == "body" and not known.bodies[code]:
        yield _("会議体「%s」には、施行日に構成員がいません。") % code
    elif kind == "section":
        yield from _no_section(*who.split(":")[1:], known=known)
    if role == StepRole.DECIDER and MANY.fullmatch(who):
        yield _("決裁者は一人です。「%s」は一つの職ではありません。") % who


def _no_section(code: str, chief: str = "", *, known: Known) -> Iterator[str]:
    if code not in known.sections:
        yield _("課「%s」がありません。") % code
    elif chief and not known.sections[code]:
        yield _("課「%s」には課長の職がありません。") % code


def oddities(rules: Sequence[Rule], rows: dict[int, str]) -> Iterator[Finding]:
    for rule, earlier in unreachable(rules):
        text = _("先の「%s」がすべて受けるため、この行は使われません。") % earlier.number
        yield Finding(rows[rule.order], _("記号"), text, is_error=False)
    for matter in dict.fromkeys(rule.matter for rule in rules):
        for low, high in gaps(rules, matter):
            span = {"matter": matter, "low": words.yen_told(low)}
            span["high"] = words.yen_told(high) + _("未満") if high else ""
            text = _("「%(matter)s」には、%(low)s以上%(high)sの区分がありません。") % span
            yield Finding("", _("金額"), text, is_error=False)
        if all(rule.tier.is_delegated and not rule.flags for rule in concerning(rules, matter)):
            text = _("「%s」には、重要・異例などの案件が上がる区分がありません。") % matter
            yield Finding("", _("条件"), text, is_error=False)


def told(refusal: NoRule) -> list[Missing]:
    """Return, rule by rule, what keeps it from taking a matter."""
    names = {"flags": _("重要・異例などの別"), "amount": _("金額"), "scope": _("範囲")}
    link = "/decision-table/"
    return [
        Missing(
            _("%(article)sは、%(what)sが合いません。")
            % {"article": rule.number, "what": "、".join(names[name] for name in why)},
            link,
        )
        for rule, why in refusal.missed
    ]
