"""What people do to a table, and what the importer says of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revisions.plan.consistency import check
from revisions.plan.exchange.build import build
from revisions.plan.exchange.fields import Office
from revisions.plan.exchange.parse import Place, parse
from revisions.plan.oddities import Standing

PLAN = {"code": "ict", "title": "ICT計画", "first_year": 2021, "last_year": 2025}
SECTIONS = {"情報システム課": "joho", "戸籍住民課": "koseki"}

TABLES = {
    "計画": [
        ["項目", "内容"],
        ["計画の名称", "ＩＣＴ計画"],
        ["初年度", "R3"],
        ["基本理念", "つなぐ"],
    ],
    "体系": [
        ["番号", "名称", "主管課等", "ねらい"],
        ["1", "便利", "", ""],
        ["1-1", "手続", "", "来なくてよい。"],
        ["1-1-(1)", "オンライン化", "情報システム課", ""],
        ["1-1-(2)", "窓口", "戸籍住民課", ""],
        ["1-2", "庁内", "", ""],
        ["1-2-(1)", "オンライン化【再掲】", "", ""],
    ],
    "個別事業": [
        ["番号", "名称", "新規・継続", "主管課等", "関係課等", "概要", "記号"],
        [
            "1-1-(1)",
            "オンライン化",
            "新規",
            "情報システム課",
            "各施設所管課等",
            "切り替えます。",
            "",
        ],
        ["1-1-(2)", "窓口", "継続", "戸籍住民課", "", "", ""],
    ],
    "年度ごとの取組": [
        ["番号", "取組", "から", "まで", "矢印に添える言葉"],
        ["1-1-(1)", "整理", "R3～R4", "", ""],
        ["1-1-(1)", "整理", "2025", "", "全手続"],
        ["1-1-(2)", "検討", "", "", ""],
    ],
    "評価指標": [
        ["番号", "指標", "累計", "令和3年度", "R4", "2023"],
        ["1-1-(1)", "手続数", "○", "70％以上", "→", "検討を踏まえ設定"],
    ],
    "引き継がない事業": [["名称", "理由の区分", "理由"], ["定点カメラ", "達成", "済んだため"]],
}


def tables(**changed):
    """TABLES with some sheets as they are given; None takes one away."""
    sheets = {**TABLES, **changed}
    return {title: list(enumerate(rows, 1)) for title, rows in sheets.items() if rows}


def edited(title, *changes):
    """TABLES with cells changed: (row, column, text), from 1 as in a spreadsheet."""
    rows = [list(row) for row in TABLES[title]]
    for row, column, text in changes:
        rows[row - 1][column - 1] = text
    return tables(**{title: rows})


def brought(given, **choices):
    return build(
        parse(given),
        plan=PLAN,
        office=Office(SECTIONS, frozenset(["窓口担当"])),
        standing=Standing(2020, {*SECTIONS.values()}, {"各施設所管課等": ["joho"]}),
        choices=choices,
    )


def test_a_plan_in_its_tables():
    outcome = brought(tables())
    assert (outcome.errors, outcome.unsettled) == ([], [])
    content = outcome.content
    assert content["plan"] == {**PLAN, "philosophy": "つなぐ"}
    [policy] = content["policies"]
    assert [program["name"] for program in policy["programs"]] == ["手続", "庁内"]
    assert policy["programs"][0]["aim"] == "来なくてよい。"
    assert policy["programs"][1]["placements"] == [
        {"number": 1, "project": "P01", "relisted": True}
    ]
    online, counter = content["projects"]
    assert online["lead"] == ["joho"]
    assert online["related"] == [{"class": "各施設所管課等"}]
    assert online["actions"] == [
        {
            "text": "整理",
            "spans": [{"from": 2021, "to": 2022}, {"from": 2025, "to": 2025, "text": "全手続"}],
        }
    ]
    assert online["indicators"] == [
        {
            "name": "手続数",
            "cumulative": True,
            "cells": [
                {"from": 2021, "to": 2022, "value": "70", "unit": "%", "comparison": ">="},
                {"from": 2023, "to": 2023, "text": "検討を踏まえ設定"},
            ],
        }
    ]
    assert (counter["status"], counter["actions"]) == ("continued", [{"text": "検討", "spans": []}])
    assert content["dropped"] == [
        {"uid": "P03", "name": "定点カメラ", "as": "achieved", "because": "済んだため"}
    ]


def test_what_is_to_be_settled_comes_with_its_row():
    [fault] = brought(tables()).faults
    assert not fault.is_error
    assert fault.places == (Place("個別事業", 2),)
    assert "指標の考え方がありません" in fault.message


def test_tables_as_people_leave_them():
    """Columns in another order and unknown ones, titles above, blank rows, full width."""
    sheet = [
        ["個別事業の一覧表（素案）"],
        [],
        ["備考", "主管課", "新規／継続", "事業名", "番　号", "関係課等", "概要"],
        ["", "", "", "", "", "", ""],
        [
            "至急",
            "情報システム課",
            "新規",
            "オンライン化",
            "１－１－（１）",
            "各施設所管課等",
            "切り替えます。",
        ],
        ["", "　", "", "", "", "", ""],
        ["", "戸籍住民課", "継続", "窓口", "1-1-2", "", ""],
    ]
    assert brought(tables(個別事業=sheet)).content == brought(tables()).content


def test_a_list_is_not_needed_and_is_compared_when_there():
    listed = [["番号", "名称"], *[[row[0], row[1]] for row in TABLES["体系"][3:5]]]
    outcome = brought(tables(一覧=[*listed, ["1-2-(1)", "オンライン化（再掲）"]]))
    assert outcome.is_ready
    listed[2] = ["1-1-(2)", "窓口の検討"]
    outcome = brought(tables(一覧=[*listed, ["1-2-(1)", "オンライン化（再掲）"]]))
    [found] = outcome.unsettled
    assert [reading.text for reading in found.readings] == ["窓口", "窓口の検討"]
    assert found.readings[0].places == (Place("個別事業", 3, "名称"), Place("体系", 5, "名称"))
    assert found.readings[1].places == (Place("一覧", 3, "名称"),)


def test_a_relisted_sheet_is_compared_with_its_original():
    rows = [
        *TABLES["個別事業"],
        ["1-2-(1)", "オンライン化【再掲】", "新規", "戸籍住民課", "", "別の概要", ""],
    ]
    outcome = brought(tables(個別事業=rows))
    assert [(found.number, found.field) for found in outcome.unsettled] == [
        ("1-1-(1)", "lead"),
        ("1-1-(1)", "overview"),
    ]
    chosen = {"1-1-1-lead": 1, "1-1-1-overview": 0}
    [online, _counter] = brought(tables(個別事業=rows), **chosen).content["projects"]
    assert (online["lead"], online["overview"]) == (["koseki"], "切り替えます。")
    assert online["notes"] == [
        {
            "field": "lead",
            "sheet": "戸籍住民課",
            "elsewhere": "情報システム課",
            "where": where,
        }
        for where in ("sheet", "chart")
    ] + [
        {
            "field": "overview",
            "sheet": "切り替えます。",
            "elsewhere": "別の概要",
            "where": "sheet",
        }
    ]


def test_actions_of_a_relisted_sheet_are_compared_too():
    rows = [*TABLES["年度ごとの取組"], ["1-2-(1)", "整理", "R3", "", ""]]
    [found] = brought(tables(年度ごとの取組=rows)).unsettled
    assert found.field == "actions"
    assert found.readings[1].text == "整理: 令和3年度"
    assert found.readings[1].places == (Place("年度ごとの取組", 5),)


def test_a_relisting_finds_its_original_by_number_before_name():
    rows = [[*row, ""] for row in TABLES["体系"]]
    rows[0][4], rows[6][4] = "再掲のもと", "1-1-(2)"
    outcome = brought(tables(体系=rows))
    [found] = outcome.unsettled
    assert (found.number, found.field) == ("1-1-(2)", "name")
    assert found.readings[1].places == (Place("体系", 7, "名称"),)


FAULTS = [
    (tables(体系=None), "シート「体系」がありません", Place("体系")),
    (tables(個別事業=[["名称"], ["窓口"]]), "見出しの行がありません", Place("個別事業")),
    (edited("体系", (5, 1, "")), "番号がありません", Place("体系", 5, "番号")),
    (edited("体系", (5, 1, "2001-01-02")), "日付になっています", Place("体系", 5, "番号")),
    (edited("体系", (5, 1, "1-1-(x)")), "読み取れません", Place("体系", 5, "番号")),
    (edited("体系", (5, 1, "1-1-(1)")), "2回あります", Place("体系", 5, "番号")),
    (edited("体系", (5, 1, "1-1-(3)")), "シート「個別事業」にありません", Place("体系", 5, "番号")),
    (edited("個別事業", (3, 1, "1-1-(3)")), "シート「体系」にありません", Place("体系")),
    (edited("体系", (5, 2, "窓口【再掲】")), "再掲ではありません", Place("体系", 5, "番号")),
    (edited("体系", (7, 2, "無線化【再掲】")), "再掲のもとがありません", Place("体系", 7, "名称")),
    (edited("体系", (3, 1, "1-3")), "事業推進計画の名称がありません", Place("体系")),
    (edited("個別事業", (2, 3, "廃止")), "どれでもありません", Place("個別事業", 2, "新規・継続")),
    (
        edited("個別事業", (2, 5, "どこか課")),
        "という課はありません",
        Place("個別事業", 2, "関係課等"),
    ),
    (edited("個別事業", (2, 7, "長 い")), "使えません", Place("個別事業", 2, "記号")),
    (edited("個別事業", (2, 7, "A"), (3, 7, "A")), "重複しています", Place("個別事業", 3)),
    (
        edited(
            "個別事業",
            (2, 2, "長" * 201),
        ),
        "200文字まで",
        Place("個別事業", 2),
    ),
    (
        edited("年度ごとの取組", (2, 1, "1-1-(9)")),
        "個別事業がありません",
        Place("年度ごとの取組", 2, "番号"),
    ),
    (edited("年度ごとの取組", (2, 3, "いつか")), "年度として", Place("年度ごとの取組", 2, "から")),
    (edited("年度ごとの取組", (4, 4, "R4")), "始まりの年度", Place("年度ごとの取組", 4, "から")),
    (edited("年度ごとの取組", (2, 3, "R1")), "計画期間", Place("個別事業", 2)),
    (edited("評価指標", (2, 3, "多分")), "累計", Place("評価指標", 2, "累計")),
    (edited("評価指標", (2, 4, "")), "値がありません", Place("評価指標", 2, "指標")),
    (
        edited("引き継がない事業", (2, 2, "飽きた")),
        "どれでも",
        Place("引き継がない事業", 2, "理由の区分"),
    ),
    (edited("引き継がない事業", (2, 2, "")), "区分にありません", Place("引き継がない事業")),
    (
        edited("計画", (2, 2, "別の計画")),
        "「ICT計画」、ファイルでは「別の計画」",
        Place("計画", 2, "内容"),
    ),
    (edited("計画", (3, 2, "R4")), "「2021」、ファイルでは「R4」", Place("計画", 3, "内容")),
    (edited("計画", (3, 1, "担当")), "「担当」は使えません", Place("計画", 3, "項目")),
]


@pytest.mark.parametrize("given, message, place", FAULTS)
def test_faults(given, message, place):
    outcome = brought(given)
    assert not outcome.is_ready
    found = [fault for fault in outcome.errors if message in fault.message]
    assert found, [fault.message for fault in outcome.errors]
    assert place in [place for fault in found for place in fault.places]
    assert all(fault.message.endswith("。") and fault.places for fault in outcome.errors)


def test_a_word_that_is_wrong_everywhere_is_told_once():
    given = edited("個別事業", (2, 5, "どこか課"), (3, 5, "どこか課"))
    [fault] = brought(given).errors
    assert fault.places == (Place("個別事業", 2, "関係課等"), Place("個別事業", 3, "関係課等"))


def test_a_class_is_known_by_its_name_or_by_the_register():
    outcome = brought(edited("個別事業", (2, 5, "窓口担当、各地図データ所管課")))
    assert outcome.errors == []
    assert outcome.content["projects"][0]["related"] == [
        {"class": "窓口担当"},
        {"class": "各地図データ所管課"},
    ]


def test_headings_are_compared_too():
    listed = [["番号", "名称"], ["1", "便利でやさしい"], *[row[:2] for row in TABLES["体系"][2:]]]
    [found] = brought(tables(一覧=listed)).unsettled
    assert (found.key, found.label) == ("1-name", "名称")
    policies = brought(tables(一覧=listed), **{"1-name": 1}).content["policies"]
    assert policies[0]["name"] == "便利でやさしい"


NUMBERS = ["1", "1-1", "1-1-(1)", "1-1-(2)", "1-2-(1)", "9-9-(9)", "0", "²"]
YEARS = ["R3～R9", "2021", "1800", "9999", "R1", "→"]
WORDS = [
    "",
    " ",
    "、",
    "各",
    "○",
    "新規",
    "名称",
    "窓口【再掲】",
    "A" * 300,
    "戸籍住民課、戸籍住民課",
]
ODD = st.sampled_from([*NUMBERS, *YEARS, *WORDS])


@given(st.data())
@settings(max_examples=300)
def test_whatever_stands_in_the_tables_is_told_and_what_is_ready_is_sound(data):
    sheets = {title: [list(row) for row in rows] for title, rows in TABLES.items()}
    for title in data.draw(st.lists(st.sampled_from(list(sheets)), min_size=1, max_size=4)):
        rows = sheets[title]
        row = data.draw(st.integers(0, len(rows) - 1))
        if data.draw(st.booleans()):
            rows[row][data.draw(st.integers(0, len(rows[row]) - 1))] = data.draw(ODD)
        else:
            rows.insert(row, list(data.draw(st.sampled_from(rows))))
    outcome = brought(tables(**sheets))
    assert all(fault.places for fault in outcome.faults)
    if outcome.is_ready:
        assert check(outcome.content) == []
