"""The secretariat asks, a section answers, its chief approves what was answered."""

import json

import pytest
from django_fsm import TransitionNotAllowed

from revisions.inquiry import commands, commands_questions
from revisions.inquiry.models import Inquiry
from revisions.inquiry.queries import paper_of
from revisions.models import AnswerFile, Question, QuestionAnswer
from tests.factories import NOON, section, user
from tests.revisions.inquiry.test_questions import PNG
from tests.revisions.inquiry.walk import (
    accept,
    answer_questions,
    approve,
    ask,
    asked,
    asking,
    counted,
    current,
    receive,
    submit,
    target_of,
    unchanged,
)
from workflow.errors import Invalid, NotAllowed, Stale, Unmet
from workflow.models import AuditEntry, Request

pytestmark = pytest.mark.django_db

OTHERS = ("koho-kacho", "fuku-shicho-a", "iin-1", "kansa", "kanri")
CHOICE = {
    "kind": "choice",
    "label": "委託しますか",
    "choices": ["はい", "いいえ"],
    "required": True,
}
THEN = {"label": "委託の内容", "on": (0, "はい"), "required": True}
NUMBER = {"kind": "number", "label": "見込額"}


def add(inquiry, *, by="joho-tanto"):
    asked = {"kind": "text", "label": "もう一つ"}
    return commands_questions.add_question(inquiry_id=inquiry.pk, asked=asked, by=user(by), at=NOON)


def edit(inquiry, *, by="joho-tanto", **more):
    pk = inquiry.questions.first().pk
    given = {"asked": {"label": "改めた設問"} | more, "by": user(by), "at": NOON}
    return commands_questions.edit_question(question_id=pk, **given)


def move(inquiry, *, by="joho-tanto", place=2, to=1, **more):
    pk = inquiry.questions.all()[place].pk
    given = {"to": to, "by": user(by), "at": NOON}
    return commands_questions.move_question(question_id=pk, **given, **more)


def remove(inquiry, *, by="joho-tanto", place=2, **more):
    pk = inquiry.questions.all()[place].pk
    return commands_questions.remove_question(question_id=pk, by=user(by), at=NOON, **more)


def issue(inquiry):
    by, ids = user("joho-tanto"), [section("koho").pk]
    commands.issue(inquiry_id=inquiry.pk, section_ids=ids, by=by, at=NOON)


ACTS = {
    add: "inquiry.question_added",
    edit: "inquiry.question_edited",
    move: "inquiry.question_moved",
    remove: "inquiry.question_removed",
}


@pytest.mark.parametrize("state", ["preparing", "issued"])
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_questions_are_made_by_the_secretariat_until_it_goes_out(city, act, state):
    inquiry = asking(CHOICE, THEN, NUMBER)
    if state == "issued":
        issue(inquiry)
    for by in OTHERS:
        before = counted()
        with pytest.raises(NotAllowed):
            act(inquiry, by=by)
        assert counted() == before
    if state == "issued":
        before = counted()
        with pytest.raises(TransitionNotAllowed):
            act(inquiry)
        assert counted() == before
        return
    act(inquiry)
    assert AuditEntry.objects.filter(subject=inquiry.key).latest("seq").verb == ACTS[act]


def test_questions_stand_in_the_order_they_were_put(city):
    inquiry = asking(CHOICE, THEN, NUMBER)
    move(inquiry, place=2, to=1)
    assert [q.label for q in inquiry.questions.all()] == ["見込額", "委託しますか", "委託の内容"]
    remove(inquiry, place=0)
    assert [(q.order, q.label) for q in inquiry.questions.all()] == [
        (1, "委託しますか"),
        (2, "委託の内容"),
    ]


@pytest.mark.parametrize(
    "act, field",
    [
        (lambda inquiry: move(inquiry, place=1, to=1), "on"),
        (lambda inquiry: remove(inquiry, place=0), "on"),
        (lambda inquiry: edit(inquiry, choices=["可", "否"]), "on"),
        (lambda inquiry: edit(inquiry, label=" "), "label"),
        (lambda inquiry: ask(inquiry, kind="table", label="内訳"), "columns"),
    ],
)
def test_a_condition_keeps_what_it_hangs_on(city, act, field):
    inquiry, before = asking(CHOICE, THEN), counted()
    with pytest.raises(Invalid) as refused:
        act(inquiry)
    assert refused.value.field == field
    assert counted() == before
    assert [q.label for q in inquiry.questions.all()] == ["委託しますか", "委託の内容"]


