from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revisions.public_comment.period import days, last_day, missing, phase

FIRST, LAST = date(2021, 2, 17), date(2021, 3, 18)


def test_the_first_day_counts():
    assert days(FIRST, LAST) == 30
    assert last_day(FIRST, 30) == LAST
    assert days(FIRST, FIRST) == 1


@given(st.dates(date(2000, 1, 1), date(2099, 1, 1)), st.integers(1, 400))
def test_last_day_is_the_first_that_is_enough(first, length):
    last = last_day(first, length)
    assert days(first, last) == length
    assert missing(first, last, minimum=length) == 0
    assert missing(first, last, minimum=length + 1) == 1


def test_a_short_period_is_told_by_how_much():
    assert missing(FIRST, LAST - timedelta(days=2)) == 2
    assert missing(FIRST, LAST) == 0
    assert missing(FIRST, last_day(FIRST, 14), minimum=14) == 0


def test_an_end_before_the_start():
    with pytest.raises(ValueError, match="初日より前"):
        days(LAST, FIRST)
    with pytest.raises(ValueError, match="1日以上"):
        last_day(FIRST, 0)


@pytest.mark.parametrize(
    "today, expected",
    [
        (date(2021, 1, 31), "preparing"),
        (date(2021, 2, 1), "announced"),
        (date(2021, 2, 16), "announced"),
        (FIRST, "accepting"),
        (LAST, "accepting"),
        (date(2021, 3, 19), "closed"),
    ],
)
def test_phase(today, expected):
    assert phase(today, announced=date(2021, 2, 1), first=FIRST, last=LAST) == expected


def test_without_an_announcement():
    assert phase(date(2021, 2, 16), announced=None, first=FIRST, last=LAST) == "preparing"
    assert phase(FIRST, announced=None, first=FIRST, last=LAST) == "accepting"
