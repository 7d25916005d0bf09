"""決裁区分表の点検: each message names the row and the field."""

from itertools import pairwise
from typing import Any

import pytest
from django.utils.translation import override

from tests.workflow.authority.tables import CHIEF, DEMO, OLD, TIERS, adopt, written
from workflow.authority import words
from workflow.authority.queries import checked
from workflow.authority.reading import text_of
from workflow.authority.resolve import Place
from workflow.errors import Invalid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

MAYOR = {"role": "decider", "who": "post:shicho"}
LINE = {"role": "line", "who": "own:section_chief"}


def found(text: str) -> list[tuple[str, str, str, bool]]:
    return [(f.row, f.field, f.text, f.is_error) for f in checked(text).findings]


def test_the_demo_tables_are_sound() -> None:
    table = checked(DEMO)
    assert (table.findings, len(table.rules)) == ((), 13)
    assert [tier.is_delegated for tier in table.tiers] == [False, True, True, True]
    table = checked(OLD)
    assert (table.errors, len(table.rules), len(table.tiers)) == ([], 4, 4)
    assert [(f.field, f.text[:19]) for f in table.warnings] == [
        ("条件", "「inquiry.answer」には、")
    ]


ROW = "決裁事項の1番目（第1条）"


@pytest.mark.parametrize(
    "rule, field, text",
    [
        ({"subject": ""}, "事項", "入力してください。"),
        ({"subject": "あ" * 201}, "事項", "200文字までにしてください。"),
        ({"matter": "照会"}, "記号", "半角の英小文字"),
        ({"tier": "戊"}, "区分", "「戊」は区分にありません。"),
        ({"flags": "緊急"}, "条件", "「緊急」は、重要、異例、先例、紛議のどれでもありません。"),
        ({"amount_from": "五百万"}, "金額から", "「五百万」は金額として読めません。"),
        ({"amount_from": "500万円", "amount_to": "500万"}, "金額未満", "より大きくしてください。"),
        ({"amount_to": "99999億"}, "金額未満", ""),
        ({"amount_to": "9999999999999999"}, "金額未満", "金額が大きすぎます。"),
        ({"scope": "全庁"}, "範囲", "「全庁」という範囲はありません。"),
        ({"retention": "7年"}, "保存期間", "「7年」という保存期間はありません。"),
        ({"steps": []}, "経路", "決裁は一つだけ置いてください（いまは0つ）。"),
        ({"steps": [CHIEF, CHIEF]}, "経路", "（いまは2つ）"),
        ({"steps": [CHIEF, LINE]}, "経路", "決裁は最後に置いてください。"),
        ({"steps": [{**LINE, "role": "informed"}, CHIEF]}, "経路", "供覧は決裁のあとに"),
        ({"steps": [{**LINE, "role": "審議"}, CHIEF]}, "経路", "「審議」という役割はありません。"),
        ({"steps": [{**LINE, "role": "review"}, CHIEF]}, "経路", "という役割はありません。"),
        ({"steps": ["own:section_chief", CHIEF]}, "経路", "という役割はありません。"),
        ({"steps": [{"role": "line", "who": "課長"}, CHIEF]}, "経路", "職の指し方ではありません。"),
        (
            {"steps": [{"role": "line", "who": "post:nai"}, CHIEF]},
            "経路",
            "職「nai」がありません。",
        ),
        ({"steps": [{"role": "line", "who": "section:nai:chief"}, CHIEF]}, "経路", "課「nai」が"),
        ({"steps": [{"role": "line", "who": "body:nai"}, CHIEF]}, "経路", "会議体「nai」が"),
        ({"steps": [{**LINE, "needed": 2}, CHIEF]}, "経路", "会議体ではないため"),
        ({"steps": [{**LINE, "needed": "二"}, CHIEF]}, "経路", "「二」は人数として"),
        (
            {"steps": [{"role": "line", "who": "body:kanjikai", "needed": 99}, CHIEF]},
            "経路",
            "「body:kanjikai」の構成員は",
        ),
        ({"steps": [{"role": "decider", "who": "body:kanjikai"}]}, "経路", "決裁者は一人です。"),
        ({"steps": [{"role": "decider", "who": "own:section"}]}, "経路", "決裁者は一人です。"),
    ],
)
def test_a_row_that_is_wrong(rule: dict[str, Any], field: str, text: str) -> None:
    errors = checked(written(rule)).errors
    if not text:
        assert errors == []
        return
    assert [(f.row, f.field) for f in errors] == [(ROW, field)]
    assert text in errors[0].text


def test_what_is_wrong_with_the_whole() -> None:
    bare = {"name": "", "since": "さて", "until": "2026-01-01", "source": "", "tiers": []}
    fields = [(row, field) for row, field, _text, _error in found(written(**bare))]
    assert fields == [
        ("", "規程の名称"),
        ("", "出典"),
        ("", "施行日"),
        ("", "決裁事項"),
        ("", "区分"),
    ]
    late = checked(written({}, until="2026-03-31")).errors
    assert [(f.field, f.text) for f in late] == [("終わりの日", "施行日より前です。")]
    twice = checked(written({}, tiers=[*TIERS, TIERS[0]])).errors
    assert [f.text for f in twice] == ["同じ名称の区分があります。"]


