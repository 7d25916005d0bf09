from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from revisions.plan.diff import Change, FieldChange, plan_diff, sheet_diff
from tests.revisions.plan.contents import placed, plan, project

NAMES = {"joho": "情報システム課", "koho": "広報広聴課", "koseki": "戸籍住民課"}


def changed(change):
    """Return what plan_diff says of the plan after `change` was made to it."""
    content = plan()
    change(content)
    return plan_diff(plan(), content, names=NAMES)


def programs(content):
    return [program for policy in content["policies"] for program in policy["programs"]]


def shown(change):
    return [(field.label, field.before, field.after) for field in change.fields]


def test_nothing_changed():
    assert plan_diff(plan(), plan(), names=NAMES) == []
    assert plan_diff(plan(), plan(), names={}) == []


def test_an_edit_of_every_field():
    def edit(content):
        content["projects"][0] = project(
            "online",
            "手続の完全オンライン化",
            status="continued",
            lead=["koho", "joho"],
            overview="すべての手続を切り替えます。",
            aims="来庁を減らします。",
            rationale="国の計画による。",
        )

    [change] = changed(edit)
    assert (change.uid, change.number, change.kind) == ("online", "1-1-(1)", "edited")
    assert change.name == "手続の完全オンライン化"
    assert shown(change) == [
        ("名称", "手続のオンライン化", "手続の完全オンライン化"),
        ("新規・継続", "新規", "継続"),
        ("主管課等", "情報システム課", "広報広聴課、情報システム課"),
        ("関係課等", "広報広聴課、各施設所管課等", ""),
        ("概要", "市への手続を順次切り替えます。", "すべての手続を切り替えます。"),
        ("目指すもの", "", "来庁を減らします。"),
        (
            "年度ごとの取組",
            "方向性整理: 令和3年度\n"
            "オンライン化: 令和4年度～令和5年度、令和6年度～令和7年度「全手続」",
            "",
        ),
        (
            "評価指標",
            "手続数(累計): 令和4年度 検討を踏まえ設定、令和5年度 70.8%以上",
            "",
        ),
        ("指標の考え方", "", "国の計画による。"),
    ]


def test_a_section_without_a_name_is_shown_by_its_code():
    [change] = changed(lambda content: content["projects"][2].update(lead=["gakko"]))
    assert change.fields == (FieldChange("lead", "主管課等", "情報システム課", "gakko"),)


def test_added_and_discontinued():
    def replace(content):
        content["projects"][3] = project("ai", "AIの試行", aims="事務を減らします。")
        programs(content)[2]["placements"][0]["project"] = "ai"

    gone, added = changed(replace)
    assert (gone.uid, gone.number, gone.kind) == ("paper", "2-1-(1)", "discontinued")
    assert ("名称", "会議のペーパーレス化", "") in shown(gone)
    assert (added.uid, added.number, added.kind) == ("ai", "2-1-(1)", "added")
    assert ("目指すもの", "", "事務を減らします。") in shown(added)


def test_a_move_to_another_program_is_no_deletion():
    def move(content):
        first, second, _ = programs(content)
        first["placements"].pop()
        second["placements"].append(placed(2, "counter"))

    assert changed(move) == [
        Change(
            "counter",
            "1-2-(2)",
            "スマート窓口の検討",
            "moved",
            (
                FieldChange("within", "掲載先", "手続のデジタル化", "地域のICT"),
                FieldChange("number", "番号", "1-1-(2)", "1-2-(2)"),
            ),
        )
    ]


def test_a_move_with_an_edit_tells_both():
    def move(content):
        first, second, _ = programs(content)
        first["placements"].pop()
        second["placements"].append(placed(2, "counter"))
        content["projects"][1]["name"] = "スマート窓口の導入"

    [change] = changed(move)
    assert change.kind == "moved"
    assert [field.field for field in change.fields] == ["within", "number", "name"]


def test_two_that_change_places_are_renumbered():
    def swap(content):
        programs(content)[0]["placements"] = [placed(1, "counter"), placed(2, "online")]

    assert [(change.uid, change.kind, shown(change)) for change in changed(swap)] == [
        ("counter", "renumbered", [("番号", "1-1-(2)", "1-1-(1)")]),
        ("online", "renumbered", [("番号", "1-1-(1)", "1-1-(2)")]),
    ]


def test_an_edit_outweighs_a_new_number():
    def swap(content):
        programs(content)[0]["placements"] = [placed(1, "counter"), placed(2, "online")]
        content["projects"][0]["aims"] = "来庁を減らします。"

    assert [change.kind for change in changed(swap)] == ["renumbered", "edited"]


