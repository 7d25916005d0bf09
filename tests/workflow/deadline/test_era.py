from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.deadline.era import (
    era_date,
    era_month,
    era_period,
    era_short,
    fiscal_year,
    fiscal_year_days,
    fiscal_year_label,
    parse_date,
    parse_fiscal_year,
    parse_month,
    read_period,
    weekday_ja,
)

DAYS = st.dates(date(1873, 1, 1), date(2099, 12, 31))
YEARS = st.integers(1873, 2099)


@pytest.mark.parametrize(
    "day, long, short",
    [
        ("2026-12-04", "令和8年12月4日(金)", "R8.12.4"),
        ("2019-05-01", "令和元年5月1日(水)", "R1.5.1"),
        ("2019-04-30", "平成31年4月30日(火)", "H31.4.30"),
        ("1989-01-08", "平成元年1月8日(日)", "H1.1.8"),
        ("1989-01-07", "昭和64年1月7日(土)", "S64.1.7"),
        ("1926-12-25", "昭和元年12月25日(土)", "S1.12.25"),
        ("1926-12-24", "大正15年12月24日(金)", "T15.12.24"),
        ("1912-07-30", "大正元年7月30日(火)", "T1.7.30"),
        ("1912-07-29", "明治45年7月29日(月)", "M45.7.29"),
        ("1873-01-01", "明治6年1月1日(水)", "M6.1.1"),
    ],
)
def test_era(day, long, short):
    day = date.fromisoformat(day)
    assert era_date(day) == long
    assert era_short(day) == short


@pytest.mark.parametrize("write", [era_date, era_month, era_short])
def test_no_era_before_the_gregorian_calendar(write):
    with pytest.raises(ValueError, match="明治6年"):
        write(date(1872, 12, 31))


def test_era_month_and_weekday():
    assert era_month(date(2021, 4, 1)) == "令和3年4月"
    assert era_month(date(2019, 5, 31)) == "令和元年5月"
    assert [weekday_ja(date(2026, 11, 30 - n)) for n in range(7)] == list("月日土金木水火")


def test_fiscal_year():
    assert fiscal_year(date(2021, 3, 31)) == 2020
    assert fiscal_year(date(2021, 4, 1)) == 2021
    assert fiscal_year_days(2019) == (date(2019, 4, 1), date(2020, 3, 31))


@pytest.mark.parametrize(
    "year, label",
    [
        (2026, "令和8年度"),
        (2020, "令和2年度"),
        (2019, "令和元年度"),
        (2018, "平成30年度"),
        (1989, "平成元年度"),
        (1988, "昭和63年度"),
    ],
)
def test_fiscal_year_label(year, label):
    assert fiscal_year_label(year) == label


@pytest.mark.parametrize(
    "text, year",
    [
        ("令和8年度", 2026),
        ("Ｒ８年度", 2026),
        ("r8", 2026),
        ("2026年度", 2026),
        ("２０２６", 2026),
        ("令和元年度", 2019),
        ("令和1年度", 2019),
        ("平成31年度", 2019),  # what was written in April 2019
        ("平成30年度", 2018),
        ("平成元年度", 1989),
        ("昭和63年度", 1988),
        ("昭和元年度", 1926),
        ("大正15年度", 1926),
    ],
)
def test_parse_fiscal_year(text, year):
    assert parse_fiscal_year(text) == year


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "年度として読めません"),
        ("8年度", "年度として読めません"),
        ("2026-04", "年度として読めません"),
        ("平成32年度", "平成は平成31年4月30日までです。令和2年度と"),
        ("令和0年度", "令和は令和元年5月1日からです。平成30年度と"),
        ("昭和64年度", "昭和は昭和64年1月7日までです。平成元年度と"),  # ended before its April
        ("明治5年度", "1873年から2099年まで"),
        ("2100年度", "1873年から2099年まで"),
    ],
)
def test_parse_fiscal_year_says_what_is_wrong(text, said):
    with pytest.raises(ValueError, match=f"「.*」.*{said}.*。"):
        parse_fiscal_year(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-04",
        "20261204",
        "2026/12/4",
        "2026.12.4",
        "2026年12月4日",
        "R8.12.4",
        "r8.12.4",
        "R08/12/04",
        "令和8年12月4日",
        "令和8年12月4日(金)",
        "令和8年12月4日（金曜日）",
        "２０２６－１２－０４",
        "2026ー12ー04",
        "Ｒ８．１２．４",
        "令和８年１２月４日",
        "㋿8年12月4日",
        " 令和 8 年 12 月 4 日 ",
    ],
)
def test_parse_date(text):
    assert parse_date(text) == date(2026, 12, 4)


def test_parse_the_first_year_of_an_era():
    assert parse_date("令和元年5月1日") == parse_date("R1.5.1") == parse_date("令和1年5月1日")
    assert parse_date("令和元年5月1日") == date(2019, 5, 1)


