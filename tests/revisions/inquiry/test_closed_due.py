"""A due day that has become closed is marked by a word wherever whoever has it reads it."""

from datetime import datetime, time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from revisions.inquiry import commands, commands_answer
from revisions.inquiry.commands_bulk import extend_each
from revisions.inquiry.queries_tiers import days_running
from tests.factories import NOON, user
from tests.revisions.inquiry.walk import DUE, TIERS, extend, issued, receive, target_of, unchanged
from workflow.deadline.calendar import TOKYO
from workflow.deadline.commands_days import add_closed_days
from workflow.errors import Invalid
from workflow.models import ClosedDay

pytestmark = pytest.mark.django_db

WORD = "閉庁日</span>"


@pytest.fixture(autouse=True)
def the_city(city):
    """Every test walks it."""


def client(by):
    signed_in = Client()
    signed_in.force_login(user(by))
    return signed_in


@pytest.mark.parametrize(
    "path, by",
    [
        ("/", "koho-tanto"),
        ("/answers/{target}/", "koho-tanto"),
        ("/answers/{target}/", "joho-tanto"),
        ("/inquiries/{inquiry}/", "joho-tanto"),
        ("/inquiries/{inquiry}/board/", "joho-tanto"),
        ("/inquiries/", "joho-tanto"),
    ],
)
def test_it_is_marked(path, by):
    inquiry = issued()
    address = path.format(inquiry=inquiry.pk, target=target_of(inquiry).pk)
    assert WORD not in client(by).get(address).content.decode()
    day = ClosedDay.objects.create(day=DUE, name="臨時の休み")
    page = client(by).get(address).content.decode()
    assert WORD in page.partition(f'datetime="{DUE.isoformat()}"')[2][:600]
    ClosedDay.objects.filter(pk=day.pk).update(in_force=False)
    assert WORD not in client(by).get(address).content.decode()


def test_the_calendar_is_asked_for_no_oftener_the_more_days_are_shown():
    def asked(inquiry):
        with CaptureQueriesContext(connection) as captured:
            signed_in.get(f"/inquiries/{inquiry.pk}/")
        return sum("closedday" in query["sql"] for query in captured)

    signed_in, one = client("joho-tanto"), issued()
    many = issued("koho", "koseki", "bosai", revision=one.revision)
    assert asked(one) == asked(many) <= 2


def one_by_one(target):
    extend(target, due_on=DUE, reason="停電のため")


def together(target):
    words = {"due_on": DUE, "reason": "停電のため", "accept_closed_day": False}
    picked = {target.pk: target.chain_length}
    who = {"by": user("joho-tanto"), "at": NOON}
    outcome = extend_each(inquiry_id=target.inquiry_id, picked=picked, **words, **who)
    for refused in outcome.refused.values():
        raise refused


@pytest.mark.parametrize("again", [one_by_one, together])
def test_a_tier_whose_day_was_closed_is_counted_anew_by_the_same_last_day(again):
    target = target_of(issued("koho", tiers=TIERS))
    with pytest.raises(Invalid, match="同じ日"):
        again(target)
    (was,) = days_running([target]).values()
    add_closed_days(first=was, name="停電", by=None, at=NOON)
    again(target)
    (now,) = days_running([target]).values()
    assert now < was


def test_what_went_up_late_is_not_counted_anew():
    """Its chief has until the day on which it came: no other day than the calendar makes of it."""
    target = unchanged(receive(target_of(issued("koho", tiers=TIERS))))
    late = datetime.combine(DUE, time(12), tzinfo=TOKYO)
    commands_answer.submit(target_id=target.pk, by=user("koho-tanto"), at=late)
    words = {"due_on": DUE, "reason": "急ぎ", "by": user("joho-tanto"), "at": late}
    with pytest.raises(Invalid, match="同じ日"):
        commands.extend(target_id=target.pk, **words)
