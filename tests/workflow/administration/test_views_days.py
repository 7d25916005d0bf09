"""閉庁日: nothing is saved before its effect was seen."""

import re
from datetime import date, datetime

import pytest
import time_machine
from django.test import Client

from tests.counting import at_most
from tests.factories import NOON, request_to, user
from tests.workflow.deadline.factories import DUE_LONG_AGO, LONG_BEFORE, deadline
from workflow.deadline import registry
from workflow.deadline.calendar import TOKYO, end_of_day
from workflow.deadline.commands import remind
from workflow.models import AuditEntry, ClosedDay, Deadline

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

LIST, ADD = "/administration/closed-days/", "/administration/closed-days/add/"
DUE = date(2026, 12, 4)

registry.register(registry.Kind("test.own", "試験の期限", own_day=True))
registry.register(registry.Kind("test.onward", "試験の期限", own_day=True, onward=True))


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(user(name))
    return client


@pytest.fixture(params=["kanri", "joho-tanto"])
def keeper(request: pytest.FixtureRequest) -> Client:
    return signed_in(request.param)


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def see(client: Client, url: str = ADD, **typed: str) -> tuple[str, dict[str, str]]:
    page = client.get(url, typed).content.decode()
    return page, hidden(page)


def test_seen_then_saved(keeper: Client) -> None:
    entries = AuditEntry.objects.count()
    page, sent = see(keeper, first="R9.1.5", last="R9.1.6", name="システム更新")
    assert "令和9年1月6日(水)" in page
    assert AuditEntry.objects.count() == entries
    assert not ClosedDay.objects.exists()
    assert keeper.post(ADD, sent).status_code == 302
    assert [str(day) for day in ClosedDay.objects.values_list("day", flat=True)] == [
        "2027-01-05",
        "2027-01-06",
    ]
    row = ClosedDay.objects.latest("day")
    url = f"{LIST}{row.pk}/remove/"
    assert "令和9年1月6日(水)" in keeper.get(LIST).content.decode()
    _page, sent = see(keeper, url)
    assert ClosedDay.objects.filter(in_force=True).count() == 2
    assert keeper.post(url, sent).status_code == 302
    assert ClosedDay.objects.get(in_force=True) != row


def test_what_moves_is_shown(keeper: Client) -> None:
    deadline(request_to("joho-kacho"), DUE)
    page, _sent = see(keeper, first="R8.12.4", name="停電")
    assert "閉庁日に当たることになる期限（1）" in page
    assert "時が変わる督促（1）" not in page  # counted back from a day that itself is not counted
    page, _sent = see(keeper, first="R8.12.3", name="停電")
    assert "時が変わる督促（1）" in page
    assert "令和8年11月30日(月) 08:30" in page
    assert "情報システム課" in page


@pytest.mark.parametrize("now", [NOON, datetime(2026, 11, 25, 2, 17, tzinfo=TOKYO)])
def test_in_whatever_order_deadlines_were_made_what_was_seen_is_saved(now: datetime) -> None:
    subject = request_to("joho-kacho")
    for n, due_on in enumerate((date(2026, 12, 8), date(2026, 12, 7), date(2026, 11, 20))):
        deadline(subject, due_on, kind=f"test.{n}", at=LONG_BEFORE)
    with time_machine.travel(now):
        keeper = signed_in("kanri")
        page, sent = see(keeper, first="R8.12.3", name="停電")
        assert "時が変わる督促（2）" in page
        assert keeper.post(ADD, sent).status_code == 302


def test_what_waits_for_the_office_to_open_is_not_said_to_move(keeper: Client) -> None:
    made = deadline(request_to("joho-kacho"), DUE_LONG_AGO, at=LONG_BEFORE)
    night = datetime(2026, 11, 23, 23, tzinfo=TOKYO)
    assert remind(deadline_ids=[made.pk], at=night) == 0
    page, _sent = see(keeper, first="R8.12.24", name="停電")
    assert "時が変わる督促（0）" in page


def test_what_has_its_own_day_is_brought_forward_when_asked(keeper: Client) -> None:
    deadline(request_to("joho-kacho"), DUE, kind="test.own")
    _page, sent = see(keeper, first="R8.12.4", name="停電")
    keeper.post(ADD, sent | {"bring_forward": "on"})
    assert Deadline.objects.get().due_at == end_of_day(date(2026, 12, 3))


def test_what_cannot_be_done_before_is_put_off_when_asked(keeper: Client) -> None:
    deadline(request_to("joho-kacho"), DUE, kind="test.onward")
    page, sent = see(keeper, first="R8.12.4", name="停電")
    assert "次の開庁日に移せます" in page
    assert "令和8年12月7日(月)" in page
    keeper.post(ADD, sent | {"bring_forward": "on"})
    assert Deadline.objects.get().due_at == end_of_day(date(2026, 12, 7))


def test_a_change_meanwhile_is_told_and_shown_anew(keeper: Client) -> None:
    _page, sent = see(keeper, first="R8.12.3", name="停電")
    deadline(request_to("joho-kacho"), DUE)
    response = keeper.post(ADD, sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "もう一度確かめてください" in page
    assert "時が変わる督促（1）" in page
    assert not ClosedDay.objects.exists()
    assert keeper.post(ADD, hidden(page)).status_code == 302


@pytest.mark.parametrize(
    "typed, said",
    [
        ({}, "必須"),
        ({"first": "R8.12.32", "name": "停電"}, "暦にありません"),
        ({"first": "R8.12.5", "name": "停電"}, "すでに閉庁日です"),
        ({"first": "R8.12.4", "last": "R8.12.3", "name": "停電"}, "始まりの日以後"),
    ],
)
def test_bad_input_stays_and_says_why(keeper: Client, typed: dict[str, str], said: str) -> None:
    response = keeper.get(ADD, typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert all(f'value="{text}"' in page for text in typed.values())


def test_what_is_removed_already_is_refused(keeper: Client) -> None:
    row = ClosedDay.objects.create(day=DUE, name="停電", in_force=False)
    assert keeper.get(f"{LIST}{row.pk}/remove/").status_code == 422


def test_a_preview_costs_a_constant_number_of_statements(keeper: Client) -> None:
    for n in range(5):
        deadline(request_to("joho-kacho"), DUE, kind=f"answer-{n}")
    keeper.get(ADD, {"first": "R8.12.3", "name": "停電"})
    with at_most(15):
        keeper.get(ADD, {"first": "R8.12.3", "name": "停電"})


@pytest.mark.parametrize("name", ["koho-kacho", "somu-bucho", "kansa", "iin-1"])
def test_others_do_not_come_here(name: str) -> None:
    client = signed_in(name)
    row = ClosedDay.objects.create(day=DUE, name="停電")
    for url in (LIST, ADD, f"{LIST}{row.pk}/remove/"):
        assert client.get(url).status_code == 403
        assert client.post(url, {"first": "R9.1.5", "name": "停電"}).status_code in (403, 405)
    assert ClosedDay.objects.filter(in_force=True).count() == 1
