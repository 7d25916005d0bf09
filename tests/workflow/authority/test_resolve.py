"""決裁区分の当てはめ: conditions, order, and what a table as a whole gets wrong."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workflow.authority.resolve import (
    Facts,
    NoRule,
    Place,
    Rule,
    Tier,
    choose,
    gaps,
    obstacles,
    tiers_above,
    unreachable,
)

MAYOR = Tier("甲", "post:shicho", is_delegated=False)
DIRECTOR = Tier("丙", "own:department_director", is_delegated=True)
FLAGS = ["important", "unusual", "precedent", "disputed"]


def rule(order: int = 1, matter: str = "a.b", tier: Tier = DIRECTOR, **more: Any) -> Rule:
    return Rule(
        order=order,
        matter=matter,
        tier=tier,
        places=(Place("decider", tier.who),),
        article=f"第{order}条",
        **more,
    )


def facts(*flags: str, matter: str = "a.b", **more: Any) -> Facts:
    return Facts(matter, frozenset(flags), **more)


MILLION = 10**6


@pytest.mark.parametrize(
    "given_rule, asked, why",
    [
        (rule(), facts(), []),
        (rule(), facts("important"), ["flags"]),
        (rule(tier=MAYOR), facts("important"), []),
        (rule(flags=frozenset({"important"})), facts("important", "disputed"), []),
        (rule(flags=frozenset({"important"})), facts("disputed"), ["flags"]),
        (rule(flags=frozenset({"important"})), facts(), ["flags"]),
        (rule(amount_from=MILLION), facts(), ["amount"]),
        (rule(amount_from=MILLION), facts(amount=MILLION), []),
        (rule(amount_from=MILLION), facts(amount=MILLION - 1), ["amount"]),
        (rule(amount_to=MILLION), facts(amount=MILLION), ["amount"]),
        (rule(amount_to=MILLION), facts(amount=MILLION - 1), []),
        (rule(amount_to=MILLION), facts(amount=0), []),
        (rule(), facts(amount=MILLION), []),
        (rule(scope="one_section"), facts(scope="one_section"), []),
        (rule(scope="one_section"), facts(scope="several_sections"), ["scope"]),
        (rule(scope="one_section", amount_to=1), facts("unusual"), ["flags", "amount", "scope"]),
    ],
)
def test_what_keeps_a_rule_from_taking_a_matter(
    given_rule: Rule, asked: Facts, why: list[str]
) -> None:
    assert obstacles(given_rule, asked) == why


def test_the_first_that_fits_decides_whatever_the_order_they_come_in() -> None:
    wide, finer = rule(2, tier=MAYOR), rule(1, matter="a.b:c")
    assert choose([wide, finer], facts(matter="a.b:c")) == finer
    assert choose([wide, finer], facts(matter="a.b:d")) == wide
    assert choose([wide, finer], facts("unusual", matter="a.b:c")) == wide


def test_a_matter_is_taken_by_its_own_kind_only() -> None:
    with pytest.raises(NoRule) as refusal:
        choose([rule(matter="a.bc"), rule(matter="a.b:c")], facts())
    assert refusal.value.missed == []


def test_no_rule_says_what_is_wrong_with_each() -> None:
    small, flagged = rule(1, amount_to=5), rule(2, flags=frozenset({"unusual"}))
    with pytest.raises(NoRule) as refusal:
        choose([flagged, small], facts(amount=5))
    assert refusal.value.missed == [(small, ["amount"]), (flagged, ["flags"])]


def test_tiers_above_the_next_first() -> None:
    middle = Tier("乙", "post:x", is_delegated=True)
    assert tiers_above([MAYOR, middle, DIRECTOR], DIRECTOR) == [middle, MAYOR]
    assert tiers_above([MAYOR, middle, DIRECTOR], MAYOR) == []


RULES = st.lists(
    st.builds(
        rule,
        matter=st.sampled_from(["a.b", "a.b:c", "d.e"]),
        tier=st.sampled_from([MAYOR, DIRECTOR]),
        flags=st.frozensets(st.sampled_from(FLAGS), max_size=2),
        amount_from=st.none() | st.integers(0, 6),
        amount_to=st.none() | st.integers(1, 8),
        scope=st.sampled_from(["", "one_section", "several_sections"]),
    ),
    max_size=6,
).map(lambda rules: [replace(r, order=n) for n, r in enumerate(rules)])

ASKED = st.builds(
    Facts,
    matter=st.sampled_from(["a.b", "a.b:c", "a.b:x"]),
    flags=st.frozensets(st.sampled_from(FLAGS), max_size=3),
    amount=st.none() | st.integers(0, 9),
    scope=st.sampled_from(["one_section", "several_sections"]),
)


LITTLE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@LITTLE
@given(RULES, ASKED)
def test_at_most_one_rule_takes_any_facts_and_order_decides(
    rules: list[Rule], asked: Facts
) -> None:
    try:
        found = choose(reversed(rules), asked)
    except NoRule:
        return
    mine = [r for r in rules if asked.matter == r.matter or asked.matter.startswith(r.matter + ":")]
    assert found == next(r for r in mine if not obstacles(r, asked))
    if asked.flags and found.tier.is_delegated:
        assert found.flags & asked.flags  # 専決 only where the rule is for such matters


@LITTLE
@given(RULES, ASKED)
def test_what_is_called_unreachable_is_never_reached(rules: list[Rule], asked: Facts) -> None:
    try:
        found = choose(rules, asked)
    except NoRule:
        return
    assert found not in [r for r, _earlier in unreachable(rules)]


@LITTLE
@given(RULES, st.integers(0, 9), st.sampled_from(["a.b", "a.b:c"]))
def test_in_a_gap_no_rule_takes_an_amount(rules: list[Rule], amount: int, matter: str) -> None:
    if not any(
        low <= amount and (high is None or amount < high) for low, high in gaps(rules, matter)
    ):
        return
    for scope in ("one_section", "several_sections"):
        with pytest.raises(NoRule):
            choose(rules, Facts(matter, frozenset(), amount, scope))


def test_gaps_are_told_from_nothing_to_the_open_end() -> None:
    steps = [rule(1, amount_from=2, amount_to=4), rule(2, amount_from=6, amount_to=8)]
    assert gaps(steps, "a.b") == [(0, 2), (4, 6), (8, None)]
    assert gaps([*steps, rule(3)], "a.b") == []
    assert gaps([], "a.b") == []
