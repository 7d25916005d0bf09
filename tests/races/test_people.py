import pytest
from django.contrib.auth.models import Group

from tests.factories import NOON, TODAY, post
from workflow.models import User
from workflow.people import commands

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("city")]


def test_the_days_refresh_never_undoes_an_appointment(together):
    newcomers = [User.objects.create(username=f"new-{n}") for n in range(10)]
    for newcomer in newcomers:
        results = together(
            lambda who=newcomer: commands.appoint(
                user_id=who.pk, post_id=post("joho-tanto").pk, since=TODAY, by=None, at=NOON
            ),
            lambda: commands.follow_appointments(by=None, at=NOON),
        )
        assert not [r for r in results if isinstance(r, Exception)]
    members = Group.objects.get(name="section:joho").user_set
    assert set(newcomers) <= set(members.all())
