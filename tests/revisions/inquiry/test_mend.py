"""The secretariat corrects an answer, both texts kept; and asks a section again."""

from datetime import timedelta

import pytest

from revisions.inquiry.models_between import Mending
from revisions.inquiry.queries import sheets_of
from revisions.inquiry.states import TargetState as S
from revisions.models import Opinion
from revisions.plan.queries import sheet_of
from tests.factories import section, user
from tests.revisions.inquiry import walk
from tests.revisions.inquiry.test_answers import remark
from tests.revisions.inquiry.walk import (
    DUE,
    NOON,
    accept,
    answer,
    approve,
    current,
    issued,
    mend_answer,
    receive,
    reopen,
    return_answer,
    submit,
    target_at,
    target_of,
    unchanged,
)
from workflow.audit.models import AuditEntry
from workflow.deadline.calendar import end_of_day
from workflow.errors import Invalid
from workflow.models import Deadline, OutboxEvent

pytestmark = pytest.mark.django_db

MENDED = "事務局が直した目指すもの。"


def edited():
    target = receive(target_of(issued()))
    answer(target, kind="edit", sheet=sheet_of(target.revision, "P06") | {"aims": "課の言葉。"})
    unchanged(target)
    submit(target)
    approve(target)
    return current(target)


def test_both_texts_are_kept_with_who_and_why(city):
    target = edited()
    mend_answer(target)
    row = Mending.objects.get()
    assert (row.before["aims"], row.after["aims"]) == ("課の言葉。", MENDED)
    assert (row.by, row.reason) == (user("joho-tanto"), "表記の統一")
    assert AuditEntry.objects.get(verb="inquiry.answer_mended").by == user("joho-tanto")
    told = OutboxEvent.objects.get(kind="inquiry.answer_mended")
    assert told.groups == [section("koho").group_id]
    accept(target)
    assert sheet_of(target.revision, "P06")["aims"] == MENDED


def test_no_change_becomes_a_change(city):
    target = target_at(S.ANSWERED)
    mend_answer(target)
    mended = target.answers.get(uid="P06")
    assert (mended.kind, mended.reason) == ("edit", "表記の統一")
    accept(target)
    assert sheet_of(target.revision, "P06")["aims"] == MENDED


@pytest.mark.parametrize("wrong", [{"reason": " "}, {"sheet": "same"}, {"sheet": "nameless"}])
def test_what_is_no_correction(city, wrong):
    target = edited()
    sheet = target.answers.get(uid="P06").proposed
    if "sheet" in wrong:
        wrong = {"sheet": sheet if wrong["sheet"] == "same" else sheet | {"name": ""}}
    with pytest.raises(Invalid):
        mend_answer(target, **wrong)
    assert not Mending.objects.exists()


def test_what_is_to_end_is_returned_rather_than_corrected(city):
    target = receive(target_of(issued()))
    answer(target, kind="discontinue")
    unchanged(target)
    submit(target)
    approve(target)
    with pytest.raises(Invalid):
        mend_answer(target)


def test_a_section_asked_again_answers_from_what_was_accepted(city):
    target = edited()
    accept(target)
    reopen(target, due_on=DUE + timedelta(days=7))
    target = current(target)
    assert (target.state, target.answered_at, target.answers.count()) == (S.RETURNED, None, 0)
    assert target.shown != target.inquiry.version
    shown = next(s for s in sheets_of(target).own if s["uid"] == "P06")
    assert shown["aims"] == "課の言葉。"
    running = Deadline.objects.filter(subject=target.key).latest("pk")
    assert running.due_at == end_of_day(DUE + timedelta(days=7))
    answer(target, kind="edit", sheet=shown | {"aims": "課の新しい言葉。"})
    unchanged(target)
    submit(target)
    approve(target)
    accept(target)
    assert sheet_of(target.revision, "P06")["aims"] == "課の新しい言葉。"


def test_an_opinion_that_was_passed_on_is_not_passed_on_twice(city):
    target = receive(target_of(issued(kind="opinions")))
    remark(target)
    submit(target)
    approve(target)
    accept(target)
    reopen(target)
    submit(target)
    approve(target)
    accept(target)
    assert Opinion.objects.count() == 1


def test_who_need_not_have_answered_finds_what_it_had_written(city):
    target = receive(target_of(issued()))
    unchanged(target)
    walk.waive(target)
    reopen(target)
    assert (current(target).state, current(target).answers.count()) == (S.RETURNED, 3)
    assert current(target).version is None
    assert submit(target).state == S.IN_REVIEW


@pytest.mark.parametrize("again", [[return_answer], [accept, reopen]])
def test_what_is_asked_for_again_is_late_no_more(city, again):
    target = target_at(S.IN_REVIEW)
    approve(target, at=NOON + timedelta(days=60))
    assert current(target).is_late
    for step in again:
        step(target)
    assert not current(target).is_late
