"""The holidays of Japan that the calendar closes, held against a second library and the laws."""

from datetime import date

import holidays
import jpholiday
import pytest

from workflow.deadline.calendar import Calendar, days

FIRST, LAST = date(2000, 1, 1), date(2050, 12, 31)
PLAIN = Calendar()


@pytest.fixture(scope="module")
def others() -> holidays.HolidayBase:
    """What `holidays` (another project, with tables of its own) knows of the same years."""
    return holidays.country_holidays("JP", years=range(FIRST.year, LAST.year + 1))


def test_two_libraries_agree_on_every_day(others: holidays.HolidayBase) -> None:
    """No day is left out, so a difference is to be explained here, beside its day.

    Three may come rightly with a new release of one of the two: an equinox that both reckon now
    (暦要項 announces it each February for the year after), a day of a ceremony or of games set by
    a law of its own (2019, 2020, 2021), and a change of 国民の祝日に関する法律 itself.
    """
    differ = [
        (day.isoformat(), jpholiday.is_holiday_name(day), others.get(day))
        for day in days(FIRST, LAST)
        if jpholiday.is_holiday(day) != (day in others)
    ]
    assert differ == []


def test_the_calendar_closes_those_and_what_the_ordinance_names(
    others: holidays.HolidayBase,
) -> None:
    new_year = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}
    differ = [
        day.isoformat()
        for day in days(FIRST, LAST)
        if PLAIN.is_closed(day)
        != (day.weekday() >= 5 or day in others or (day.month, day.day) in new_year)
    ]
    assert differ == []


@pytest.mark.parametrize(
    "day, name",
    [
        # 振替休日: the next day that is none, after a holiday on a Sunday
        ("2006-01-02", "元日 振替休日"),
        ("2009-05-06", "憲法記念日 振替休日"),  # Sunday the 3rd; the 4th and 5th are holidays
        ("2020-05-06", "憲法記念日 振替休日"),
        ("2020-02-24", "天皇誕生日 振替休日"),
        ("2021-08-09", "山の日 振替休日"),
        ("2024-11-04", "文化の日 振替休日"),
        # 国民の休日: between two holidays
        ("2006-05-04", "国民の休日"),
        ("2009-09-22", "国民の休日"),
        ("2015-09-22", "国民の休日"),
        ("2026-09-22", "国民の休日"),
        ("2032-09-21", "国民の休日"),
        ("2049-09-21", "国民の休日"),
        # 平成三十年法律第九十九号: the accession and what it makes holidays around it
        ("2019-04-30", "国民の休日"),
        ("2019-05-01", "天皇の即位の日"),
        ("2019-05-02", "国民の休日"),
        ("2019-05-06", "こどもの日 振替休日"),
        ("2019-10-22", "即位礼正殿の儀"),
        # moved for the games, 平成三十年法律第五十五号 and 令和二年法律第六十八号
        ("2020-07-23", "海の日"),
        ("2020-07-24", "スポーツの日"),
        ("2020-08-10", "山の日"),
        ("2021-07-22", "海の日"),
        ("2021-07-23", "スポーツの日"),
        # new days
        ("2016-08-11", "山の日"),
        ("2007-05-04", "みどりの日"),
        # equinoxes that move by a day
        ("2012-09-22", "秋分の日"),
        ("2025-09-23", "秋分の日"),
        ("2024-03-20", "春分の日"),
        ("2027-03-21", "春分の日"),
    ],
)
def test_a_holiday_by_its_name(day: str, name: str) -> None:
    found = date.fromisoformat(day)
    assert jpholiday.is_holiday_name(found) == name
    assert PLAIN.is_closed(found)


@pytest.mark.parametrize(
    "day",
    [
        "2019-12-23",  # the birthday of an emperor who had abdicated
        "2019-10-21",
        "2020-07-20",  # the third Monday of July, when 海の日 had moved
        "2020-08-11",
        "2020-10-12",
        "2021-07-19",
        "2021-08-11",
        "2021-10-11",
        "2015-08-11",  # before 山の日
        "2026-12-28",
        "2027-01-04",
    ],
)
def test_an_open_day(day: str) -> None:
    assert not PLAIN.is_closed(date.fromisoformat(day))


def test_ten_days_of_2019_on_end() -> None:
    closed = [day for day in days(date(2019, 4, 20), date(2019, 5, 10)) if PLAIN.is_closed(day)]
    assert closed[2:12] == list(days(date(2019, 4, 27), date(2019, 5, 6)))
    assert PLAIN.working_day_after(date(2019, 4, 26), 1) == date(2019, 5, 7)
    assert PLAIN.working_day_before(date(2019, 5, 7), 1) == date(2019, 4, 26)
    assert PLAIN.working_days_between(date(2019, 4, 26), date(2019, 5, 6)) == 0


@pytest.mark.parametrize("year", range(FIRST.year, LAST.year + 1))
def test_the_turn_of_every_year(year: int) -> None:
    closed = days(date(year, 12, 29), date(year + 1, 1, 3))
    assert all(PLAIN.is_closed(day) for day in closed)
    work = PLAIN.working_day_after(date(year, 12, 28), 1)
    assert date(year + 1, 1, 4) <= work <= date(year + 1, 1, 6)
