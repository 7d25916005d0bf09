"""Questions and remarks on others' sheets by workbook: told, merged and saved with all the rest."""

import json
from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from revisions.inquiry.queries import paper_of, sheets_of
from revisions.inquiry.workbook.answers import Opinion
from revisions.inquiry.workbook.marking import marked
from revisions.models import AnswerFile
from tests.counting import at_most
from tests.revisions.inquiry.test_answers import remark
from tests.revisions.inquiry.test_questions import PNG
from tests.revisions.inquiry.test_views import client, page
from tests.revisions.inquiry.walk import (
    answer_questions,
    asked,
    counted,
    current,
    issued,
    receive,
    target_of,
    unchanged,
)
from tests.revisions.inquiry.workbook import test_commands
from tests.revisions.inquiry.workbook.filling import (
    filled,
    given_out,
    looked_at,
    shuffled,
    squares,
)
from tests.revisions.inquiry.workbook.test_views import accept, send, shown
from workflow.audit.models import AuditEntry
from workflow.errors import Invalid

pytestmark = pytest.mark.django_db

QUESTIONS = (
    {"kind": "choice", "label": "委託しますか", "choices": ["はい", "いいえ"], "required": True},
    {"label": "委託の内容", "on": (0, "はい"), "required": True},
    {"kind": "table", "label": "内訳", "columns": ["業務", "額"]},
    {"kind": "number", "label": "見込額"},
    {"kind": "date", "label": "始まる日"},
    {"kind": "file", "label": "図面"},
)


@pytest.fixture
def target(city):
    return asked(*QUESTIONS)


@pytest.fixture
def joho(city):
    """Is related to sheets that others answer."""
    return receive(target_of(issued("joho", "koseki"), "joho"), by="joho-tanto")


def keys(target):
    """Return the key of every question, in their order."""
    return [f"questions/{q.pk}" for q in target.inquiry.questions.all()]


def values(target):
    """Return what every question is answered with, in their order."""
    paper = paper_of(current(target))
    return [paper.values.get(q.pk) for q in paper.questions]


def answered(target, *typed):
    pks = target.inquiry.questions.values_list("pk", flat=True)
    assert not answer_questions(target, dict(zip(pks, typed, strict=False)))


def faults(target, body):
    return {fault.label: fault.said for fault in looked_at(target, body).faults}


def test_questions_are_answered_with_the_sheets_in_one_act(target):
    choice, then, table, number, day, _file = keys(target)
    written = {
        choice: " はい　",
        then: "=HYPERLINK(1)\n二行目",
        f"{table}/0/c0": "更新 ",
        f"{table}/0/c1": "１２，０００",
        f"{table}/3/c0": "保守",
        number: "１，２３４．５０",
        day: "令和８年１２月４日",
        "cover/rest": "はい",
    }
    before = counted()
    assert send(target, filled(given_out(target), written, shuffled(4))).status_code == 303
    told = shown(target).content.decode()
    assert "設問への答え" in told
    assert "1,234.5" in told
    assert counted() == before
    assert accept(target).status_code == 303
    assert counted() == (before[0] + 1, before[1])
    rows = [["更新", "１２，０００"], ["保守", ""]]
    said = ["はい", "=HYPERLINK(1)\n二行目", rows, "1234.5", "2026-12-04", None]
    assert values(target) == said
    assert target.answers.count() == len(sheets_of(target).own)
    entry = json.loads(AuditEntry.objects.filter(subject=target.key).latest("seq").body)
    assert len(entry["facts"]["questions"]) == 5
    assert not looked_at(target, given_out(target)).outcome


def test_a_workbook_saves_what_the_page_saves(target):
    typed = ["はい", "清掃", [["更新", "1"]], "5", "R8.12.4"]
    answered(target, *typed)
    by_page = values(target)
    answered(target, "いいえ")
    choice, then, table, number, day, _file = keys(target)
    cells = {choice: "はい", then: "清掃", number: "5", day: "R8.12.4"}
    cells |= {f"{table}/0/c0": "更新", f"{table}/0/c1": "1"}
    send(target, filled(given_out(target), cells))
    accept(target)
    assert values(target) == by_page


