"""What a person does with notices: their own, and nobody else's."""

import pytest

from notifications.commands import read_notice, read_notices, set_preference
from notifications.dispatch import fan_out
from notifications.models import Delivery
from notifications.queries import unread
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
    set_preference(email=False, by=user("koho-tanto"), at=NOON)
    assert set_preference(email=True, by=user("koho-tanto"), at=NOON).email is True
    assert not hasattr(user("jinji-tanto"), "preference")
