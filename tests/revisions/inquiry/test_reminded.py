"""A reminder says what is to be done where the answer lies, and leads there."""

from datetime import date

import icalendar
import pytest

from notifications.catalog import notice_of
from revisions.inquiry.states import TargetState as S
from tests.factories import user
from tests.revisions.inquiry.walk import target_at, tiered_at
from tests.workflow.deadline.factories import morning
from workflow.deadline import commands
from workflow.models import Deadline, OutboxEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

APPROVE = "回答を確かめ、承認か差戻しをしてください。"
SEND_ON = "回答を確かめ、事務局へ回すか差し戻してください。"
PLACES = [
    (S.RECEIVED, "koho-tanto", "/answers/{0.pk}/", "期限までに済ませてください。"),
    (S.IN_REVIEW, "koho-kacho", "/requests/{0.request_id}/", APPROVE),
    (S.COMPILING, "sogo-seisaku-tanto", "/inquiries/{0.inquiry_id}/compile/", SEND_ON),
]


def told(target, day):
    """Return what is told of its deadline on the morning of a day."""
    found = Deadline.objects.get(subject=target.key)
    commands.remind(deadline_ids=[found.pk], at=morning(day))
    return OutboxEvent.objects.filter(kind__startswith="deadline.").latest("pk")


@pytest.mark.parametrize("state, who, link, to_do", PLACES)
def test_whoever_has_it_is_led_to_their_act(client, state, who, link, to_do):
    target = tiered_at(state)
    due_on = {S.RECEIVED: 1, S.IN_REVIEW: 2, S.COMPILING: 4}[state]
    event = told(target, date(2026, 12, due_on))
    assert (event.kind, event.link) == ("deadline.reminded", link.format(target))
    assert notice_of(event).act == to_do
    client.force_login(user(who))
    assert client.get(event.link).status_code == 200
    (entry,) = calendar_of(client)
    assert str(entry["url"]).endswith(event.link)


def calendar_of(client):
    response = client.get("/calendar/deadlines.ics")
    return icalendar.Calendar.from_ical(response.content).walk("VEVENT")


@pytest.mark.parametrize("at, late", [(target_at, 7), (tiered_at, 3)])
def test_a_chief_who_is_late_is_asked_to_approve(at, late):
    target = at(S.IN_REVIEW)
    event = told(target, date(2026, 12, late))
    assert (event.kind, event.link) == ("deadline.passed", f"/requests/{target.request_id}/")
    assert notice_of(event).act == APPROVE


@pytest.mark.parametrize("state", [S.IN_REVIEW, S.COMPILING])
def test_who_watches_is_led_where_they_may_follow(state):
    target = tiered_at(state)
    told(target, date(2026, 12, 7))
    event = told(target, date(2026, 12, 14))
    assert event.kind == "deadline.escalated"
    assert "/requests/" not in event.link
    assert "/compile/" not in event.link
    assert notice_of(event).act == "担当に対応を促してください。"
