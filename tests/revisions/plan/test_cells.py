import pytest
from hypothesis import given
from hypothesis import strategies as st

from revisions.plan.cells import (
    actions_of,
    cell_text,
    parse_cell,
    rows_of,
)
from tests.revisions.plan.contents import plan


def number(value, unit="", comparison="=", **per):
    return {"value": value, "unit": unit, "comparison": comparison} | per


CELLS = [
    ("70%以上", number("70", "%", ">=")),
    ("年3回以上", number("3", "回", ">=", per="年")),
    ("月2回", number("2", "回", per="月")),
    ("45万枚", number("45", "万枚")),
    ("780万件", number("780", "万件")),
    ("1種類以上", number("1", "種類", ">=")),
    ("1箇所以上", number("1", "箇所", ">=")),
    ("3か所", number("3", "か所")),
    ("7,000", number("7000")),
    ("13,000人", number("13000", "人")),
    ("70.8%", number("70.8", "%")),
    ("5件以下", number("5", "件", "<=")),
    ("10分未満", number("10", "分", "<")),
    ("0件", number("0", "件")),
    ("-5%", number("-5", "%")),
    ("検討を踏まえ設定", {"text": "検討を踏まえ設定"}),
    ("次期システムと合わせ検討", {"text": "次期システムと合わせ検討"}),
    ("3月", {"text": "3月"}),
    ("2026年度", {"text": "2026年度"}),
    ("007", {"text": "007"}),
    ("3～5回", {"text": "3～5回"}),
    ("5件から減らす", {"text": "5件から減らす"}),
    ("1,00件", {"text": "1,00件"}),
    ("㎡の値", {"text": "㎡の値"}),
]


@pytest.mark.parametrize("text, cell", CELLS)
def test_a_cell_is_read_and_written(text, cell):
    assert parse_cell(text) == cell
    assert cell_text(cell) == text


@pytest.mark.parametrize(
    "typed, shown",
    [
        ("７０％以上", "70%以上"),
        (" 7000 ", "7,000"),
        ("１，５００件", "1,500件"),
        ("１２．５㎡", "12.5㎡"),
        ("１回だけ行う", "１回だけ行う"),
    ],
)
def test_numbers_are_put_in_one_form_and_texts_left_alone(typed, shown):
    assert cell_text(parse_cell(typed)) == shown


def test_an_empty_cell_is_none():
    assert parse_cell("") is None
    assert parse_cell(" \u3000 ") is None


NUMBERS = st.builds(
    number,
    st.from_regex(r"-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?", fullmatch=True),
    st.sampled_from(["", "%", "件", "万枚", "種類", "か所", "回/人", "㎡", "kWh"]),
    st.sampled_from(["=", ">=", "<=", "<", ">"]),
    per=st.sampled_from(["年", "月", "週", "日"]),
)


@given(NUMBERS, st.booleans())
def test_every_number_is_read_back(cell, once):
    if once:
        del cell["per"]
    assert parse_cell(cell_text(cell)) == cell


@given(st.text(alphabet="0123456789０７,.，-%件万年月回以上下未満超検討か\u3000 ", max_size=9))
def test_what_is_shown_is_read_as_what_was_meant(text):
    cell = parse_cell(text)
    assert (cell is None) == (not text.strip())
    assert cell is None or parse_cell(cell_text(cell)) == cell


def test_actions_as_form_rows():
    actions = plan()["projects"][0]["actions"]
    assert rows_of(actions) == [
        {"text": "方向性整理", "from": 2021, "to": 2021, "note": ""},
        {"text": "オンライン化", "from": 2022, "to": 2023, "note": ""},
        {"text": "オンライン化", "from": 2024, "to": 2025, "note": "全手続"},
    ]


SPANS = st.builds(
    lambda first, length, note: {"from": first, "to": first + length} | note,
    st.integers(2021, 2025),
    st.integers(0, 4),
    st.sampled_from([{}, {"text": "試行"}]),
)
ACTIONS = st.lists(
    st.builds(
        lambda text, spans: {"text": text, "spans": spans},
        st.sampled_from(["検討", "導入", "運用", "更新"]),
        st.lists(SPANS, max_size=3),
    ),
    max_size=4,
    unique_by=lambda action: action["text"],
)


@given(ACTIONS)
def test_form_rows_give_the_actions_back(actions):
    assert actions_of(rows_of(actions)) == actions
