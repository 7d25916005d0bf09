from datetime import date, datetime
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.deadline.calendar import TOKYO, Calendar, end_of_day
from workflow.deadline.schedule import days_left, next_reminder

PLAIN = Calendar()
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
MOMENTS = st.builds(partial(datetime.combine, tzinfo=TOKYO), DAYS, st.times())


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    "due_on, after, expected",
    [
        ("2020-11-09", "2020-10-23T12:00", "2020-11-04T09:00"),
        ("2020-11-09", "2020-11-04T08:59", "2020-11-04T09:00"),
        ("2020-11-09", "2020-11-04T09:00", "2020-11-06T09:00"),
        ("2020-11-09", "2020-11-06T09:00", "2020-11-10T09:00"),
        ("2020-11-09", "2020-11-10T09:00", None),
        ("2020-12-28", "2020-12-28T17:00", "2021-01-04T09:00"),
        ("2020-11-07", "2020-11-05T12:00", "2020-11-06T09:00"),  # due on a Saturday
        ("2020-11-07", "2020-11-06T12:00", "2020-11-09T09:00"),
    ],
)
def test_next_reminder(due_on, after, expected):
    found = next_reminder(date.fromisoformat(due_on), PLAIN, after=moment(after))
    assert found == (moment(expected) if expected else None)


def test_the_citys_own_days_count():
    monday_closed = Calendar(closed=frozenset({date(2020, 11, 9)}))
    found = next_reminder(date(2020, 11, 11), monday_closed, after=moment("2020-11-01T12:00"))
    assert found == moment("2020-11-05T09:00")


@given(DAYS, MOMENTS)
def test_never_on_a_closed_day_never_back_in_time(due_on, after):
    found = next_reminder(due_on, PLAIN, after=after)
    assert found is None or (found > after and not PLAIN.is_closed(found.date()))


@given(DAYS, MOMENTS)
def test_what_is_not_late_yet_always_has_a_reminder_ahead(due_on, after):
    if after <= end_of_day(due_on):
        assert next_reminder(due_on, PLAIN, after=after) is not None


@pytest.mark.parametrize(
    "at, expected",
    [
        ("2020-11-04T09:00", 3),
        ("2020-11-06T09:00", 1),
        ("2020-11-08T09:00", 1),
        ("2020-11-09T23:59", 0),
        ("2020-11-10T00:00", -1),
        ("2020-11-12T00:00", -3),
    ],
)
def test_days_left(at, expected):
    assert days_left(date(2020, 11, 9), PLAIN, at=moment(at)) == expected
