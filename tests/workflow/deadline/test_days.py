"""A screen writes days in the reader's language; an office in its own."""

from datetime import date

import pytest
from django.utils.translation import deactivate_all, override

from workflow.deadline import days

DAY = date(2026, 12, 4)

JAPANESE = {
    days.day_words: "令和8年12月4日(金)",
    days.day_short: "R8.12.4",
    days.month_words: "令和8年12月",
    days.month_name: "12月",
    days.year_words: "令和8年",
}
ENGLISH = {
    days.day_words: "Fri 4 Dec 2026",
    days.day_short: "2026.12.4",
    days.month_words: "Dec 2026",
    days.month_name: "Dec",
    days.year_words: "2026",
}


@pytest.mark.parametrize("language, said", [("ja", JAPANESE), ("en", ENGLISH), (None, JAPANESE)])
def test_a_day_in_the_readers_language(language: str | None, said: dict) -> None:
    with override(language):
        assert {write: write(DAY) for write in said} == said


def test_the_first_year_of_an_era_and_a_fiscal_year() -> None:
    assert days.year_words(date(2019, 5, 1)) == "令和元年"
    assert days.fiscal_year_words(2026) == "令和8年度"
    with override("en"):
        assert days.fiscal_year_words(2026) == "FY2026"


def test_who_reads_nothing_writes_japanese() -> None:
    with override("en"):
        deactivate_all()
        assert days.day_words(DAY) == "令和8年12月4日(金)"
