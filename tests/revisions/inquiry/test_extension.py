"""期限延長の申出: asked once at a time, granted for this day or another, or declined."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from notifications.catalog import notice_of
from revisions.desk.queries import work_of
from revisions.inquiry.commands_bulk import extend_each, remind_each
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.states import TargetState as S
from tests.factories import NOON, TODAY, section, user
from tests.revisions.inquiry import walk
from tests.revisions.inquiry.test_table import SECRETARIAT, same, tried
from tests.revisions.inquiry.walk import (
    DUE,
    approve,
    ask_extension,
    current,
    decline_extension,
    extend,
    target_at,
    tiered_at,
)
from workflow.audit.models import AuditEntry
from workflow.deadline.queries import calendar
from workflow.errors import Invalid, Unmet
from workflow.models import OutboxEvent

pytestmark = pytest.mark.django_db

LATER = DUE + timedelta(days=7)
OPEN = (S.PENDING_RECEIPT, S.RECEIVED, S.RETURNED, S.IN_REVIEW)


@pytest.mark.parametrize("state", OPEN)
def test_decline_extension(city, state):
    target = target_at(state)
    ask_extension(target)
    tried(decline_extension, target, SECRETARIAT, same(*OPEN))
    assert (current(target).wanted_on, current(target).due_on) == (None, DUE)
    with pytest.raises(Unmet):
        decline_extension(target)


@pytest.mark.parametrize(
    "wanted, day",
    [
        (False, DUE),
        (True, DUE),
        (True, DUE - timedelta(days=1)),
        (False, TODAY + timedelta(days=2 * 366 + 1)),
    ],
    ids=["the same", "the same, though more was asked", "less, though more was asked", "a slip"],
)
def test_a_day_that_is_no_answer_is_refused(city, wanted, day):
    target = target_at(S.RECEIVED)
    if wanted:
        ask_extension(target)
    with pytest.raises(Invalid) as refused:
        extend(target, due_on=day, reason="理由", accept_closed_day=True)
    assert refused.value.field == "due_on"
    assert current(target).due_on == DUE


@pytest.mark.parametrize(
    "wanted, day, needs",
    [
        (True, LATER, False),
        (True, LATER + timedelta(days=3), False),
        (True, LATER - timedelta(days=2), True),
        (False, LATER, False),
        (False, DUE - timedelta(days=2), True),
    ],
    ids=["as asked", "more", "less than asked", "unasked", "less than there was"],
)
def test_a_reason_is_needed_only_where_it_is_less(city, wanted, day, needs):
    target = target_at(S.RECEIVED)
    if wanted:
        ask_extension(target)
    if needs:
        with pytest.raises(Invalid) as refused:
            extend(target, due_on=day, reason=" ")
        assert refused.value.field == "reason"
        assert current(target).due_on == DUE
    extend(target, due_on=day, reason="日程のため" if needs else "")
    assert current(target).due_on == day


@pytest.mark.parametrize("day", [LATER, LATER - timedelta(days=2)])
def test_it_is_granted_for_that_day_or_another(city, day):
    target = target_at(S.RECEIVED)
    ask_extension(target)
    assert (current(target).wanted_on, current(target).wanted_because) == (LATER, "議会対応")
    extend(target, due_on=day)
    assert (current(target).due_on, current(target).wanted_on) == (day, None)
    entry = AuditEntry.objects.get(verb="inquiry.extended").body
    assert f'"asked":"{LATER.isoformat()}"' in entry
    ask_extension(target, due_on=LATER + timedelta(days=7))


def test_one_is_open_at_a_time(city):
    target = target_at(S.RECEIVED)
    ask_extension(target)
    with pytest.raises(Unmet):
        ask_extension(target, due_on=LATER + timedelta(days=3))


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"due_on": DUE}, "due_on"),
        ({"due_on": date(2026, 12, 12)}, "due_on"),
        ({"reason": " "}, "reason"),
    ],
)
def test_what_is_wrong_names_its_field(city, wrong, field):
    with pytest.raises(Invalid) as refused:
        ask_extension(target_at(S.RECEIVED), **wrong)
    assert refused.value.field == field


def test_an_answer_needs_no_more_time(city):
    target = target_at(S.IN_REVIEW)
    ask_extension(target)
    approve(target)
    assert current(target).wanted_on is None


def test_who_need_not_answer_needs_no_more_time(city):
    target = target_at(S.RECEIVED)
    ask_extension(target)
    walk.waive(target)
    assert current(target).wanted_on is None


def test_the_secretariat_is_told_and_has_it_on_its_desk(city):
    target = target_at(S.RECEIVED)
    ask_extension(target)
    assert OutboxEvent.objects.get(kind="inquiry.extension_asked").groups == [
        section("joho").group_id
    ]
    acts = [row.act for row in work_of(user("joho-tanto"), TODAY, calendar())]
    assert "広報広聴課の期限の延長の申出に返事をする" in acts
    decline_extension(target)
    assert OutboxEvent.objects.get(kind="inquiry.extension_declined").groups == [
        section("koho").group_id
    ]


def extend_many(target):
    given = {"due_on": LATER, "picked": {target.pk: None}, "by": user("joho-tanto"), "at": NOON}
    extend_each(inquiry_id=target.inquiry_id, **given)


WHERE_IT_LIES = [
    (S.RECEIVED, "koho", "課の案", "新しい期限までに回答してください。"),
    (
        S.IN_REVIEW,
        "koho",
        "課長の確認",
        "課長は、回答を確かめ、承認か差戻しをしてください。",
    ),
    (
        S.COMPILING,
        "sogo-seisaku",
        "庶務担当課のまとめ",
        "庶務担当課は、回答を確かめ、事務局へ回すか差し戻してください。",
    ),
]


@pytest.mark.parametrize("act", [extend, extend_many])
@pytest.mark.parametrize("state, whom, tier, to_do", WHERE_IT_LIES)
def test_whom_the_answer_lies_with_is_told_of_its_new_day(city, act, state, whom, tier, to_do):
    target = tiered_at(state)
    act(target)
    event = OutboxEvent.objects.get(kind="inquiry.extended")
    assert event.groups == [section(whom).group_id]
    told = notice_of(event)
    assert f"{tier}の期限" in dict(told.facts)
    assert told.act == to_do


def test_a_section_that_asked_is_told_wherever_its_answer_lies_by_now(city):
    target = tiered_at(S.COMPILING)
    ask_extension(target)
    extend(target)
    event = OutboxEvent.objects.get(kind="inquiry.extended")
    assert event.groups == sorted(section(code).group_id for code in ("koho", "sogo-seisaku"))


def test_nobody_is_urged_to_answer_what_has_gone_up(city):
    target = tiered_at(S.COMPILING)
    words = {"picked": {target.pk: None}, "by": user("joho-tanto"), "at": NOON}
    remind_each(inquiry_id=target.inquiry_id, **words)
    told = notice_of(OutboxEvent.objects.get(kind="inquiry.reminded"))
    assert told.act == "庶務担当課は、回答を確かめ、事務局へ回すか差し戻してください。"


def test_the_database_keeps_a_day_with_its_reason(city):
    target = target_at(S.RECEIVED)
    with pytest.raises(IntegrityError), transaction.atomic():
        InquiryTarget.objects.filter(pk=target.pk).update(wanted_on=LATER)
