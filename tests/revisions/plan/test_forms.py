import pytest

from config.templatetags.wrong import errors_of
from revisions.plan.forms import SheetForm
from revisions.plan.models import Plan
from tests.revisions.drafts import demo_content
from tests.revisions.plan.posted import posted

pytestmark = pytest.mark.django_db

PLAN = Plan(code="ict-2021", title="計画", first_year=2021, last_year=2025)


def sheet(uid):
    return next(p for p in demo_content()["projects"] if p["uid"] == uid)


def typed(uid="P01", **changes):
    """The form of a sheet as sent, with some of its inputs changed."""
    start = sheet(uid)
    data = posted(SheetForm(plan=PLAN, sheet=start)) | changes
    return SheetForm(data, plan=PLAN, sheet=start)


def wrong(form):
    assert not form.is_valid()
    rows = {name: rows.errors for name, rows in form.rows.items() if any(rows.errors)}
    tables = {n: r.non_form_errors() for n, r in form.rows.items() if r.non_form_errors()}
    return set(form.errors) | set(rows) | set(tables)


def test_what_was_not_touched_comes_back_the_same(city):
    for start in demo_content()["projects"]:
        form = SheetForm(posted(SheetForm(plan=PLAN, sheet=start)), plan=PLAN, sheet=start)
        assert form.is_valid(), start["uid"]
        assert form.sheet() == start


def test_a_new_sheet_is_what_was_typed(city):
    data = posted(SheetForm(plan=PLAN)) | {
        "sheet-name": "新しい事業",
        "sheet-lead-0-section": "joho",
        "sheet-lead-1-class_name": "各施設所管課等",
        "sheet-overview": "　一段目\r\n二段目",
        "sheet-actions-0-text": "試行",
        "sheet-actions-0-first": "2022",
        "sheet-indicators-0-name": "利用率",
        "sheet-indicators-0-y2022": "70%以上",
        "sheet-indicators-0-y2023": "→",
    }
    form = SheetForm(data, plan=PLAN)
    assert form.is_valid()
    made = form.sheet()
    assert made["lead"] == ["joho", {"class": "各施設所管課等"}]
    assert made["overview"] == "　一段目\n二段目"
    assert made["actions"] == [{"text": "試行", "spans": [{"from": 2022, "to": 2022}]}]
    cell = {"from": 2022, "to": 2023, "value": "70", "unit": "%", "comparison": ">="}
    assert made["indicators"] == [{"name": "利用率", "cumulative": False, "cells": [cell]}]


def test_a_section_named_twice_is_named_beside_its_table(city):
    form = typed(**{"sheet-lead-0-section": "koho", "sheet-lead-1-section": "koho"})
    assert not form.is_valid()
    said = "主管課等・関係課等に「広報広聴課」が2回あります。"
    assert form.rows["lead"].non_form_errors() == [said]
    assert not form.errors
    both = typed(**{"sheet-lead-0-section": "koho", "sheet-related-0-section": "koho"})
    assert not both.is_valid()
    assert both.rows["related"].non_form_errors() == [said]


def test_the_summary_says_in_which_table(city):
    form = typed(**{"sheet-actions-0-first": "2023", "sheet-actions-0-last": "2022"})
    assert not form.is_valid()
    [error] = errors_of(form.rows["actions"])
    assert error["label"] == "年度ごとの取組の1行目のまで"
    assert error["target"] == "id_sheet-actions-0-last"


def test_rows_are_ordered_and_removed(city):
    form = typed(**{"sheet-actions-0-ORDER": "9", "sheet-actions-1-DELETE": "on"})
    assert form.is_valid()
    texts = [action["text"] for action in form.sheet()["actions"]]
    assert texts == ["その他手続のオンライン化", "方向性整理"]


def test_more_rows_keep_what_was_typed_and_complain_of_nothing(city):
    form = typed(**{"sheet-name": "", "sheet-actions-0-text": "直し", "sheet-more": "actions"})
    assert form.wants_more()
    more = form.with_more_rows()
    assert not more.errors
    assert more["name"].value() == ""
    assert more.rows["actions"].forms[0]["text"].value() == "直し"
    assert len(more.rows["actions"].forms) == len(form.rows["actions"].forms) + 3
    assert len(more.rows["indicators"].forms) == len(form.rows["indicators"].forms)


@pytest.mark.parametrize(
    "changes, fields",
    [
        ({"sheet-name": ""}, {"name"}),
        ({"sheet-lead-0-section": ""}, {"lead"}),
        ({"sheet-lead-0-class_name": "各課等"}, {"lead"}),
        ({"sheet-related-1-section": "joho"}, {"lead", "related"}),
        ({"sheet-actions-0-text": ""}, {"actions"}),
        ({"sheet-actions-1-last": "2020"}, {"actions"}),
        ({"sheet-actions-0-first": ""}, {"actions"}),
        ({"sheet-actions-1-first": "2023"}, {"actions"}),
        ({"sheet-indicators-0-y2021": "→"}, {"indicators"}),
        ({"sheet-indicators-0-name": ""}, {"indicators"}),
    ],
)
def test_what_is_wrong_is_said_beside_its_place(city, changes, fields):
    found = wrong(typed(**changes))
    assert found
    assert found <= fields | {"__all__"}
