"""What a person does with notices: their own, and nobody else's."""

from datetime import timedelta

import pytest

from notifications.commands import read_notice, read_notices, set_preference
from notifications.dispatch import fan_out
from notifications.models import Delivery
from notifications.queries import unread
from notifications.states import Way
from tests.factories import NOON, user
from tests.notifications.factories import event

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(city: None) -> list[int]:
    """Two events that koho-tanto was told of."""
    events = [event(users=[user("koho-tanto").pk]) for _ in range(2)]
    fan_out(at=NOON)
    return [e.pk for e in events]


def test_read_notice_leads_to_the_act(told: list[int]) -> None:
    assert read_notice(event_id=told[0], by=user("koho-tanto"), at=NOON) == "/revisions/1/"
    assert [d.event_id for d in unread(user("koho-tanto"))] == [told[1]]


def test_read_notice_of_somebody_else_is_not_there(told: list[int]) -> None:
    with pytest.raises(Delivery.DoesNotExist):
        read_notice(event_id=told[0], by=user("jinji-tanto"), at=NOON)
    assert unread(user("koho-tanto")).count() == 2


def test_read_notices_leaves_what_came_since(told: list[int]) -> None:
    assert read_notices(until=told[0], by=user("koho-tanto"), at=NOON) == 1
    assert [d.event_id for d in unread(user("koho-tanto"))] == [told[1]]


def test_set_preference_changes_ones_own(city: None) -> None:
    by = user("koho-tanto")
    set_preference(ways={"signoff": Way.APP}, digest_hour=9, by=by, at=NOON)
    again = set_preference(ways={"signoff": Way.AT_ONCE}, digest_hour=16, by=by, at=NOON)
    assert (again.ways, again.digest_hour) == ({"signoff": "at_once"}, 16)
    assert not hasattr(user("jinji-tanto"), "preference")


def test_set_preference_moves_what_waits_to_the_new_hour(city: None) -> None:
    event("stage.opened", users=[user("koho-tanto").pk, user("jinji-tanto").pk])
    fan_out(at=NOON)
    set_preference(ways={}, digest_hour=16, by=user("koho-tanto"), at=NOON)
    held = Delivery.objects.filter(state="held").order_by("next_at")
    assert [(d.user.username, d.next_at - NOON) for d in held] == [
        ("koho-tanto", timedelta(hours=4)),
        ("jinji-tanto", timedelta(hours=21)),
    ]
