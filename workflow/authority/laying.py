"""経路を敷く: a rule's places become the posts that sign, for one drafter on one day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from workflow.authority.about import About
from workflow.authority.findings import told
from workflow.authority.line import Line, Turn
from workflow.authority.models import DecisionTable
from workflow.authority.places import Directory
from workflow.authority.queries import rules_of, table_on, tiers_of
from workflow.authority.resolve import (
    Facts,
    NoRule,
    Place,
    Rule,
    Tier,
    choose,
    concerning,
    tiers_above,
)
from workflow.authority.states import StepRole
from workflow.errors import Unmet
from workflow.people.models import Post
from workflow.people.states import Rank

RANKS = list(Rank)
"""Highest first."""

BASIS = 200
"""Characters that a request keeps of its basis."""


class Group(NamedTuple):
    """Posts that sign side by side."""

    role: str
    posts: list[Post]
    needed: int = 0


@dataclass(frozen=True)
class Laid:
    """A line, and the rule that laid it.

    tier  the rule's, or one above it when the drafter would have decided their own draft
    """

    line: Line
    rule: Rule
    tier: Tier
    table: DecisionTable

    @property
    def basis(self) -> str:
        where = f"{self.table.name}（{self.table.source}）{self.rule.number}"
        if self.tier != self.rule.tier:
            raised = _("（起案者が決裁者に当たるため、上位の「%s」による）") % self.tier.name
            where = where[: BASIS - len(raised)] + raised
        return where[:BASIS]

    @property
    def decider(self) -> Post:
        return next(turn.post for turn in self.line if turn.role == StepRole.DECIDER)

    def about(self, facts: Facts) -> About:
        """Return what a request laid by this rule says of itself."""
        with override(settings.LANGUAGE_CODE):  # it is kept and signed
            basis = self.basis
        return About(
            flags=sorted(facts.flags),
            tier=self.tier.name,
            basis=basis,
            amount=facts.amount,
            retention=self.rule.retention,
        )


def route(facts: Facts, *, drafter: Post, on: date) -> Laid | None:
    """Return the line that the table in force lays; None when it has no rule for the matter.

    raises  Unmet when it has, but none takes these facts, or nobody is left to decide
    """
    table = table_on(on, drafter)
    rules = rules_of(table) if table else []
    if table is None or not any(concerning(rules, facts.matter)):
        return None
    try:
        rule = choose(rules, facts)
    except NoRule as refusal:
        raise Unmet(_("どの区分にも当たりません。"), told(refusal)) from refusal
    return lay(rule, table, drafter=drafter, on=on)


def lay(rule: Rule, table: DecisionTable, *, drafter: Post, on: date) -> Laid:
    """Lay the line of one rule: two statements.

    The drafter is left out of the line; who stands in it twice signs once, in the higher place.
    A post that nobody holds keeps its place.
    """
    above = [Place(StepRole.DECIDER, tier.who) for tier in tiers_of(table)]
    directory = Directory([*rule.places, *above], drafter, on)
    tier, decider = _decider(rule, table, directory)
    below, groups = _groups(rule, directory), [Group(StepRole.DECIDER, [decider])]
    for group in reversed(below):
        placed = {post for higher in groups for post in higher.posts} | {drafter}
        if group.needed:  # who must sign alone is not merely one of many
            placed |= {post for other in below if _binds(other) for post in other.posts}
        left = [post for post in group.posts if post not in placed]
        groups = _put(group._replace(posts=left, needed=min(group.needed, len(left))), groups)
    return Laid(line_of(groups), rule, tier, table)


def tier_of(decider: Post, *, drafter: Post, on: date) -> tuple[str, str]:
    """Return 決裁区分 in which a post decides by the table of the day, and the table (根拠).

    returns  "", "" when no table gives it one
    """
    if (table := table_on(on, drafter)) is None:
        return "", ""
    tiers = tiers_of(table)
    directory = Directory([Place(StepRole.DECIDER, tier.who) for tier in tiers], drafter, on)
    for tier in tiers:
        if decider in directory.posts(Place(StepRole.DECIDER, tier.who)):
            return tier.name, f"{table.name}（{table.source}）"[:BASIS]
    return "", ""


def line_of(groups: Iterable[Group]) -> Line:
    kept = [group for group in groups if group.posts]
    return [
        Turn(order, StepRole(group.role), post, group.needed)
        for order, group in enumerate(kept, 1)
        for post in group.posts
    ]


def _put(group: Group, groups: list[Group]) -> list[Group]:
    """Put a group before those above it; who is only informed comes after the decision."""
    return [*groups, group] if group.role == StepRole.INFORMED else [group, *groups]


def _groups(rule: Rule, directory: Directory) -> list[Group]:
    """Return the places but the decider's: concurrences in a row run side by side.

    Who is informed comes first, so that signing (laid from the end) takes precedence.
    """
    groups: list[Group] = []
    for place in rule.places:
        if place.role == StepRole.DECIDER:
            continue
        posts, last = directory.posts(place), groups[-1] if groups else None
        if last and _side_by_side(last, place):
            last.posts.extend(post for post in posts if post not in last.posts)
        else:
            groups.append(Group(place.role, list(dict.fromkeys(posts)), place.needed))
    informed = [group for group in groups if group.role == StepRole.INFORMED]
    return [*informed, *(group for group in groups if group.role != StepRole.INFORMED)]


def _binds(group: Group) -> bool:
    return group.role != StepRole.INFORMED and not group.needed


def _side_by_side(last: Group, place: Place) -> bool:
    """n人以上 counts within one body: it shares its turn with nobody."""
    together = last.role == place.role and not last.needed and not place.needed
    return together and place.role in (StepRole.CONCURRENCE, StepRole.INFORMED)


def _decider(rule: Rule, table: DecisionTable, directory: Directory) -> tuple[Tier, Post]:
    """Return who decides; nobody decides their own draft, nor their superior's: it goes up."""
    place = next(place for place in rule.places if place.role == StepRole.DECIDER)
    higher = tiers_above(tiers_of(table), rule.tier)
    candidates = [(rule.tier, place.who), *((tier, tier.who) for tier in higher)]
    for tier, who in candidates:
        for post in directory.posts(Place(StepRole.DECIDER, who)):
            if post != directory.drafter and not is_above(directory.drafter, post):
                return tier, post
    raise Unmet(
        _("「%(article)s」では、起案者のほかに決裁者がいません。") % {"article": rule.number}
    )


def is_above(post: Post, other: Post) -> bool:
    return RANKS.index(Rank(post.rank)) < RANKS.index(Rank(other.rank))