def test_a_question_that_both_sides_answered_is_for_the_person_to_choose(target):
    body = filled(given_out(target), {keys(target)[3]: "5", keys(target)[4]: "R8.12.4"})
    answered(target, None, None, [], "7")
    send(target, body)
    [clash] = shown(target).context["review"].clashes
    assert (clash.label, clash.now, clash.mine) == ("設問 問4", "7", "5")
    assert accept(target).status_code == 422
    assert values(target)[3:5] == ["7", None]
    accept(target, pick_0="mine")
    assert values(target)[3:5] == ["5", "2026-12-04"]


def test_a_table_whose_rows_moved_meanwhile_is_one_conflict(target):
    answered(target, None, None, [["更新", "1"]])
    body = filled(given_out(target), {f"{keys(target)[2]}/0/c1": "2"})
    answered(target, None, None, [["更新", "1"], ["保守", "3"]])
    send(target, body)
    [clash] = shown(target).context["review"].clashes
    assert (clash.label, clash.now, clash.mine) == ("問3", "更新　1\n保守　3", "更新　2")
    accept(target, pick_0="mine")
    assert values(target)[2] == [["更新", "2"]]


def test_an_answer_is_taken_back_by_emptying_its_cells(target):
    answered(target, "はい", "清掃", [["更新", "1"]], "7")
    _choice, _then, table, number, *_more = keys(target)
    cells = {f"{table}/0/c0": None, f"{table}/0/c1": None, number: None}
    send(target, filled(given_out(target), cells))
    accept(target)
    assert values(target) == ["はい", "清掃", None, None, None, None]


def test_what_hangs_on_another_answer_goes_with_it(target):
    answered(target, "はい", "清掃")
    send(target, filled(given_out(target), {keys(target)[0]: "いいえ"}))
    assert [label for label, _pieces in shown(target).context["said"]] == [
        "委託しますか",
        "委託の内容",
    ]
    accept(target)
    assert values(target)[:2] == ["いいえ", None]


@pytest.mark.parametrize("choice", [None, "いいえ"])
def test_what_is_not_asked_is_not_answered_and_not_passed_over(target, choice):
    body = filled(given_out(target), {keys(target)[0]: choice, keys(target)[1]: "清掃"})
    assert faults(target, body) == {
        "設問 問2": "問1が「はい」のときだけ答える設問です。問1を直すか、空欄にします。"
    }
    send(target, body)
    assert accept(target).status_code == 422
    assert values(target)[:2] == [None, None]


