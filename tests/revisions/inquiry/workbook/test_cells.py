"""What a cell says, whatever a spreadsheet or an officer's keyboard made of it."""

from datetime import date, datetime, time

import pytest

from revisions.inquiry.workbook.cells import Cell, Kind, readings, shown, typed, year_of

YEARS = ("令和3年度", "令和4年度")
KINDS = ("変更なし", "変更あり", "廃止")


@pytest.mark.parametrize(
    "text, year",
    [
        ("令和3年度", 2021),
        ("　令和３ 年度 ", 2021),
        ("R3", 2021),
        ("ｒ３", 2021),
        ("3", 2021),
        ("令和元年度", 2019),
        ("元", 2019),
        ("2021", 2021),
        ("２０２１年度", 2021),
        ("2021年", 2021),
        ("1200", None),
        ("来年", None),
        ("", None),
        ("令和3年4月", None),
    ],
)
def test_a_year_is_read_as_officers_write_it(text: str, year: int | None) -> None:
    assert year_of(text) == year


@pytest.mark.parametrize(
    "value, number_format, found",
    [
        (None, "General", ""),
        (True, "General", "TRUE"),
        (7000, "General", "7000"),
        (7000.0, "#,##0", "7000"),
        (0.7, "0%", "70%"),
        (0.708, "0.0%", "70.8%"),
        (0.7, "General", "0.7"),
        (0.1 + 0.2, "General", "0.3"),
        (1e15, "General", "1000000000000000"),
        (date(2021, 4, 1), "yyyy/m/d", "2021/4/1"),
        (datetime(2021, 4, 1), 'ggge"年"m"月"d"日"', "令和3年4月1日"),  # noqa: DTZ001
        (datetime(2021, 4, 1), "[$-411]ge.m.d", "R3.4.1"),  # noqa: DTZ001
        (datetime(2021, 3, 1), 'm"月"d"日"', "3月1日"),  # noqa: DTZ001
        (time(9, 5), "h:mm", "9:05"),
        ("=1+2", "@", "=1+2"),
    ],
)
def test_a_value_has_its_likeliest_text_first(value, number_format, found) -> None:
    if "ge." in number_format:
        assert found in readings(value, number_format)
    else:
        assert readings(value, number_format)[0] == found


@pytest.mark.parametrize(
    "kind, text, value, number_format",
    [
        (Kind.VALUE, "70%", 0.7, "General"),
        (Kind.VALUE, "70%", 0.7, "0%"),
        (Kind.VALUE, "7,000", 7000, "General"),
        (Kind.VALUE, "45万枚", "４５万枚", "@"),
        (Kind.VALUE, "年3回以上", " 年３回以上　", "@"),
        (Kind.LINE, "3", 3, "General"),
        (Kind.LINE, "令和3年4月1日", datetime(2021, 4, 1), "General"),  # noqa: DTZ001
        (Kind.LINE, "4月1日", datetime(2026, 4, 1), "General"),  # noqa: DTZ001
        (Kind.YEAR, "令和3年度", 2021, "General"),
        (Kind.YEAR, "令和3年度", datetime(2021, 4, 1), "General"),  # noqa: DTZ001
        (Kind.YEAR, "令和3年度", "Ｒ３", "@"),
        (Kind.CHOICE, "変更なし", " 変更なし　", "@"),
        (Kind.CHOICE, "変更あり", "変更する", "@"),
        (Kind.TICK, "○", True, "General"),
        (Kind.TICK, "○", "〇", "@"),
        (Kind.TICK, "", False, "General"),
        (Kind.NAMES, "広報広聴課、総務課", "広報広聴課，総務課", "@"),
        (Kind.NAMES, "広報広聴課、総務課", "広報広聴課\n 総務課 ", "@"),
        (Kind.PROSE, "一行目\n二行目", "一行目\r\n二行目\n", "@"),
    ],
)
def test_what_a_spreadsheet_rewrote_still_says_the_same(kind, text, value, number_format) -> None:
    choices = {Kind.CHOICE: KINDS, Kind.YEAR: YEARS}.get(kind, ())
    cell = Cell("k", kind, text, choices, {"変更する": "変更あり"})
    assert cell.says(text) in [cell.says(found) for found in readings(value, number_format)]


def test_a_day_in_place_of_a_year_is_the_year_it_falls_in() -> None:
    cell = Cell("k", Kind.YEAR, "", YEARS)
    found = readings(datetime(2022, 3, 31), "yyyy/m/d")  # noqa: DTZ001
    assert typed(cell, cell.likeliest(found)) == "令和3年度"


@pytest.mark.parametrize("kind", Kind)
def test_other_words_say_something_else(kind: Kind) -> None:
    cell = Cell("k", kind, "", KINDS)
    assert cell.says("変更なし") != cell.says("変更あり")
    assert cell.says("") == ""


def test_a_text_is_cut_down_to_what_a_workbook_holds() -> None:
    assert shown("a\x00b\x0bc\r\nd\re") == "abc\nd\ne"
    assert len(shown("あ" * 40_000)) == 32_767