def test_a_program_put_in_front_renumbers_those_behind():
    def insert(content):
        first, second, _ = programs(content)
        first["number"], second["number"] = 2, 3
        new = {"number": 1, "name": "相談のデジタル化", "aim": "", "placements": []}
        content["policies"][0]["programs"].insert(0, new)

    assert [(change.number, change.uid, change.kind) for change in changed(insert)] == [
        ("1-1", "", "added"),
        ("1-2", "", "renumbered"),
        ("1-2-(1)", "online", "renumbered"),
        ("1-2-(2)", "counter", "renumbered"),
        ("1-3", "", "renumbered"),
        ("1-3-(1)", "school", "renumbered"),
    ]


def test_two_programs_that_change_names_do_move_their_projects():
    def swap(content):
        first, second, _ = programs(content)
        first["placements"], second["placements"] = second["placements"], first["placements"]

    assert [(change.uid, change.kind) for change in changed(swap)] == [
        ("school", "moved"),
        ("online", "moved"),
        ("counter", "moved"),
    ]


def test_a_renamed_program_keeps_its_projects():
    def rename(content):
        programs(content)[0] |= {"name": "手続のDX", "aim": "来なくてよい。"}

    [change] = changed(rename)
    assert (change.uid, change.number, change.name) == ("", "1-1", "手続のDX")
    assert shown(change) == [
        ("名称", "手続のデジタル化", "手続のDX"),
        ("ねらい", "窓口へ来なくてよい。", "来なくてよい。"),
    ]


def test_a_program_moved_to_another_policy_takes_its_projects_along():
    def move(content):
        first, second = content["policies"]
        program = first["programs"].pop()
        second["programs"].append(program | {"number": 2})

    moved, project_ = changed(move)
    assert (moved.number, moved.kind) == ("2-2", "moved")
    assert shown(moved)[0] == ("掲載先", "便利でやさしい", "効率的な行政")
    assert (project_.uid, project_.kind) == ("school", "renumbered")


def test_the_plan_itself():
    def edit(content):
        content["plan"] |= {"philosophy": "つながるまち", "last_year": 2026}

    [change] = changed(edit)
    assert (change.uid, change.number, change.kind) == ("", "", "edited")
    assert shown(change) == [
        ("基本理念", "市民と行政の未来をつなぐ", "つながるまち"),
        ("最終年度", "2025", "2026"),
    ]


def test_a_relisting_is_a_change_of_its_original():
    [change] = changed(lambda content: programs(content)[2]["placements"].pop())
    assert (change.uid, change.kind) == ("online", "relisted")
    assert shown(change) == [("再掲", "2-1-(2)", "")]


def test_a_project_taken_off_the_chart():
    [change] = changed(lambda content: programs(content)[1]["placements"].pop())
    assert (change.uid, change.number, change.kind) == ("school", "", "moved")
    assert shown(change) == [("掲載先", "地域のICT", ""), ("番号", "1-2-(1)", "")]


def test_sheets_alone():
    online = plan()["projects"][0]
    edited = deepcopy(online) | {"name": "別の名称"}
    assert sheet_diff(online, online, names=NAMES) == ()
    assert sheet_diff(online, edited, names=NAMES) == (
        FieldChange("name", "名称", "手続のオンライン化", "別の名称"),
    )
    assert {field.before for field in sheet_diff({}, online, names=NAMES)} == {""}
    assert {field.after for field in sheet_diff(online, {}, names=NAMES)} == {""}


@st.composite
def rearranged(draw):
    """A plan whose placements are dealt anew, with projects edited, taken away and added."""
    content = plan()
    kept = draw(st.lists(st.sampled_from(content["projects"]), unique_by=lambda p: p["uid"]))
    new = [project(f"new{n}", f"新規{n}") for n in range(draw(st.integers(0, 2)))]
    for held in kept:
        held["aims"] = draw(st.sampled_from(["", "目指す"]))
    content["projects"] = [*kept, *new]
    places = programs(content)
    for program in places:
        program["placements"] = []
    for held in draw(st.permutations(content["projects"])):
        spots = draw(st.sampled_from(places))["placements"]
        spots.append(placed(len(spots) + 1, held["uid"]))
    return content


@given(rearranged(), rearranged())
def test_every_project_is_told_once_and_for_what_it_is(old, new):
    before, after = ({p["uid"] for p in side["projects"]} for side in (old, new))
    told = {change.uid: change.kind for change in plan_diff(old, new, names=NAMES)}
    assert {uid for uid, kind in told.items() if kind == "added"} == after - before
    assert {uid for uid, kind in told.items() if kind == "discontinued"} == before - after
    assert plan_diff(new, new, names=NAMES) == []
    assert len(told) == len(plan_diff(old, new, names=NAMES))


def fields_of(**changes):
    """Return the pieces of every field in which a sheet changed, by its key."""
    sheet = project("online", "手続", **changes.pop("was"))
    return {f.field: f.pieces for f in sheet_diff(sheet, sheet | changes, names=NAMES)}


def action(text, *spans):
    keys = ("from", "to", "text")
    return {"text": text, "spans": [dict(zip(keys, span, strict=False)) for span in spans]}


