"""One table of deadlines: every list, notice and calendar says the same day of an answer."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from icalendar import Calendar as Read

from notifications.catalog import notice_of
from revisions.inquiry import commands
from revisions.inquiry.commands_bulk import remind_each
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.states import TargetState as S
from tests.factories import NOON, section, user
from tests.revisions.inquiry.walk import (
    DUE,
    TIERS,
    ask_extension,
    decline_extension,
    extend,
    issued,
    target_of,
    tiered_at,
)
from workflow.deadline.calendar import end_of_day, in_tokyo
from workflow.deadline.era import era_date
from workflow.models import Deadline, OutboxEvent

pytestmark = pytest.mark.django_db

SECRETARIAT = "joho-tanto"
OWN = DUE - timedelta(days=3)
"""What TIERS leave to the section's draft of a Friday's answer."""


@pytest.fixture(autouse=True)
def the_city(city):
    """Every test walks it."""


def get(path, by=SECRETARIAT):
    client = Client()
    client.force_login(user(by))
    response = client.get(path)
    assert response.status_code == 200
    return response


def days_ago(days):
    return in_tokyo(datetime.now(UTC)) - timedelta(days=days)


def asked_until(target, day):
    Deadline.objects.filter(subject=target.key).update(due_at=end_of_day(day))


def told_late(inquiry):
    """Return what each list says of lateness: board, all boards, inquiry, revision, stage."""
    board = get(f"/inquiries/{inquiry.pk}/board/").context
    [(_inquiry, _left, all_boards, _across)] = get("/inquiries/").context["rows"]
    by_sheet = get(f"/inquiries/{inquiry.pk}/board/sheets/?late=1").context["sheets"]
    revision = get(f"/revisions/{inquiry.revision_id}/board/").context
    [task] = get(f"/stages/{inquiry.stage_id}/").context["tasks"]
    return {
        board["total"].late,
        all_boards.late,
        len({c.section for row, _cells in by_sheet for c in row.cells if c.left and c.left < 0}),
        get(f"/inquiries/{inquiry.pk}/").context["late"],
        get(f"/inquiries/{inquiry.pk}/?late=on").context["shown"],
        sum(column.late for column in revision["columns"]),
        task.late,
    }


def test_a_section_whose_own_day_is_over_is_late_on_every_list():
    inquiry = issued("koho", "koseki", tiers=TIERS)
    target = target_of(inquiry)
    asked_until(target, days_ago(7))
    assert told_late(inquiry) == {1}
    board = get(f"/inquiries/{inquiry.pk}/board/?late=1").context
    [row] = board["rows"]
    [owing] = get("/urging/").context["rows"]
    assert (row.due.word, row.due.on, row.due.left) == ("課の案", owing.due_on, owing.left)
    assert (row.due.whole_on, board["longest"]) == (DUE, -owing.left)
    assert not get(f"/inquiries/{inquiry.pk}/board/?late=10").context["rows"]
    assert get(f"/answers/{target.pk}/").context["due"] == row.due


def test_who_was_given_a_later_day_is_not_late_though_the_inquirys_is_over():
    inquiry = issued("koho", tiers=TIERS)
    InquiryTarget.objects.update(due_on=days_ago(7))
    assert told_late(inquiry) == {0}
    [row] = get(f"/inquiries/{inquiry.pk}/board/").context["rows"]
    assert (row.due.on, row.due.whole_on) == (OWN, days_ago(7))


def test_what_has_reached_the_secretariat_is_late_for_no_section():
    target = tiered_at(S.ANSWERED)
    asked_until(target, days_ago(7))
    assert told_late(target.inquiry) == {0}


def facts_of(event):
    return dict(notice_of(event).facts)


def test_an_inquiry_tells_each_section_its_own_day_first():
    issued("koho", "sogo-seisaku", tiers=TIERS)  # the second compiles for the first: one tier less
    told = {event.groups[0]: facts_of(event) for event in OutboxEvent.objects.order_by("pk")}
    both = [told[section(code).group_id] for code in ("koho", "sogo-seisaku")]
    later = DUE - timedelta(days=1)
    assert [list(facts.items()) for facts in both] == [
        [("課の案の期限", era_date(day)), ("照会の期限", era_date(DUE))] for day in (OWN, later)
    ]


def test_without_tiers_there_is_one_day_and_one_event():
    issued("koho", "koseki")
    facts = facts_of(OutboxEvent.objects.get(kind="inquiry.issued"))
    assert facts == {"照会の期限": era_date(DUE)}


@pytest.mark.parametrize("act", ["extended", "returned", "reminded", "extension_declined"])
def test_what_is_told_later_names_the_same_days(act):
    later = DUE + timedelta(days=7)
    target = tiered_at(S.ANSWERED if act == "returned" else S.RECEIVED)
    by = {"by": user(SECRETARIAT), "at": NOON}
    if act == "extended":
        extend(target, due_on=later)
    elif act == "returned":
        commands.return_answer(target_id=target.pk, reason="数値", due_on=later, **by)
    elif act == "reminded":
        remind_each(inquiry_id=target.inquiry_id, picked={target.pk: None}, **by)
    else:
        ask_extension(target)
        decline_extension(target)
    event = OutboxEvent.objects.get(kind=f"inquiry.{act}")
    row, whole_on = Deadline.objects.get(state="open"), InquiryTarget.objects.get().due_on
    days = {label: said for label, said in facts_of(event).items() if label.endswith("の期限")}
    assert list(days.items()) == [
        ("課の案の期限", era_date(in_tokyo(row.due_at))),
        ("照会の期限", era_date(whole_on)),
    ]


def test_a_calendar_says_both_days_in_the_same_words():
    issued("koho", tiers=TIERS)
    [event] = Read.from_ical(get("/calendar/deadlines.ics", "koho-tanto").content).walk("VEVENT")
    assert event["dtstart"].dt == OWN
    assert str(event["description"]).split("\n")[1:3] == [
        f"課の案の期限：{era_date(OWN)}",
        f"照会の期限：{era_date(DUE)}",
    ]
