"""決裁区分表の点検: each finding names row and field. An error keeps a table out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from workflow.authority import words
from workflow.authority.findings import Finding, Known, misread, nobody, oddities
from workflow.authority.models import DecisionRule
from workflow.authority.reading import Raw
from workflow.authority.resolve import Place, Rule, Tier
from workflow.authority.states import StepRole

DELEGATED = "専決"
MOST = 10**15
AMOUNTS = ("amount_from", "amount_to")

FIELDS = {
    "article": "条項",
    "subject": "事項",
    "matter": "記号",
    "tier": "区分",
    "flags": "条件",
    "amount_from": "金額から",
    "amount_to": "金額未満",
    "scope": "範囲",
    "steps": "経路",
    "retention": "保存期間",
}


@dataclass(frozen=True)
class Checked:
    """A table as it was read, and what there is to say about it."""

    name: str
    organ: str
    since: date | None
    until: date | None
    source: str
    tiers: tuple[Tier, ...]
    rules: tuple[Rule, ...]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.is_error]

    @property
    def warnings(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.is_error]


def check(raw: Raw, known: Known) -> Checked:
    """Check a table as it was read; rules with an error are left out of the result's rules."""
    head = [*_head(raw), *_organ(raw, known)]
    tiers, found = _tiers(raw, known)
    rows, rules = [], []
    for order, row in enumerate(raw.get("rules") or [], 1):
        rule, wrong = _Row(row, order, tiers, known).read()
        rows += wrong
        rules += [(row["row"], rule)] if rule else []
    if not raw.get("rules"):
        head.append(Finding("", _("決裁事項"), _("一つもありません。")))
    whole = oddities([rule for _row, rule in rules], {r.order: row for row, r in rules})
    return Checked(
        name=words.prose(raw.get("name")),
        organ=words.prose(raw.get("organ")),
        since=_day(raw.get("since")),
        until=_day(raw.get("until")),
        source=words.prose(raw.get("source")),
        tiers=tuple(tiers),
        rules=tuple(rule for _row, rule in rules),
        findings=(*head, *found, *rows, *whole),
    )


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) else None


def _head(raw: Raw) -> Iterator[Finding]:
    for name, field, limit in (("name", _("規程の名称"), 120), ("source", _("出典"), 200)):
        yield from _text("", field, words.prose(raw.get(name)), limit)
    since, until = raw.get("since"), raw.get("until")
    if not isinstance(since, date):
        text = _("「%s」は日付として読めません。") % since if since else _("入力してください。")
        yield Finding("", _("施行日"), text)
    if until and not isinstance(until, date):
        yield Finding("", _("終わりの日"), _("「%s」は日付として読めません。") % until)
    elif isinstance(since, date) and until and until < since:
        yield Finding("", _("終わりの日"), _("施行日より前です。"))


def _organ(raw: Raw, known: Known) -> Iterator[Finding]:
    organ = words.prose(raw.get("organ"))
    if organ and organ not in known.organs:
        yield Finding("", _("執行機関"), _("「%s」の部がありません。") % organ)


def _text(row: str, field: str, text: str, limit: int) -> Iterator[Finding]:
    if not text:
        yield Finding(row, field, _("入力してください。"))
    elif len(text) > limit:
        yield Finding(row, field, _("%d文字までにしてください。") % limit)


def _tiers(raw: Raw, known: Known) -> tuple[list[Tier], list[Finding]]:
    tiers: list[Tier] = []
    found: list[Finding] = []
    for number, given in enumerate(raw.get("tiers") or [], 1):
        row, name = _("区分の%d番目") % number, words.prose(given.get("name"))
        found += _text(row, _("区分"), name, 60)
        who = words.plain(given.get("who"))
        found += [Finding(row, _("経路"), text) for text in nobody(StepRole.DECIDER, who, known)]
        if name in [tier.name for tier in tiers]:
            found.append(Finding(row, _("区分"), _("同じ名称の区分があります。")))
        tiers.append(Tier(name, who, bool(given.get("delegated", DELEGATED in name))))
    if not tiers:
        found.append(Finding("", _("区分"), _("一つもありません。")))
    return tiers, found