@pytest.mark.parametrize(
    "text, said",
    [
        ("", "日付として読めません"),
        ("あした", "日付として読めません"),
        ("12/4", "日付として読めません"),
        ("26-12-04", "日付として読めません"),
        ("２０２６－１２", "日付として読めません"),
        ("2026-13-04", "暦にありません"),
        ("2026-02-29", "暦にありません"),
        ("令和元年4月30日", "令和は令和元年5月1日からです。平成31年4月30日と"),
        ("平成31年5月1日", "平成は平成31年4月30日までです。令和元年5月1日と"),
        ("S64.1.8", "昭和は昭和64年1月7日までです。平成元年1月8日と"),
        ("平成元年1月7日", "平成は平成元年1月8日からです。昭和64年1月7日と"),
        ("令和0年5月1日", "平成30年5月"),
        ("20206-12-04", "日付として読めません"),
        ("9999-12-31", "1873年から2099年まで"),
        ("明治5年12月2日", "1873年から2099年まで"),
        ("0000-00-00", "1873年から2099年まで"),
        ("2026-12-04(木)", "金曜日です"),
        ("٢٠٢٦-١٢-٠٤", "日付として読めません"),
    ],
)
def test_parse_date_says_what_is_wrong(text, said):
    with pytest.raises(ValueError, match=f"「.*」.*{said}.*。"):
        parse_date(text)


@pytest.mark.parametrize(
    "text, first",
    [
        ("2021-04", "2021-04-01"),
        ("202104", "2021-04-01"),
        ("2021/4", "2021-04-01"),
        ("R3.4", "2021-04-01"),
        ("令和３年４月", "2021-04-01"),
        ("令和元年5月", "2019-05-01"),
        ("平成元年1月", "1989-01-01"),
        ("昭和64年1月", "1989-01-01"),
    ],
)
def test_parse_month(text, first):
    assert parse_month(text) == date.fromisoformat(first)


@pytest.mark.parametrize(
    "text, said",
    [
        ("2021", "年月として読めません"),
        ("2021-04-01", "年月として読めません"),
        ("2021-13", "暦にありません"),
        ("平成31年5月", "平成は平成31年4月30日までです。令和元年5月と"),
        ("平成31年6月", "平成は平成31年4月30日までです。令和元年6月と"),
        ("令和1年4月", "令和は令和元年5月1日からです。平成31年4月と"),
        ("令和元年3月", "令和は令和元年5月1日からです。平成31年3月と"),
        ("昭和64年2月", "昭和は昭和64年1月7日までです。平成元年2月と"),
        ("2100-01", "1873年から2099年まで"),
    ],
)
def test_parse_month_says_what_is_wrong(text, said):
    with pytest.raises(ValueError, match=f"「.*」.*{said}.*。"):
        parse_month(text)


@given(DAYS)
def test_what_is_written_is_read_back(day):
    assert parse_date(era_date(day)) == day
    assert parse_date(era_short(day)) == day
    assert parse_date(day.isoformat()) == day
    assert parse_month(era_month(day)) == day.replace(day=1)


@given(DAYS)
def test_a_day_lies_in_its_fiscal_year_and_in_no_other(day):
    first, last = fiscal_year_days(fiscal_year(day))
    assert first <= day <= last
    assert fiscal_year(first - timedelta(days=1)) == fiscal_year(day) - 1
    assert fiscal_year(last + timedelta(days=1)) == fiscal_year(day) + 1


@given(YEARS)
def test_a_fiscal_year_that_is_written_is_read_back(year):
    assert parse_fiscal_year(fiscal_year_label(year)) == year
    assert parse_fiscal_year(f"{year}年度") == year


@given(st.sampled_from("RHSTM"), st.integers(0, 99), st.integers(1, 12))
def test_a_month_that_is_read_is_written_the_same_or_refused(era, year, month):
    """In the month of a change of era both write it."""
    text = f"{era}{year}.{month}"
    first = read(text, parse_month)
    if isinstance(first, str):
        assert first.endswith("。")
    else:
        last = first.replace(day=monthrange(first.year, first.month)[1])
        assert text in {era_short(day).rpartition(".")[0] for day in (first, last)}


@given(st.text(alphabet="令和平成元RHST0123456789年月日-/.() ０１２", max_size=14))
def test_reading_gives_a_day_or_a_sentence(text):
    assert isinstance(read(text), date) or read(text).endswith("。")


def read(text, parse=parse_date):
    try:
        return parse(text)
    except ValueError as exc:
        return str(exc)


@pytest.mark.parametrize(
    "kept, words",
    [
        ("2026-12-17～2026-12-17", "令和8年12月17日(木)"),
        ("2026-12-01～2026-12-14", "令和8年12月1日(火)～12月14日(月)"),
        ("2026-12-24～2027-01-08", "令和8年12月24日(木)～令和9年1月8日(金)"),
        ("2019-04-26～2019-05-07", "平成31年4月26日(金)～令和元年5月7日(火)"),
        ("2019-05-01～2019-12-31", "令和元年5月1日(水)～12月31日(火)"),
        ("2027-05～2027-05", "令和9年5月"),
        ("2027-03～2027-04", "令和9年3月～4月"),
        ("2019-04～2019-05", "平成31年4月～令和元年5月"),
    ],
)
def test_a_period_says_its_year_once(kept, words):
    first, last, month = read_period(kept)
    assert era_period(first, last, month=month) == words


@pytest.mark.parametrize("kept", ["", "～", "2026-12-17", "2026-12-17～いつか"])
def test_what_is_no_period(kept):
    with pytest.raises(ValueError):  # noqa: PT011  the words are nobody's to read
        read_period(kept)