@pytest.mark.parametrize(
    "place, part, value, said",
    [
        (0, "", "たぶん", "「たぶん」は選べません。「はい」「いいえ」から選んでください。"),
        (1, "", "字" * 10_001, "10,000字まで"),
        (2, "/4/c1", "字" * 501, "500字まで"),
        (3, "", "12,34", "数値を"),
        (3, "", "約5千円", "数値を"),
        (4, "", "12月4日", "日付として読めません"),
        (4, "", "2026-12-04(月)", "金曜日です"),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(target, place, part, value, said):
    answered(target, "はい")
    key = keys(target)[place] + part
    body = filled(given_out(target), {key: value})
    at = squares(load_workbook(BytesIO(body)))[key]
    [fault] = looked_at(target, body).faults
    assert (fault.sheet, fault.at) == (at.parent.title, at.coordinate)
    copy = load_workbook(BytesIO(marked(BytesIO(body), [fault])))
    assert said in copy[fault.sheet][fault.at].comment.text


def test_a_wrong_choice_is_told_once_and_not_of_what_hangs_on_it(target):
    body = filled(given_out(target), {keys(target)[0]: "たぶん", keys(target)[1]: "清掃"})
    assert list(faults(target, body)) == ["設問 問1"]


def test_numbers_and_days_come_as_spreadsheets_keep_them(target):
    def retype(book):
        found, number, day = squares(book), keys(target)[3], keys(target)[4]
        found[number].value, found[number].number_format = 12000, "#,##0"
        found[day].value, found[day].number_format = datetime(2026, 12, 4), "m/d"  # noqa: DTZ001

    outcome = looked_at(target, filled(given_out(target), {}, retype)).outcome
    assert list(outcome.values.values()) == ["12000", "2026-12-04"]


def test_a_share_in_percent_is_not_guessed_at(target):
    def retype(book):
        square = squares(book)[keys(target)[3]]
        square.value, square.number_format = 0.7, "0%"

    assert "数値を" in faults(target, filled(given_out(target), {}, retype))["設問 問4"]


def test_a_file_is_sent_by_the_page_alone_and_stays(target, settings):
    answered(target, None, None, [], "5", "", ("図.png", PNG))
    body, file = given_out(target), keys(target)[5]
    book = load_workbook(BytesIO(body))
    links = [c.hyperlink.target for row in book["設問"].iter_rows() for c in row if c.hyperlink]
    pk = file.removeprefix("questions/")
    assert f"{settings.BASE_URL}/answers/{target.pk}/questions/#question-{pk}" in links
    assert file not in squares(book)
    send(target, filled(body, {keys(target)[3]: "6"}))
    accept(target)
    assert (values(target)[3], values(target)[5]["name"]) == ("6", "図.png")
    assert AnswerFile.objects.count() == 1


def test_words_that_begin_like_formulas_are_words(city):
    evil = '=HYPERLINK("http://x","y")'
    target = asked(
        {"kind": "choice", "label": evil, "help": evil, "choices": [evil, "+1,2"]},
        {"kind": "table", "label": "内訳", "columns": [evil], "on": (0, evil)},
    )
    answered(target, evil, [["@SUM(A1)"]])
    body = given_out(target)
    book = load_workbook(BytesIO(body))
    texts = [c for sheet in book.worksheets for row in sheet.iter_rows() for c in row if c.value]
    assert not [c.coordinate for c in texts if c.data_type == "f"]
    said = [c for c in texts if str(c.value).startswith(("=", "@", "+")) and c.column > 1]
    assert len(said) > 4
    assert all(c.quotePrefix for c in said if c.parent.sheet_state == "visible")
    [choice] = [dv for dv in book["設問"].data_validations.dataValidation if dv.sqref.ranges]
    assert choice.formula1.startswith("'選択肢'!")
    assert not looked_at(target, body).outcome


def test_the_command_takes_no_answer_that_the_page_would_not(target):
    other, before = target.inquiry.questions.last().pk + 1, counted()
    for typed in ({target.inquiry.questions.first().pk: "たぶん"},):
        with pytest.raises(Invalid, match="選択肢"):
            test_commands.save(target, typed=typed)
    assert counted() == before
    test_commands.save(target, typed={other: "よその設問"})
    assert values(target) == [None] * 6


def test_a_section_remarks_on_what_others_answer(joho):
    uid, other = (sheet["uid"] for sheet in sheets_of(joho).shared[:2])
    kept = remark(joho, by="joho-tanto", project_uid=uid, text="古い意見", place="概要")
    gone = remark(joho, by="joho-tanto", project_uid=other, text="要らない意見")
    written = {
        f"remarks/{uid}.{kept.pk}/text": "改めた意見",
        f"remarks/{uid}.{kept.pk}/proposal": "=こう直す",
        f"remarks/{other}.{gone.pk}/text": None,
        f"remarks/{other}.ab12cd34-1/text": "新しい意見",
        f"remarks/{other}.ab12cd34-1/reason": "読みやすさ",
        f"remarks/{other}.ab12cd34-1/place": "目指すもの",
    }
    body = filled(given_out(joho), written, shuffled(8))
    send(joho, body, "joho-tanto")
    told = shown(joho, "joho-tanto").content.decode()
    assert all(word in told for word in ("改めた意見", "新しい意見", "読みやすさ", "要らない意見"))
    accept(joho, "joho-tanto")
    names = ("project_uid", "place", "text", "reason", "proposal", "row")
    assert list(joho.remarks.values_list(*names)) == [
        (uid, "概要", "改めた意見", "", "=こう直す", ""),
        (other, "目指すもの", "新しい意見", "読みやすさ", "", "ab12cd34-1"),
    ]
    again = looked_at(joho, body)  # the same file once more
    assert not again.outcome
    assert not again.clashes
    assert not looked_at(joho, given_out(joho, "99999999")).outcome


def test_a_remark_that_was_rewritten_on_both_sides_is_for_the_person_to_choose(joho):
    uid = sheets_of(joho).shared[0]["uid"]
    key = f"remarks/{uid}.ab12cd34-1"
    first = filled(given_out(joho), {f"{key}/text": "はじめの文"})
    send(joho, first, "joho-tanto")
    accept(joho, "joho-tanto")
    send(joho, filled(first, {f"{key}/text": "直した文"}), "joho-tanto")
    [clash] = shown(joho, "joho-tanto").context["review"].clashes
    assert (clash.now, clash.mine) == ("はじめの文", "直した文")
    accept(joho, "joho-tanto", pick_0="mine")
    assert [r.text for r in joho.remarks.all()] == ["直した文"]


def test_a_remark_without_words_is_told(joho):
    uid = sheets_of(joho).shared[0]["uid"]
    body = filled(given_out(joho), {f"remarks/{uid}.ab12cd34-2/proposal": "こう直す"})
    [fault] = looked_at(joho, body).faults
    assert fault.label.endswith("意見2 意見")
    assert "入力してください" in fault.said


def test_the_command_takes_no_remark_on_one_s_own_sheet_or_none(joho):
    own, before = sheets_of(joho).own[0]["uid"], counted()
    for uid in (own, "", "P99"):
        with pytest.raises(Invalid):
            test_commands.save(
                joho, by="joho-tanto", opinions=[Opinion(None, "a-1", uid, "", "意見", "", "")]
            )
    assert counted() == before


def test_what_others_answer_is_to_be_read_only(joho):
    uid = sheets_of(joho).shared[0]["uid"]
    found = squares(load_workbook(BytesIO(given_out(joho))))
    assert not [key for key in found if key.startswith(f"{uid}/")]
    sheet = found[f"remarks/{uid}.ab12cd34-1/text"].parent
    assert sheet.protection.sheet
    open_ = {c.coordinate for row in sheet.iter_rows() for c in row if not c.protection.locked}
    assert open_ == {c.coordinate for key, c in found.items() if c.parent is sheet}


def test_the_reason_of_an_opinion_comes_in_too(city):
    target = receive(target_of(issued(kind="opinions")))
    body = filled(
        given_out(target),
        {"remarks/ab12cd34-1/text": "長い。", "remarks/ab12cd34-1/reason": "読まれない。"},
    )
    send(target, body)
    accept(target)
    assert [(r.text, r.reason) for r in target.remarks.all()] == [("長い。", "読まれない。")]


def test_the_pages_take_few_statements_with_questions_and_remarks(target):
    unchanged(target)
    choice, then, table, *_more = keys(target)
    cells = {choice: "はい", then: "清掃"} | {f"{table}/{i}/c0": "業務" for i in range(10)}
    body = filled(given_out(target), cells)
    signed_in = client("koho-tanto")
    with at_most(20):
        signed_in.get(page(target, "workbook/file/"))
    send(target, body)
    with at_most(20):
        form = signed_in.get(page(target, "workbook/")).context["accept"].initial
    with at_most(32):
        assert signed_in.post(page(target, "workbook/save/"), form).status_code == 303
    assert len(values(target)[2]) == 10


def test_a_workbook_may_come_when_its_answer_has_been_taken_back(target):
    """What the page emptied and the workbook edited is told, not written over."""
    answered(target, None, None, [["更新", "1"]], "7")
    body = filled(given_out(target), {keys(target)[3]: "8"})
    answered(target, None, None, [], "")
    [clash] = looked_at(target, body).clashes
    assert (clash.now, clash.mine) == ("", "8")
