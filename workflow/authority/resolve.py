"""決裁区分の当てはめ: which rule of a table takes a matter. Imports neither Django nor Celery."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """One place on a line, as a rule names it.

    role    a StepRole's value
    who     own:section_chief, own:department_director, own:coordinating_chief, own:section,
            post:CODE, section:CODE, section:CODE:chief, body:CODE
    needed  how many of a body must sign; 0 when all of them must
    """

    role: str
    who: str
    needed: int = 0


@dataclass(frozen=True)
class Tier:
    """決裁区分: who decides. A delegated one (専決) takes nothing that is flagged."""

    name: str
    who: str
    is_delegated: bool


@dataclass(frozen=True)
class Rule:
    """One row of a table.

    flags        any of them present brings a matter here; without, the matter bears none
    amount_from  yen, included; None is open
    amount_to    yen, not included; None is open
    scope        "" takes any
    """

    order: int
    matter: str
    tier: Tier
    places: tuple[Place, ...]
    flags: frozenset[str] = frozenset()
    amount_from: int | None = None
    amount_to: int | None = None
    scope: str = ""
    article: str = ""
    subject: str = ""
    retention: str = ""

    @property
    def number(self) -> str:
        """第4条, of an article that goes on with its text after a space."""
        return (self.article.split() or [""])[0]


@dataclass(frozen=True)
class Facts:
    """What is asked of a table. A finer matter stands behind a colon: revision.proposal:adoption"""

    matter: str
    flags: frozenset[str] = frozenset()
    amount: int | None = None
    scope: str = ""


@dataclass
class NoRule(LookupError):
    """どの区分にも当たりません.

    missed  what keeps each rule for the matter from taking it: (rule, "flags", "amount", "scope");
            empty when the table has no rule for the matter
    """

    facts: Facts
    missed: list[tuple[Rule, list[str]]] = field(default_factory=list)


def choose(rules: Iterable[Rule], facts: Facts) -> Rule:
    """Return the first rule that takes the matter; raises NoRule."""
    missed = []
    for rule in concerning(rules, facts.matter):
        why = obstacles(rule, facts)
        if not why:
            return rule
        missed.append((rule, why))
    raise NoRule(facts, missed)


def concerning(rules: Iterable[Rule], matter: str) -> Iterator[Rule]:
    """Yield the rules for the matter itself or for all matters of its kind, in order."""
    for rule in sorted(rules, key=lambda rule: rule.order):
        if covers_matter(rule.matter, matter):
            yield rule


def obstacles(rule: Rule, facts: Facts) -> list[str]:
    """Return which facts keep a rule for the matter from taking it."""
    takes = {
        "flags": _takes_flags(rule, facts.flags),
        "amount": _takes_amount(rule, facts.amount),
        "scope": rule.scope in ("", facts.scope),
    }
    return [name for name, taken in takes.items() if not taken]


def tiers_above(tiers: Sequence[Tier], tier: Tier) -> list[Tier]:
    """Return the tiers above one, the next first. `tiers` stand highest first."""
    names = [t.name for t in tiers]
    return list(reversed(tiers[: names.index(tier.name)]))


def covers_matter(wide: str, matter: str) -> bool:
    return matter == wide or matter.startswith(f"{wide}:")


def _takes_flags(rule: Rule, flags: frozenset[str]) -> bool:
    """専決 is barred for what is flagged, unless the rule is for such matters."""
    if rule.flags:
        return bool(rule.flags & flags)
    return not flags or not rule.tier.is_delegated


def _takes_amount(rule: Rule, amount: int | None) -> bool:
    if amount is None:
        return rule.amount_from is None and rule.amount_to is None
    return (rule.amount_from or 0) <= amount and (rule.amount_to is None or amount < rule.amount_to)


# What is odd about a whole table


def unreachable(rules: Sequence[Rule]) -> list[tuple[Rule, Rule]]:
    """Return every rule that one earlier rule leaves nothing to, with that earlier rule."""
    found = []
    for number, rule in enumerate(rules):
        earlier = next((other for other in rules[:number] if _covers(other, rule)), None)
        if earlier:
            found.append((rule, earlier))
    return found


def _covers(wide: Rule, rule: Rule) -> bool:
    return (
        covers_matter(wide.matter, rule.matter)
        and wide.scope in ("", rule.scope)
        and _covers_flags(wide, rule)
        and _covers_amount(wide, rule)
    )


def _covers_flags(wide: Rule, rule: Rule) -> bool:
    if wide.flags:
        return bool(rule.flags) and rule.flags <= wide.flags
    if not wide.tier.is_delegated:
        return True
    return not rule.flags and rule.tier.is_delegated


def _covers_amount(wide: Rule, rule: Rule) -> bool:
    if wide.amount_from is None and wide.amount_to is None:
        return True
    if rule.amount_from is None and rule.amount_to is None:
        return False  # without an amount at all, only the rule takes it
    above = wide.amount_to is None or (
        rule.amount_to is not None and rule.amount_to <= wide.amount_to
    )
    return (wide.amount_from or 0) <= (rule.amount_from or 0) and above


def gaps(rules: Iterable[Rule], matter: str) -> list[tuple[int, int | None]]:
    """Return the spans of yen (from included, to excluded) that no rule takes unflagged.

    Scopes are not told apart: what one scope takes counts as taken.
    """
    taking = [rule for rule in concerning(rules, matter) if not rule.flags]
    spans = [(rule.amount_from or 0, rule.amount_to) for rule in taking]
    if not spans:
        return []
    found: list[tuple[int, int | None]] = []
    reached: int | None = 0
    for start, end in sorted(spans, key=lambda span: span[0]):
        if reached is None:
            break
        if start > reached:
            found.append((reached, start))
        reached = None if end is None else max(reached, end)
    return [*found, (reached, None)] if reached is not None else found
