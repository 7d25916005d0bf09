import time
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revisions.plan.diff import Change, FieldChange, plan_diff, sheet_diff, text_diff
from tests.revisions.plan.contents import placed, plan, project

NAMES = {"joho": "情報システム課", "koho": "広報広聴課", "koseki": "戸籍住民課"}
TEXTS = st.text(
    alphabet="子育て支援の充実を図るため、。\n葛辻かガｶﾞ\u3099\U000e0100\U000e0101\u200d👩👧🏽\U000f0000",
    max_size=40,
)


def sides(ops):
    """Return the two texts that the pieces were made from."""
    return tuple("".join(text for op, text in ops if op in kept) for kept in ("=-", "=+"))


@pytest.mark.parametrize(
    "before, after, ops",
    [
        ("", "", []),
        ("同じ", "同じ", [("=", "同じ")]),
        ("", "新しい", [("+", "新しい")]),
        ("古い", "", [("-", "古い")]),
        (
            "中学生までを対象とする",
            "18歳までを対象とする",
            [("-", "中学生"), ("+", "18歳"), ("=", "までを対象とする")],
        ),
        (
            "子育て支援の充実を図るため",
            "子育て世帯の経済的負担を軽減するため",
            [
                ("=", "子育て"),
                ("-", "支援の充実を図"),
                ("+", "世帯の経済的負担を軽減す"),
                ("=", "るため"),
            ],
        ),
        # a variation selector and a combining mark stay with their base
        (
            "葛\U000e0100城",
            "葛\U000e0101城",
            [("-", "葛\U000e0100"), ("+", "葛\U000e0101"), ("=", "城")],
        ),
        ("か行", "か\u3099行", [("-", "か"), ("+", "か\u3099"), ("=", "行")]),
        ("👩\u200d👧", "👩\u200d👦", [("-", "👩\u200d👧"), ("+", "👩\u200d👦")]),
    ],
)
def test_text_diff(before, after, ops):
    assert text_diff(before, after) == ops


@given(TEXTS, TEXTS)
def test_the_pieces_rebuild_both_texts(before, after):
    ops = text_diff(before, after)
    assert sides(ops) == (before, after)
    assert all(text for _, text in ops)


@given(TEXTS, TEXTS)
def test_no_mark_is_torn_from_its_base(before, after):
    ops = text_diff(before, after)
    for side in ("=-", "=+"):
        pieces = [text for op, text in ops if op in side]
        marks = ("\u3099", "\U000e0100", "\U000e0101", "\u200d", "ﾞ", "🏽")
        assert not any(piece.startswith(marks) for piece in pieces[1:])


def test_long_texts_are_compared_by_sentence_and_soon():
    before = "".join(f"{n}番目の取組を進めます。" for n in range(3000))
    after = before.replace("1500番目の取組を進めます。", "1500番目の取組をやめます。\n")
    begun = time.perf_counter()
    ops = text_diff(before, after)
    assert time.perf_counter() - begun < 5
    assert sides(ops) == (before, after)
    assert ("-", "1500番目の取組を進めます。") in ops


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
    assert (change.uid, change.kind) == ("online", "edited")
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