class _Row:
    """One row being read: what is wrong gathers in `found`."""

    def __init__(self, raw: Raw, order: int, tiers: Sequence[Tier], known: Known) -> None:
        self.raw, self.order, self.known = raw, order, known
        self.tiers = {tier.name: tier for tier in tiers}
        self.row = raw["row"]
        if article := words.prose(raw.get("article")):
            self.row = f"{self.row}（{article.split()[0]}）"
        self.found: list[Finding] = []

    def read(self) -> tuple[Rule | None, list[Finding]]:
        texts = {name: self.text(name) for name in ("article", "subject", "matter")}
        if texts["matter"] and not words.MATTER.fullmatch(texts["matter"]):
            self.wrong(
                "matter", _("半角の英小文字で、revision.proposal:adoption のように書きます。")
            )
        tier = self.tiers.get(words.prose(self.raw.get("tier")))
        if tier is None:
            self.wrong("tier", _("「%s」は区分にありません。") % words.prose(self.raw.get("tier")))
        flags = self.value(
            "flags", words.flags, _("「%s」は、重要、異例、先例、紛議のどれでもありません。")
        )
        scope = self.value("scope", words.scope, _("「%s」という範囲はありません。"))
        retention = self.value(
            "retention", words.retention, _("「%s」という保存期間はありません。")
        )
        amounts = self.amounts()
        places = self.places(tier)
        if any(finding.is_error for finding in self.found) or tier is None:
            return None, self.found
        rule = Rule(
            order=self.order,
            tier=tier,
            places=tuple(places),
            flags=frozenset(flags or ()),
            scope=scope or "",
            article=texts["article"],
            subject=texts["subject"],
            matter=texts["matter"],
            retention=retention or "",
            amount_from=amounts["amount_from"],
            amount_to=amounts["amount_to"],
        )
        return rule, self.found

    def wrong(self, name: str, text: str, *, is_error: bool = True) -> None:
        self.found.append(Finding(self.row, FIELDS[name], text, is_error))

    def text(self, name: str) -> str:
        text = words.prose(self.raw.get(name))
        limit = getattr(DecisionRule._meta.get_field(name), "max_length", 0)
        self.found += _text(self.row, FIELDS[name], text, limit)
        return text

    def value(self, name: str, read: Any, complaint: str) -> Any:
        try:
            return read(self.raw.get(name))
        except ValueError as error:
            self.wrong(name, complaint % error.args[0])
            return None

    def amounts(self) -> dict[str, Any]:
        found = {
            name: self.value(name, words.yen, _("「%s」は金額として読めません。"))
            for name in AMOUNTS
        }
        low, high = (found[name] for name in AMOUNTS)
        if max(low or 0, high or 0) > MOST:
            self.wrong("amount_to", _("金額が大きすぎます。"))
        if high is not None and (low or 0) >= high:
            self.wrong("amount_to", _("「金額から」より大きくしてください。"))
        return found

    def places(self, tier: Tier | None) -> list[Place]:
        given = words.places(self.raw.get("steps"))
        found = [place for step in given if (place := self.place(step))]
        roles = [place.role for place in found]
        if len(found) < len(given):
            return found
        if roles.count(StepRole.DECIDER) != 1:
            count = roles.count(StepRole.DECIDER)
            self.wrong("steps", _("決裁は一つだけ置いてください（いまは%dつ）。") % count)
            return found
        last = roles.index(StepRole.DECIDER)
        if set(roles[last + 1 :]) - {StepRole.INFORMED}:
            self.wrong("steps", _("決裁は最後に置いてください。そのあとに置けるのは供覧だけです。"))
        if StepRole.INFORMED in roles[:last]:
            self.wrong("steps", _("供覧は決裁のあとに置いてください。"))
        if tier and found[last].who != tier.who:
            text = _("決裁者が、区分「%s」のものと違います。") % tier.name
            self.wrong("steps", text, is_error=False)
        return found

    def place(self, step: Any) -> Place | None:
        try:
            place = words.place(step)
        except ValueError as error:
            self.wrong("steps", misread(*error.args))
            return None
        for text in nobody(place.role, place.who, self.known):
            self.wrong("steps", text)
        if place.who.removeprefix("post:") in self.known.vacant:
            self.wrong(
                "steps", _("「%s」は、施行日に就いている人がいません。") % place.who, is_error=False
            )
        self.needed(place)
        return place

    def needed(self, place: Place) -> None:
        """n人以上の署名: only a body has many to sign."""
        if not place.needed:
            return
        body = place.who.removeprefix("body:")
        if body == place.who:
            self.wrong("steps", _("「%s」は会議体ではないため、人数を定められません。") % place.who)
        elif place.needed > self.known.bodies.get(body, place.needed):
            words_ = {"who": place.who, "count": self.known.bodies[body]}
            self.wrong("steps", _("「%(who)s」の構成員は%(count)d人です。") % words_)
