import pytest

from revisions.plan.exchange.words import (
    is_yes,
    name_of,
    path_of,
    plain,
    section_names,
    year_of,
    years_of,
)


@pytest.mark.parametrize(
    "text, path",
    [
        ("1", (1,)),
        ("1-2", (1, 2)),
        ("1-2-(3)", (1, 2, 3)),
        ("１－２－（３）", (1, 2, 3)),
        (" 1ー2 − ( 10 ) ", (1, 2, 10)),
        ("1-2-3", (1, 2, 3)),
        ("1-2-③", (1, 2, 3)),
        ("", None),
        ("1-2-(3", None),
        ("1-(2)", None),
        ("2021-01-02", None),
        ("一-二", None),
        ("1-2-(3)-4", None),
    ],
)
def test_numbers(text, path):
    assert path_of(text) == path


@pytest.mark.parametrize(
    "text, year",
    [
        ("2021", 2021),
        ("２０２１年度", 2021),
        ("R3", 2021),
        ("r3", 2021),
        ("令和3年度", 2021),
        ("令和３年度（2021年度）", 2021),
        ("令和元年度", 2019),
        ("平成31年度", 2019),
        ("H31", 2019),
        ("2021-04-01", 2021),
        ("2022/3/31", 2021),
        ("令和40年度", 2058),
        ("", None),
        ("R0", None),
        ("1800", None),
        ("9999年度", None),
        ("平成40年度", None),
        ("3月", None),
        ("未定", None),
    ],
)
def test_fiscal_years(text, year):
    assert year_of(text) == year


@pytest.mark.parametrize(
    "text, years",
    [
        ("R3", (2021, 2021)),
        ("R3～R5", (2021, 2023)),
        ("Ｒ３〜Ｒ５", (2021, 2023)),
        ("令和3年度~令和5年度", (2021, 2023)),
        ("令和3～5年度", (2021, 2023)),
        ("R1-R2", (2019, 2020)),
        ("2021-2023", (2021, 2023)),
        ("令和3年度から令和5年度まで", (2021, 2023)),
        ("2021-04-01", (2021, 2021)),
        ("R3～", None),
        ("R3～R4～R5", None),
        ("いつか", None),
        ("", None),
    ],
)
def test_stretches_of_years(text, years):
    assert years_of(text) == years


@pytest.mark.parametrize(
    "text, name, relisted",
    [
        ("無線化【再掲】", "無線化", True),
        ("無線化 （再掲） ", "無線化", True),
        ("無線化[再掲]", "無線化", True),
        ("再掲の推進", "再掲の推進", False),
        ("無線化再掲", "無線化再掲", False),
    ],
)
def test_relistings(text, name, relisted):
    assert name_of(text) == (name, relisted)


@pytest.mark.parametrize(
    "text, names",
    [
        ("情報システム課", ["情報システム課"]),
        ("行政経営課、 情報システム課", ["行政経営課", "情報システム課"]),
        ("戸籍住民課\n情報システム課", ["戸籍住民課", "情報システム課"]),
        ("総合政策課ほか各会議主管課等", ["総合政策課", "各会議主管課等"]),
        ("", []),
    ],
)
def test_sections_in_a_cell(text, names):
    assert section_names(text) == names


@pytest.mark.parametrize(
    "text, yes", [("○", True), ("〇", True), ("1", True), ("", False), ("×", False), ("多分", None)]
)
def test_marks(text, yes):
    assert is_yes(text) is yes


@pytest.mark.parametrize(
    "one, other, same",
    [
        ("AI-OCR（自動）の導入", "ＡＩ－ＯＣＲ(自動)の 導入", True),
        ("10〜12月", "10～12月", True),
        ("導入の検討", "導入検討", False),
        ("サーバ", "サーバー", False),
    ],
)
def test_what_counts_as_the_same(one, other, same):
    assert (plain(one) == plain(other)) is same
