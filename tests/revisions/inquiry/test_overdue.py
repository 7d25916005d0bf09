"""A filter by open days overdue finds what the rows say."""

from datetime import date, timedelta

import pytest

from revisions.inquiry.queries import open_days_left
from revisions.inquiry.queries_board import overdue_before
from workflow.deadline.calendar import Calendar

DAYS = [date(2026, 12, 18) + timedelta(days=n) for n in range(24)]  # over the turn of the year


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_so_many_open_days_overdue_as_the_rows_say(today: date) -> None:
    calendar = Calendar()
    for n in (1, 2, 3, 5):
        before = overdue_before(today, n, calendar)
        for back in range(1, 30):
            due_on = today - timedelta(days=back)
            assert (due_on < before) == (-open_days_left(due_on, today, calendar) >= n), due_on
