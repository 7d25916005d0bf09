"""誰が: the secretariat is whoever holds a post in it on the day, in the name of that post."""

from datetime import date, timedelta

import pytest

from revisions.plan.policies import check_can_steer
from tests.factories import NOON, TODAY, post, user
from tests.revisions.drafts import running_revision
from workflow.errors import NotAllowed
from workflow.models import Appointment
from workflow.people.commands import appoint

pytestmark = pytest.mark.django_db


def moved_out(username: str, to: str, on: date) -> None:
    """A transfer (異動) at the turn of a day, before the groups have followed it."""
    held = Appointment.objects.filter(user=user(username))
    held.update(until=on - timedelta(days=1))
    Appointment.objects.create(user=user(username), post=post(to), since=on)


def test_who_was_transferred_steers_no_more_from_the_first_hour_of_the_day(city: None) -> None:
    revision = running_revision()
    moved_out("joho-tanto", "koho-tanto", TODAY)
    with pytest.raises(NotAllowed):
        check_can_steer(user("joho-tanto"), revision, TODAY)


def test_the_act_is_done_in_the_name_of_the_post_in_the_secretariat(city: None) -> None:
    """兼務: the principal post is in another section."""
    revision = running_revision()
    appoint(
        user_id=user("koho-tanto").pk,
        post_id=post("joho-tanto").pk,
        since=TODAY,
        is_concurrent=True,
        by=None,
        at=NOON,
    )
    assert check_can_steer(user("koho-tanto"), revision, TODAY) == post("joho-tanto")
