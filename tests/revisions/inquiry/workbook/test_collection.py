"""All answers of an inquiry: as one table, and as the workbooks of the addressees."""

import csv
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from tests.counting import at_most
from tests.revisions.inquiry.test_answers import remark, sheet
from tests.revisions.inquiry.test_question_commands import CHOICE, NUMBER, THEN
from tests.revisions.inquiry.test_question_views import FILE as ATTACHED
from tests.revisions.inquiry.test_question_views import TABLE
from tests.revisions.inquiry.test_questions import PNG
from tests.revisions.inquiry.test_views import client
from tests.revisions.inquiry.walk import (
    answer,
    answer_questions,
    approve,
    asked,
    issued,
    many_sections,
    prepared,
    receive,
    submit,
    target_of,
    unchanged,
)
from tests.revisions.inquiry.workbook.filling import looked_at

pytestmark = pytest.mark.django_db

FILES = ("answers.xlsx", "answers.csv", "workbooks.zip")


@pytest.fixture
def inquiry(city):
    found = issued("koho", "koseki")
    target = receive(target_of(found))
    answer(target, kind="edit", sheet=sheet(target, overview="=改めた🙂概要"), reason="見直し")
    unchanged(target)
    submit(target)
    approve(target)
    return found


def got(inquiry, file, username="joho-tanto"):
    return client(username).get(f"/inquiries/{inquiry.pk}/{file}")


def rows(response, encoding="utf-8-sig"):
    return list(csv.DictReader(StringIO(response.content.decode(encoding), newline="")))


def test_the_table_has_a_row_a_field_that_changes_and_a_row_a_sheet_that_does_not(inquiry):
    response = got(inquiry, "answers.csv")
    assert response.content.startswith(b"\xef\xbb\xbf")
    found = rows(response)
    koho = [row for row in found if row["課"] == "広報広聴課"]
    changed = [row for row in koho if row["回答"] == "変更"]
    assert [(row["番号"], row["項目"], row["理由"]) for row in changed] == [
        ("1-2-(1)", "概要", "見直し")
    ]
    assert changed[0]["回答の内容"] == "'=改めた🙂概要"
    assert {row["回答"] for row in koho} == {"変更", "変更なし"}
    assert koho[0]["期限"] == "2026-12-04"
    assert koho[0]["期限（元号）"] == "令和8年12月4日(金)"
    assert koho[0]["回答日（元号）"].startswith("令和8年11月24日")
    assert {row["回答"] for row in found if row["課コード"] == "koseki"} == {"未回答"}


def test_what_windows_cannot_write_is_seen(inquiry):
    found = rows(got(inquiry, "answers.csv?encoding=cp932"), "cp932")
    assert "'=改めた〓概要" in [row["回答の内容"] for row in found]


def test_the_workbook_of_all_answers_holds_the_same_and_no_formula(inquiry):
    book = load_workbook(BytesIO(got(inquiry, "answers.xlsx").content))
    table = [[square.value or "" for square in row] for row in book.active.iter_rows()]
    text = [["'=" + v[1:] if v.startswith("=") else v for v in row] for row in table]
    assert text[1:] == [list(row.values()) for row in rows(got(inquiry, "answers.csv"))]
    assert not [c for row in book.active.iter_rows() for c in row if c.data_type == "f"]


def test_opinions_have_a_row_each_and_the_silent_have_one(city):
    inquiry = issued("koho", "koseki", kind="opinions")
    target = receive(target_of(inquiry))
    remark(target, text="言い方を改める。", project_uid="P06", place="概要")
    remark(target, text="全体に長い。", proposal="短くする。")
    found = rows(got(inquiry, "answers.csv"))
    assert {(r["課コード"], r["番号"], r["回答の内容"], r["修正案"]) for r in found} == {
        ("koseki", "", "", ""),
        ("koho", "1-2-(1)", "言い方を改める。", ""),
        ("koho", "", "全体に長い。", "短くする。"),
    }


