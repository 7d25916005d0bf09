from copy import deepcopy
from pathlib import Path

import pytest
import yaml

from revisions.plan.consistency import check
from revisions.plan.content import sheets
from tests.revisions.plan.contents import placed, plan, project

DEMO = Path(__file__).parents[3] / "revisions" / "demo" / "plan.yaml"


def test_a_good_plan_has_no_findings():
    assert check(plan()) == []


def test_a_plan_may_say_what_it_does_not_carry_over():
    assert check(plan() | {"dropped": [gone()]}) == []


def test_the_plan_of_the_demo_is_consistent():
    content = yaml.safe_load(DEMO.read_text())
    assert check(content) == []
    listed = list(sheets(content))
    assert len(listed) == 41
    assert sum(relisted for _, _, relisted in listed) == 3
    assert len(content["projects"]) == 38


def put(path, value):
    """Return a change to a plan: `value` at `path`."""

    def change(content):
        *way, last = path
        for step in way:
            content = content[step]
        content[last] = value

    return change


def drop(*path):
    def change(content):
        *way, last = path
        for step in way:
            content = content[step]
        del content[last]

    return change


def gone(**fields):
    return {"uid": "old", "name": "定点カメラ", "as": "achieved", "because": ""} | fields


ONLINE = ("projects", 0)
CELL = (*ONLINE, "indicators", 0, "cells", 1)
SPANS = (*ONLINE, "actions", 1, "spans")