def indicator(name, *cells, cumulative=False):
    spans = [{"from": year, "to": year} | cell for year, cell in cells]
    return {"name": name, "cumulative": cumulative, "cells": spans}


def number(value, unit="%", comparison=">=", **per):
    return {"value": value, "unit": unit, "comparison": comparison} | per


def test_spans_are_compared_as_years():
    was = {"actions": [action("検討", (2021, 2021)), action("導入", (2021, 2022, "一部"))]}
    now = [action("検討", (2021, 2021)), action("導入", (2021, 2023, "全部"))]
    assert fields_of(was=was, actions=now) == {
        "actions": [
            ("=", "検討: 令和3年度\n導入: "),
            ("-", "令和3年度～令和4年度"),
            ("+", "令和3年度～令和5年度"),
            ("=", "「"),
            ("-", "一部"),
            ("+", "全部"),
            ("=", "」"),
        ]
    }


def test_an_action_put_between_others_is_no_change_of_them():
    was = {"actions": [action("検討", (2021, 2021)), action("運用", (2023, 2023))]}
    now = [was["actions"][0], action("導入", (2022, 2022)), was["actions"][1]]
    assert fields_of(was=was, actions=now) == {
        "actions": [
            ("=", "検討: 令和3年度"),
            ("+", "\n導入: 令和4年度"),
            ("=", "\n運用: 令和5年度"),
        ]
    }


def test_cells_are_compared_as_number_with_unit_and_comparison():
    was = {"indicators": [indicator("割合", (2021, number("70")), (2022, {"text": "検討"}))]}
    now = [
        indicator(
            "割合",
            (2021, number("75")),
            (2022, number("1200", "件", "<=", per="年")),
            cumulative=True,
        )
    ]
    assert fields_of(was=was, indicators=now) == {
        "indicators": [
            ("=", "割合"),
            ("+", "(累計)"),
            ("=", ": 令和3年度 "),
            ("-", "70%"),
            ("+", "75%"),
            ("=", "以上、令和4年度 "),
            ("-", "検討"),
            ("+", "年1,200件以下"),
        ]
    }


def test_sections_are_compared_by_whole_names():
    was = {"lead": ["joho", {"class": "各施設所管課等"}]}
    assert fields_of(was=was, lead=["koseki", {"class": "各施設所管課等"}]) == {
        "lead": [("-", "情報システム課"), ("+", "戸籍住民課"), ("=", "、各施設所管課等")]
    }


def test_a_program_renamed_and_renumbered_is_known_by_its_projects():
    def change(content):
        first, second, _ = programs(content)
        first["number"] = 2
        second |= {"number": 3, "name": "地域のDX"}
        new = {"number": 1, "name": "相談", "aim": "", "placements": []}
        content["policies"][0]["programs"].insert(0, new)

    told = [(c.number, c.kind, c.name) for c in changed(change) if not c.uid]
    assert told == [
        ("1-1", "added", "相談"),
        ("1-2", "renumbered", "手続のデジタル化"),
        ("1-3", "edited", "地域のDX"),
    ]


def test_what_is_the_same_is_kept_by_key():
    [change] = changed(lambda content: content["projects"][0].update(aims="来庁を減らす。"))
    assert change.kept == (
        *("number", "name", "status", "lead", "related", "overview"),
        *("actions", "indicators", "relisted"),
    )


ENTRIES = st.lists(
    st.builds(
        lambda a, b, text: (a, a + b, text),
        st.integers(2021, 2025),
        st.integers(0, 2),
        st.sampled_from(["", "一部", "全手続"]),
    ),
    max_size=3,
)
ACTIONS = st.lists(
    st.builds(action, st.sampled_from(["検討", "導入", "運用", "運用の見直し"]))
    | ENTRIES.map(lambda spans: action("導入", *spans)),
    max_size=4,
)
CELLS = st.lists(
    st.tuples(
        st.integers(2021, 2025),
        st.builds(
            number,
            st.sampled_from(["70", "75.5", "12000"]),
            st.sampled_from(["%", "件"]),
            st.sampled_from(["=", ">="]),
        )
        | st.sampled_from([{"text": "検討を踏まえ設定"}]),
    ),
    max_size=3,
)
INDICATORS = st.lists(
    st.builds(
        lambda name, cells, c: indicator(name, *cells, cumulative=c),
        st.sampled_from(["件数", "割合"]),
        CELLS,
        st.booleans(),
    ),
    max_size=3,
)


@given(ACTIONS, ACTIONS, INDICATORS, INDICATORS)
def test_the_pieces_of_a_field_rebuild_it(actions, new_actions, indicators, new_indicators):
    was = project("a", "名称", actions=actions, indicators=indicators)
    now = project("a", "名称", actions=new_actions, indicators=new_indicators)
    for change in sheet_diff(was, now, names=NAMES):
        for text, kept in ((change.before, "=-"), (change.after, "=+")):
            assert "".join(piece for op, piece in change.pieces if op in kept) == text
