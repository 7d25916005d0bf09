"""Every shipped route is sound data."""

import pytest

from workflow.path.routes import ROUTES, Route
from workflow.path.states import ASKS, OUTCOMES, Asks, StageKind

EVERY = pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES.keys())


@EVERY
def test_ends_with_the_only_adoption(route: Route) -> None:
    kinds = [leg.kind for leg in route.legs]
    assert kinds.index(StageKind.ADOPTION) == len(kinds) - 1


@EVERY
def test_asks_what_its_kind_can_answer(route: Route) -> None:
    assert all(leg.asks in ASKS[leg.kind] for leg in route.legs)


@EVERY
def test_meetings_have_a_body_and_others_none(route: Route) -> None:
    with_body = (StageKind.MEETING, StageKind.REPORT)
    assert all(bool(leg.body) == (leg.kind in with_body) for leg in route.legs)


@EVERY
def test_rounds_are_not_interleaved(route: Route) -> None:
    names = [leg.round for leg in route.legs]
    assert names == sorted(names, key=names.index)


@EVERY
def test_stage_names_tell_stages_apart(route: Route) -> None:
    names = [leg.name for leg in route.legs]
    assert len(set(names)) == len(names)


def test_everything_asked_has_an_outcome() -> None:
    assert set(OUTCOMES) == set(Asks)


def test_standard_path() -> None:
    names = [leg.name for leg in ROUTES["standard"].legs]
    assert " → ".join(names) == (
        "庁内照会 → 幹事会 → 本部会 → 情報化推進委員会 → パブリックコメント → 策定"
    )


def test_the_city_asked_for_one_approval_on_the_way() -> None:
    legs = ROUTES["hadano_2020"].legs
    assert len(legs) == 15
    assert [leg.name for leg in legs if leg.asks == Asks.APPROVAL] == ["第4回本部会"]
