"""A moment is read as it was written, to the microsecond, however the server writes dates."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from workflow.ledger.instants import Instant
from workflow.models import User

MOMENTS = [
    datetime(1, 1, 2, tzinfo=UTC),
    datetime(1950, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 11, 24, 3, 0, 0, 120000, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 1, tzinfo=UTC),
]


@pytest.mark.django_db
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_moment_comes_back(moment):
    person = User.objects.earliest("pk")
    person.last_login = moment
    person.save(update_fields=["last_login"])
    found = User.objects.get(pk=person.pk).last_login
    assert (found, found.utcoffset()) == (moment, timedelta(0))


@pytest.mark.postgres
@pytest.mark.django_db
def test_it_is_read_by_datetime_itself():
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        told = cursor.description[0].type_code
    assert connection.connection.adapters.get_loader(told, 0) is Instant


@pytest.mark.postgres
@pytest.mark.django_db
def test_another_style_is_left_to_those_who_know_it():
    other = connection.copy()
    other.settings_dict["OPTIONS"] |= {"options": "-c DateStyle=German"}
    with other.cursor() as cursor:
        cursor.execute("SELECT now()")
        told = cursor.description[0].type_code
        assert other.connection.adapters.get_loader(told, 0) is not Instant
    other.close()