def test_an_old_page_of_questions_is_stale(city):
    inquiry = asking(CHOICE)
    with pytest.raises(Stale):
        remove(inquiry, place=0, seen=inquiry.chain_length - 1)


# A section answers


def test_what_has_to_be_answered_is_missing_until_it_is(city):
    target = unchanged(asked(CHOICE, THEN, NUMBER))
    first, then, number = target.inquiry.questions.all()
    page = f"/answers/{target.pk}/questions/"
    with pytest.raises(Unmet) as refused:
        submit(target)
    assert [m.link for m in refused.value.missing] == [f"{page}#question-{first.pk}"]
    answer_questions(target, {first.pk: "はい"})
    with pytest.raises(Unmet) as refused:
        submit(target)
    assert [m.link for m in refused.value.missing] == [f"{page}#question-{then.pk}"]
    answer_questions(target, {first.pk: "いいえ", then.pk: "書いたが尋ねられていない"})
    assert paper_of(target).values == {first.pk: "いいえ"}
    assert submit(target).state == "in_review"
    assert number.pk not in paper_of(target).values


def test_what_is_wrong_is_told_and_what_is_right_is_kept(city):
    target = asked(NUMBER, {"label": "備考"})
    number, text = target.inquiry.questions.all()
    answer_questions(target, {number.pk: "500"})
    wrong = answer_questions(target, {number.pk: "たくさん", text.pk: "書いた"})
    assert list(wrong) == [number.pk]
    assert paper_of(target).values == {number.pk: "500", text.pk: "書いた"}


def test_the_chief_approves_the_answers_in_words_and_in_data(city):
    target = unchanged(asked(CHOICE, THEN, NUMBER))
    first, _then, number = target.inquiry.questions.all()
    answer_questions(target, {first.pk: "いいえ", number.pk: "1,234"})
    submit(target)
    told = json.loads(Request.objects.get(pk=current(target).request_id).content.body)
    assert [(a["label"], a["text"], a["value"]) for a in told["questions"]] == [
        ("委託しますか", "いいえ", "いいえ"),
        ("見込額", "1,234", "1234"),
    ]
    with pytest.raises(TransitionNotAllowed):
        answer_questions(target, {first.pk: "はい"})


def test_an_answer_to_a_question_is_an_answer(city):
    """It is not 該当なし."""
    target = asked({"label": "備考"}, kind="opinions")
    answer_questions(target, {target.inquiry.questions.get().pk: "あり"})
    submit(target)
    approve(target)
    assert current(target).state == "answered"
    assert accept(target).state == "accepted"


def test_a_file_that_was_sent_stays_when_another_takes_its_place(city):
    target = asked({"kind": "file", "label": "図面"})
    pk = target.inquiry.questions.get().pk
    answer_questions(target, {pk: ("図.png", PNG)})
    kept = AnswerFile.objects.get(target=target)
    assert bytes(kept.body) == PNG
    assert paper_of(target).values[pk]["sha256"] == kept.sha256
    answer_questions(target, {pk: None})
    assert paper_of(target).values[pk]["name"] == "図.png"
    assert list(answer_questions(target, {pk: ("表.xlsx", b"PK\3\4")})) == [pk]
    answer_questions(target, {pk: False})
    assert not QuestionAnswer.objects.exists()
    assert AnswerFile.objects.count() == 1


def test_each_section_answers_for_itself(city):
    inquiry = asking({"label": "備考"})
    ids = [section(code).pk for code in ("koho", "koseki")]
    commands.issue(inquiry_id=inquiry.pk, section_ids=ids, by=user("joho-tanto"), at=NOON)
    koho = receive(target_of(inquiry))
    koseki = receive(target_of(inquiry, "koseki"), by="koseki-tanto")
    pk = Question.objects.get().pk
    answer_questions(koho, {pk: "広報の答え"})
    answer_questions(koseki, {pk: "戸籍の答え"}, by="koseki-tanto")
    assert [paper_of(t).values for t in (koho, koseki)] == [{pk: "広報の答え"}, {pk: "戸籍の答え"}]
    assert Inquiry.objects.get().questions.count() == 1
