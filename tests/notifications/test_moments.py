from datetime import datetime

import pytest

from notifications.moments import may_go, next_digest, next_try
from workflow.deadline.calendar import TOKYO, Calendar


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    "after, moment",
    [
        ("2026-11-24 08:59", "2026-11-24 09:00"),
        ("2026-11-24 09:00", "2026-11-25 09:00"),
        ("2026-11-24 23:59", "2026-11-25 09:00"),
        ("2026-11-27 09:01", "2026-11-30 09:00"),  # Friday
        ("2026-11-28 08:00", "2026-11-30 09:00"),
        ("2026-12-28 10:00", "2027-01-04 09:00"),
    ],
)
def test_next_digest(after, moment):
    assert next_digest(at(after), 9, Calendar()) == at(moment)


@pytest.mark.parametrize(
    "moment, open_",
    [("2026-11-24 07:59", False), ("2026-11-24 08:00", True), ("2026-11-28 12:00", False)],
)
def test_may_go(moment, open_):
    assert may_go(at(moment), Calendar()) is open_


@pytest.mark.parametrize(
    "moment, then",
    [
        ("2026-11-24 12:00", "2026-11-24 12:00"),
        ("2026-11-24 17:59", "2026-11-24 17:59"),
        ("2026-11-24 18:00", "2026-11-25 08:00"),
        ("2026-11-24 07:59", "2026-11-24 08:00"),
        ("2026-11-20 18:00", "2026-11-24 08:00"),  # a Friday; Monday is 勤労感謝の日
        ("2026-11-22 12:00", "2026-11-24 08:00"),
    ],
)
def test_what_is_tried_again_is_tried_when_the_office_works(moment, then):
    assert next_try(at(moment), Calendar()) == at(then)