@pytest.mark.parametrize(
    "change, path, message",
    [
        # shape
        (put(["plan"], "ict"), "plan", "項目の組でなければ"),
        (put(["policies"], {}), "policies", "一覧でなければ"),
        (put(["plan", "first_year"], "2021"), "plan.first_year", "整数でなければ"),
        (put(["plan", "first_year"], True), "plan.first_year", "整数でなければ"),
        (put([*ONLINE, "name"], None), "projects[0].name", "文字でなければ"),
        (put([*ONLINE, "colour"], "red"), "projects[0]", "「colour」は使えません"),
        (drop(*ONLINE, "aims"), "projects[0]", "「aims」がありません"),
        (put([*CELL, "value"], 70.8), "projects[0].indicators[0].cells[1].value", "文字でなければ"),
        # names and numbers
        (put(["plan", "title"], " "), "plan.title", "計画の名称がありません"),
        (put(["plan", "last_year"], 2020), "plan.last_year", "初年度より前"),
        (put(["policies", 0, "name"], ""), "policies[0].name", "基本方針の名称がありません"),
        (put(["policies", 1, "number"], 1), "policies", "続いていません(1、1)"),
        (put(["policies", 1, "number"], 3), "policies", "続いていません(1、3)"),
        (
            put(["policies", 0, "programs", 0, "number"], 0),
            "policies[0].programs",
            "続いていません(0、2)",
        ),
        (
            put(["policies", 0, "programs", 0, "placements", 1, "number"], 3),
            "policies[0].programs[0].placements",
            "続いていません(1、3)",
        ),
        # placements
        (
            put(["policies", 0, "programs", 1, "placements", 0, "project"], "ghost"),
            "policies[0].programs[1].placements[0].project",
            "「ghost」がありません",
        ),
        (
            put(["policies", 0, "programs", 1, "placements"], [placed(1, "school")] * 2),
            "policies[0].programs[1].placements[1]",
            "再掲にしてください",
        ),
        (
            put(["policies", 0, "programs", 1, "placements"], []),
            "projects[2]",
            "どこにも掲載されていません",
        ),
        (
            put(["policies", 0, "programs", 0, "placements", 0, "relisted"], True),
            "policies[1].programs[0].placements[1]",
            "もとの掲載がありません",
        ),
        # projects
        (put(["projects", 1], project("online", "別")), "projects[1].uid", "重複しています"),
        (put([*ONLINE, "name"], ""), "projects[0].name", "個別事業の名称がありません"),
        (put([*ONLINE, "status"], "old"), "projects[0].status", "新規でも継続でもありません"),
        (put([*ONLINE, "lead"], []), "projects[0].lead", "主管課等がありません"),
        (put([*ONLINE, "lead"], ["joho", "joho"]), "projects[0].lead", "「joho」が2回"),
        (put([*ONLINE, "lead"], ["koho"]), "projects[0].related", "「koho」が2回"),
        (put([*ONLINE, "related"], [{"kind": "x"}]), "projects[0].related", "読み取れません"),
        (put([*ONLINE, "related"], [3]), "projects[0].related", "読み取れません"),
        # years
        (put([*ONLINE, "actions", 0, "text"], ""), "projects[0].actions[0].text", "取組の内容が"),
        (put([*SPANS, 0, "from"], 2020), "projects[0].actions[1].spans[0]", "計画期間"),
        (put([*SPANS, 1, "to"], 2026), "projects[0].actions[1].spans[1]", "計画期間"),
        (put([*SPANS, 1, "to"], 2023), "projects[0].actions[1].spans[1]", "年度より前"),
        (put([*SPANS, 1, "from"], 2023), "projects[0].actions[1].spans[1]", "重なっている"),
        (put([*CELL, "from"], 2022), "projects[0].indicators[0].cells[1]", "重なっている"),
        # cells
        (put([*CELL, "comparison"], "~"), "projects[0].indicators[0].cells[1].comparison", "「~」"),
        (put([*CELL, "value"], "1,000"), "projects[0].indicators[0].cells[1]", "読み取れません"),
        (put([*CELL, "value"], "多数"), "projects[0].indicators[0].cells[1]", "読み取れません"),
        (put([*CELL, "text"], "両方"), "projects[0].indicators[0].cells[1]", "読み取れません"),
        (drop(*CELL, "unit"), "projects[0].indicators[0].cells[1]", "読み取れません"),
        (
            put([*ONLINE, "indicators", 0, "cells", 0, "text"], "70%"),
            "projects[0].indicators[0].cells[0]",
            "読み取れません",
        ),
        (
            put([*ONLINE, "indicators", 0, "cells", 0, "text"], "→"),
            "projects[0].indicators[0].cells[0]",
            "読み取れません",
        ),
        (
            put([*ONLINE, "actions", 1, "text"], "方向性整理"),
            "projects[0].actions[1]",
            "続けて2回",
        ),
        # lengths
        (put([*ONLINE, "name"], "あ" * 201), "projects[0].name", "200文字まで"),
        (put(["policies", 0, "name"], "あ" * 121), "policies[0].name", "120文字まで"),
        (put(["plan", "philosophy"], "あ" * 201), "plan.philosophy", "200文字まで"),
        (put([*ONLINE, "related"], [{"class": "各" * 61}]), "projects[0].related", "60文字まで"),
        # not carried over
        (put(["dropped"], [gone(**{"as": "tired"})]), "dropped[0].as", "「tired」"),
        (put(["dropped"], [gone(name="")]), "dropped[0].name", "名称がありません"),
        (put(["dropped"], [gone(uid="online")]), "dropped[0].uid", "重複しています"),
        (put(["dropped"], [gone(), gone()]), "dropped[1].uid", "重複しています"),
        (
            put([*ONLINE, "indicators", 0, "name"], ""),
            "projects[0].indicators[0].name",
            "評価指標の名称がありません",
        ),
    ],
)
def test_findings(change, path, message):
    content = deepcopy(plan())
    change(content)
    found = check(content)
    assert (path, True) in [(finding.path, message in finding.message) for finding in found]
    assert all(finding.message.endswith("。") for finding in found)


@pytest.mark.parametrize("content", [None, [], "plan", 1])
def test_what_is_no_plan_at_all(content):
    [finding] = check(content)
    assert finding.message == "項目の組でなければなりません。"
