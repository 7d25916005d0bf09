from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.deadline.calendar import Calendar, days, end_of_day, in_tokyo

PLAIN = Calendar()
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
COUNTS = st.integers(1, 40)


@pytest.mark.parametrize(
    "day, n, expected",
    [
        ("2020-11-09", 3, "2020-11-04"),
        ("2020-11-09", 5, "2020-10-30"),
        ("2020-12-21", 3, "2020-12-16"),
        ("2020-12-21", 0, "2020-12-21"),
    ],
)
def test_working_day_before(day, n, expected):
    assert PLAIN.working_day_before(date.fromisoformat(day), n) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    "day, n, expected",
    [
        ("2020-12-24", 7, "2021-01-08"),
        ("2020-12-28", 1, "2021-01-04"),
        ("2020-12-30", 0, "2020-12-30"),
    ],
)
def test_working_day_after(day, n, expected):
    assert PLAIN.working_day_after(date.fromisoformat(day), n) == date.fromisoformat(expected)


@pytest.mark.parametrize("step", [PLAIN.working_day_before, PLAIN.working_day_after])
def test_a_negative_count_is_refused(step):
    with pytest.raises(ValueError, match="0以上"):
        step(date(2020, 11, 9), -1)


@pytest.mark.parametrize(
    "day, closed",
    [
        ("2026-12-04", False),  # a Friday
        ("2026-12-05", True),  # a Saturday
        ("2026-12-06", True),  # a Sunday
        ("2026-12-28", False),
        ("2026-12-29", True),
        ("2027-01-03", True),
        ("2027-01-04", False),
        ("2020-11-03", True),  # 文化の日
        ("2026-09-22", True),  # 国民の休日, between two holidays
        ("2026-05-06", True),  # 振替休日
        ("2019-05-01", True),  # 即位の日
    ],
)
def test_closed_days(day, closed):
    assert PLAIN.is_closed(date.fromisoformat(day)) is closed


def test_the_city_adds_and_lifts_closed_days():
    founding, fair = date(2026, 12, 4), date(2026, 12, 5)
    city = Calendar(closed=frozenset({founding}), opened=frozenset({fair}))
    assert city.is_closed(founding)
    assert not city.is_closed(fair)
    assert city.previous_working_day(founding) == date(2026, 12, 3)
    assert city.working_day_after(date(2026, 12, 3), 1) == fair


def test_a_due_date_on_a_closed_day_moves_to_the_working_day_before():
    assert PLAIN.previous_working_day(date(2027, 1, 3)) == date(2026, 12, 28)
    assert PLAIN.previous_working_day(date(2026, 12, 28)) == date(2026, 12, 28)


@pytest.mark.parametrize(
    "today, due, left",
    [
        ("2020-11-04", "2020-11-09", 3),
        ("2020-11-09", "2020-11-09", 0),
        ("2020-11-11", "2020-11-09", -2),
        ("2020-12-26", "2021-01-03", 1),
    ],
)
def test_working_days_between(today, due, left):
    assert PLAIN.working_days_between(date.fromisoformat(today), date.fromisoformat(due)) == left


@given(DAYS, COUNTS)
def test_before_and_after_undo_each_other(day, n):
    start = PLAIN.previous_working_day(day)
    assert PLAIN.working_day_after(PLAIN.working_day_before(start, n), n) == start
    assert PLAIN.working_day_before(PLAIN.working_day_after(start, n), n) == start


@given(DAYS, COUNTS)
def test_the_steps_are_counted_as_they_were_made(day, n):
    later = PLAIN.working_day_after(day, n)
    assert not PLAIN.is_closed(later)
    assert PLAIN.working_days_between(day, later) == n
    assert PLAIN.working_days_between(later, day) == -n


def test_days_include_both_ends():
    assert list(days(date(2021, 2, 27), date(2021, 3, 1))) == [
        date(2021, 2, 27),
        date(2021, 2, 28),
        date(2021, 3, 1),
    ]
    assert list(days(date(2021, 3, 1), date(2021, 2, 27))) == []


def test_a_day_ends_in_tokyo():
    assert end_of_day(date(2026, 12, 4)) == datetime(2026, 12, 4, 14, 59, 59, tzinfo=UTC)


@given(DAYS)
def test_the_end_of_a_day_is_in_it(day):
    assert in_tokyo(end_of_day(day)) == day


def test_in_tokyo():
    assert in_tokyo(datetime(2026, 12, 3, 15, 0, tzinfo=UTC)) == date(2026, 12, 4)
    with pytest.raises(ValueError, match="時間帯"):
        in_tokyo(datetime(2026, 12, 4, 9, 0))  # noqa: DTZ001