def test_remarks_and_answers_to_questions_are_rows_too(city):
    target = asked(CHOICE, THEN, TABLE, NUMBER | {"required": True}, ATTACHED)
    choice, then, table, _number, file = target.inquiry.questions.values_list("pk", flat=True)
    rows_ = [["=更新", "1"], ["保守", "2"]]
    typed = {choice: "はい", then: "+清掃", table: rows_, file: ("図.pdf", PNG)}
    assert not answer_questions(target, typed)
    found = [row for row in rows(got(target.inquiry, "answers.csv")) if row["区分"] == "設問"]
    assert [(r["番号"], r["対象"], r["回答"], r["項目"], r["回答の内容"]) for r in found] == [
        ("問1", "委託しますか", "", "", "はい"),
        ("問2", "委託の内容", "", "", "'+清掃"),
        ("問3", "内訳", "", "業務｜額", "'=更新｜1"),
        ("問3", "内訳", "", "業務｜額", "保守｜2"),
        ("問4", "見込額", "未回答", "", ""),
        ("問5", "図面", "", "", "図.pdf"),
    ]


def test_a_table_that_was_asked_is_a_sheet_of_its_own(city):
    target = asked(TABLE)
    assert not answer_questions(target, {target.inquiry.questions.get().pk: [["=更新", "1"]]})
    book = load_workbook(BytesIO(got(target.inquiry, "answers.xlsx").content))
    assert book.sheetnames == ["回答", "問1"]
    head, line = book["問1"].iter_rows()
    assert [c.value for c in head][-2:] == ["業務", "額"]
    assert [(c.value, c.data_type) for c in line][-2:] == [("=更新", "s"), ("1", "s")]
    assert line[2].value == "広報広聴課"


def test_remarks_on_others_sheets_are_rows_too(city):
    inquiry = issued("joho", "koseki")
    joho = receive(target_of(inquiry, "joho"), by="joho-tanto")
    words = {"place": "概要", "reason": "読みやすさ", "proposal": "=直す"}
    remark(joho, by="joho-tanto", project_uid="P02", text="長い。", **words)
    [row] = [row for row in rows(got(inquiry, "answers.csv")) if row["区分"] == "意見"]
    assert (row["課コード"], row["項目"], row["理由"]) == ("joho", "概要", "読みやすさ")
    assert (row["回答の内容"], row["修正案"]) == ("長い。", "'=直す")


def test_what_was_sent_with_an_answer_is_in_the_archive_by_what_it_is(city):
    target = asked(ATTACHED, ATTACHED | {"label": "../別の図"})
    one, two = target.inquiry.questions.values_list("pk", flat=True)
    assert not answer_questions(target, {one: ("../図.exe", PNG), two: ("図", PNG)})
    with ZipFile(BytesIO(got(target.inquiry, "workbooks.zip").getvalue())) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "広報広聴課_koho.xlsx",
            "広報広聴課_koho_問1_図.png",
            "広報広聴課_koho_問2_図.png",
        ]
        assert archive.read("広報広聴課_koho_問1_図.png") == PNG


def test_the_archive_has_a_workbook_an_addressee_by_its_name(inquiry):
    response = got(inquiry, "workbooks.zip")
    assert response.streaming
    with ZipFile(BytesIO(response.getvalue())) as archive:
        assert archive.testzip() is None
        assert set(archive.namelist()) == {"広報広聴課_koho.xlsx", "戸籍住民課_koseki.xlsx"}
        body = archive.read("広報広聴課_koho.xlsx")
    assert not looked_at(target_of(inquiry), body).outcome


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(
    "username, status", [("joho-tanto", 200), ("kansa", 200), ("koho-tanto", 404), ("kanri", 403)]
)
def test_who_sees_every_answer_may_take_them(inquiry, file, username, status):
    assert got(inquiry, file, username).status_code == status


@pytest.mark.parametrize("file", FILES)
def test_there_is_nothing_to_take_before_it_is_issued(city, file):
    assert got(prepared(), file).status_code == 404


@pytest.mark.parametrize("file", FILES)
def test_sixty_addressees_take_as_few_statements_as_one(city, file):
    codes = [section.code for section in many_sections(60)]
    inquiry = issued("koho", *codes)
    signed_in = client("joho-tanto")
    with at_most(20):
        response = signed_in.get(f"/inquiries/{inquiry.pk}/{file}")
        body = response.getvalue()
    assert len(body) > 1_000
