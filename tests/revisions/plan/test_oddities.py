from dataclasses import replace

import pytest

from revisions.plan.cells import is_undecided
from revisions.plan.oddities import Standing, oddities
from tests.revisions.plan.contents import plan, project

TODAY = Standing(
    year=2021, sections={"joho", "koseki", "koho"}, classes={"各施設所管課等": ["koho"]}
)
NUMBER = {"from": 2022, "to": 2022, "value": "3", "unit": "回", "comparison": "="}


def told(content, standing=TODAY):
    found = oddities(content, standing)
    assert not any(finding.is_error for finding in found)
    return [(finding.path, finding.message) for finding in found]


def settled():
    content = plan()
    content["projects"][0]["rationale"] = "過去の実績による。"
    return content


def test_a_settled_plan_leaves_nothing_to_a_person():
    assert told(settled()) == []


def test_a_section_that_is_no_longer_there():
    [found] = told(
        settled() | {"sections": {"koseki": "戸籍住民課"}},
        replace(TODAY, sections={"joho", "koho"}),
    )
    assert found == ("projects[1].lead", "「戸籍住民課」は、いまはない課です。")


@pytest.mark.parametrize("classes", [{}, {"各施設所管課等": []}])
def test_a_class_that_stands_for_nobody(classes):
    [(path, message)] = told(settled(), replace(TODAY, classes=classes))
    assert path == "projects[0].related"
    assert "各施設所管課等" in message


def test_indicators_and_their_rationale_come_together():
    content = settled()
    content["projects"][0]["rationale"] = " "
    content["projects"][1]["rationale"] = "実績による。"
    assert [path for path, _ in told(content)] == [
        "projects[0].rationale",
        "projects[1].indicators",
    ]


def test_a_value_that_was_put_off_is_due_when_its_year_begins():
    assert told(settled(), replace(TODAY, year=2021)) == []
    [(path, message)] = told(settled(), replace(TODAY, year=2022))
    assert path == "projects[0].indicators"
    assert message == (
        "「手続数」の令和4年度「検討を踏まえ設定」は、その年度になりましたが決まっていません。"
    )


def test_two_projects_of_one_name():
    content = settled()
    content["projects"].append(project("again", "学校のICT"))
    assert [path for path, _ in told(content)] == ["projects[2].name", "projects[4].name"]


@pytest.mark.parametrize(
    "text, undecided",
    [
        ("検討を踏まえ設定", True),
        ("方向性整理を踏まえ決定", True),
        ("次期システムと合わせ検討", True),
        ("運用方法の検討を踏まえ、決定", True),
        ("検討中", True),
        ("未定", True),
        ("実施可能な全ての手続のオンライン化", False),
        ("検討結果の公表", False),
        ("", False),
    ],
)
def test_which_words_put_a_value_off(text, undecided):
    assert is_undecided({"text": text}) is undecided
    assert not is_undecided(NUMBER)


def test_a_page_says_it_in_its_own_words():
    [found] = oddities(settled(), replace(TODAY, year=2022))
    words = {found.text: "%(name)s, %(year)s: %(said)s is undecided."}
    assert found.said(words.__getitem__, lambda year: f"FY{year}") == (
        "手続数, FY2022: 検討を踏まえ設定 is undecided."
    )