def test_what_is_odd_is_a_warning() -> None:
    flagged = {"matter": "test.plain", "flags": ["important"], "article": "第2条"}
    mayor = {"tier": "甲 市長決裁", "steps": [MAYOR]}
    sound = written({}, flagged | mayor)
    assert found(sound) == []
    told = found(written({"amount_from": "500万円"}, flagged | mayor))
    assert told == [
        ("", "金額", "「test.plain」には、0円以上500万円未満の区分がありません。", False)
    ]
    told = found(written({}, {"article": "第3条", "amount_to": "5円"}, flagged | mayor))
    assert told == [
        (
            "決裁事項の2番目",
            "記号",
            "先の「第1条」がすべて受けるため、この行は使われません。",
            False,
        )
    ]
    told = found(written({}))
    assert [text for _row, _field, text, _error in told] == [
        "「test.plain」には、重要・異例などの案件が上がる区分がありません。"
    ]
    told = found(written({"steps": [MAYOR]}, flagged | mayor))
    assert told == [(ROW, "経路", "決裁者が、区分「丁 課長専決」のものと違います。", False)]


def test_a_post_nobody_holds_on_the_first_day_is_a_warning() -> None:
    mayor = {"tier": "甲 市長決裁", "steps": [MAYOR]}
    told = checked(written(mayor, since="2010-04-01")).warnings
    assert "「post:shicho」は、施行日に就いている人がいません。" in [f.text for f in told]


@pytest.mark.parametrize(
    "text, said",
    [
        ("[1, 2", "1行目：YAMLとして読めません。"),
        ("ただの文", "表ではありません。"),
        ("rules: 3", "「rules」は、項目の並びで書いてください。"),
        ("rules: [1]", "「rules」は、項目の並びで書いてください。"),
        ("種類,条項\n", "見出しに、次の列がありません：事項、記号、区分、経路"),
        ("種類,条項,事項,記号,区分,経路\n別表,a\n", "2行目：種類「別表」は"),
        ('種類,条項,事項,記号,区分,経路\n決裁,"a', "CSVとして読めません。"),
    ],
)
def test_what_is_no_table(text: str, said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        checked(text)
    assert said in str(refusal.value)
    assert refusal.value.field == "file"


def test_a_csv_in_any_encoding_is_the_same_table() -> None:
    plain = checked(OLD)
    for encoding in ("cp932", "utf-8-sig"):
        assert checked(text_of(OLD.encode(encoding))) == plain
    for data in (b"\x81", b"x" * 1_000_001):
        with pytest.raises(Invalid):
            text_of(data)
    row = "決裁,第9条,事項,a.b,丁 課長専決,緊急,,,,決裁:own:section_chief,,,\n"
    errors = checked(OLD + row).errors
    assert [(f.row, f.field) for f in errors] == [("11行目（第9条）", "条件")]


def test_a_file_is_in_japanese_whoever_reads_it() -> None:
    plain = checked(OLD)
    with override("en"):
        assert checked(OLD).rules == plain.rules


def test_a_later_table_begins_later() -> None:
    adopt(DEMO)
    told = checked(OLD).errors
    assert [f.text for f in told] == [
        "「見本市事務決裁規程」（令和7年4月1日(火)施行）より後の日にしてください。"
    ]


@pytest.mark.parametrize(
    "text, amount",
    [
        ("", None),
        ("5000000", 5_000_000),
        ("５，０００，０００円", 5_000_000),
        ("500万円", 5_000_000),
        ("1億2,000万", 120_000_000),
        ("1億2千万円", 120_000_000),
        ("5千円", 5_000),
        ("0", 0),
    ],
)
def test_amounts(text: str, amount: int | None) -> None:
    assert words.yen(text) == amount
    if amount:
        assert words.yen(words.yen_told(amount)) == amount


@pytest.mark.parametrize("text", ["五", "-1", "1.5", "万", "1万億", "円", "５００まん"])
def test_no_amounts(text: str) -> None:
    with pytest.raises(ValueError, match="^" + words.plain(text).removesuffix("円") + "$"):
        words.yen(text)


def test_cells_of_steps() -> None:
    cell = "回議：own:section_chief → 合議:body:kanjikai*2 > 決裁:post:shicho"
    assert [words.place(step) for step in words.places(cell)] == [
        Place("line", "own:section_chief"),
        Place("concurrence", "body:kanjikai", 2),
        Place("decider", "post:shicho"),
    ]


def test_a_file_that_unfolds_without_end_is_refused() -> None:
    """Each alias is short, and what it stands for nine times longer than the one before."""
    names = "abcdefghijkl"
    rows = [f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]" for a, b in pairwise(names)]
    bomb = "\n".join(["a: &a [x]", *rows, "name: *l", "tiers: []", "rules: []"])
    merged = "a: &a {x: 1}\nb: &b {<<: [*a, *a]}\nname: x\ntiers: []\nrules: []"
    long = f"a: &a {'x' * 10**5}\nname: [{','.join(['*a'] * 200)}]\ntiers: []\nrules: []"
    for text in (bomb, merged, long):
        with pytest.raises(Invalid, match="YAML"):
            checked(text)


@pytest.mark.parametrize("sign", ["\\0", "\\ud800"])
def test_signs_that_no_database_keeps_are_refused(sign: str) -> None:
    with pytest.raises(Invalid):
        checked(f'name: "規程{sign}"\ntiers: []\nrules: []')
    with pytest.raises(Invalid):
        text_of("種類,条項\n規程,\0".encode())
