"""決裁の一覧: what stands where, in which order, found by which words, on which page."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.test import Client

from tests.counting import at_most
from tests.factories import NOON, TODAY, post, request_to, user
from tests.workflow.signoff.lines import act, no_deputies, sent_round
from workflow.deadline.parts import set_deadline
from workflow.models import Absence, Appointment, Deputy, Request, Step, User
from workflow.signoff.capacity import Capacity, capacity_of
from workflow.signoff.commands import approve, send_back
from workflow.signoff.pages import page_of
from workflow.signoff.queries_inbox import (
    DONE_ORDER,
    STEP_ORDERS,
    Sort,
    Tab,
    counts,
    due_of,
    of_whom,
    requests_of,
    sought,
    steps_of,
)

pytestmark = pytest.mark.django_db

NEAR = TODAY + timedelta(days=3)


def desk(who: str) -> Capacity:
    return capacity_of(user(who), TODAY)


def urgent(who: str) -> QuerySet[Step]:
    return steps_of(Tab.TURN, desk(who)).order_by(*STEP_ORDERS[Sort.URGENT])


def titles(steps: object) -> list[str]:
    return [step.request.title for step in steps]  # type: ignore[attr-defined]


def in_days(n: int) -> dict[str, object]:
    return {"asked_for_on": TODAY + timedelta(days=n)}


def test_overdue_comes_first_then_due_then_the_longest_waiting(city: None) -> None:
    request_to("joho-kacho", title="新しい")
    request_to("joho-kacho", title="古い", at=NOON - timedelta(days=9))
    request_to("joho-kacho", title="明日まで", **in_days(1))
    request_to("joho-kacho", title="超過", **in_days(-1))
    assert titles(urgent("joho-kacho")) == ["超過", "明日まで", "古い", "新しい"]
    waits = counts(desk("joho-kacho"), TODAY, NEAR)
    assert (waits["turn"], waits["overdue"], waits["soon"]) == (4, 1, 1)
    assert (waits["review"], waits["informed"], waits["lent"], waits["held"]) == (0, 0, 0, 0)


def test_the_running_deadline_of_the_matter_is_when_it_is_due(city: None) -> None:
    matter = request_to("shicho", title="本件")
    request_to("joho-kacho", title="回答", matter=matter.key)
    due_on = TODAY + timedelta(days=2)
    with transaction.atomic():
        set_deadline(
            subject=matter,
            kind="test",
            title="期限",
            link="/",
            group=post("joho-kacho").group,
            due_on=due_on,
            by=user("joho-tanto"),
            at=NOON,
        )
    (step,) = urgent("joho-kacho")
    assert due_of(step) == due_on


@pytest.mark.parametrize("role, tab", [("i", Tab.INFORMED), ("r", Tab.REVIEW)])
def test_nobody_waits_for_what_is_only_read(city: None, role: str, tab: Tab) -> None:
    request = sent_round("d:joho-kacho", f"{role}:koho-kacho", **in_days(-1))
    assert [due_of(step) for step in urgent("joho-kacho")] == [TODAY - timedelta(days=1)]
    act(request, "approve", "joho-kacho")
    (step,) = steps_of(tab, desk("koho-kacho"))
    assert due_of(step) is None


@pytest.mark.parametrize(
    "words, found",
    [
        ("ai", ["ＡＩの試行"]),
        ("ＡＩ　試行", ["ＡＩの試行"]),
        ("予約システム", ["予約ｼｽﾃﾑ"]),
        ("情報ｼｽﾃﾑ課", ["ＡＩの試行", "予約ｼｽﾃﾑ"]),
        ("試行 予約", []),
        ("100%", []),
    ],
)
def test_words_are_found_in_either_width(city: None, words: str, found: list[str]) -> None:
    request_to("somu-bucho", title="ＡＩの試行")
    request_to("somu-bucho", title="予約ｼｽﾃﾑ")
    steps = steps_of(Tab.TURN, desk("somu-bucho"))
    assert titles(sought(steps, request="request__", words=words).order_by("pk")) == found


def test_each_list_holds_its_own(city: None) -> None:
    waits, back = request_to("joho-kacho", "shicho", title="待つ"), request_to("joho-kacho")
    done = request_to("joho-kacho", "shicho", title="済んだ")
    send_back(step_id=back.steps.get().pk, by=user("joho-kacho"), at=NOON, reason="再検討")
    approve(step_id=done.steps.earliest("order").pk, by=user("joho-kacho"), at=NOON)
    chief, drafter = desk("joho-kacho"), desk("joho-tanto")
    (step,) = steps_of(Tab.TURN, chief)
    assert (step.request, step.goes_on) == (waits, True)
    assert [s.goes_on for s in steps_of(Tab.TURN, desk("shicho"))] == [False]
    assert {s.request for s in steps_of(Tab.DONE, chief)} == {back, done}
    assert list(requests_of(Tab.RETURNED, drafter)) == [back]
    assert set(requests_of(Tab.DRAFTED, drafter)) == {waits, back, done}
    assert set(requests_of(Tab.INVOLVED, chief)) == {waits, back, done}
    assert not requests_of(Tab.DRAFTED, chief)
    assert counts(drafter, TODAY, NEAR)["returned"] == 1


@pytest.mark.parametrize("sort", Sort)
def test_pages_hold_every_row_once_both_ways(city: None, sort: Sort) -> None:
    for n in range(7):
        more = in_days(n) if n % 3 else {}
        request_to("joho-kacho", title=f"{n % 2}", at=NOON - timedelta(days=n % 4), **more)
    steps, keys = steps_of(Tab.TURN, desk("joho-kacho")), STEP_ORDERS[sort]
    whole, seen, after = list(steps.order_by(*keys)), [], ""
    while True:
        page = page_of(steps, keys, after=after, size=3)
        seen.append(page)
        if not page.after:
            break
        after = page.after
    assert [s for page in seen for s in page.rows] == whole
    assert [bool(page.before) for page in seen] == [False, True, True]
    back = page_of(steps, keys, before=seen[2].before or "", size=3)
    assert (back.rows, bool(back.before), bool(back.after)) == (seen[1].rows, True, True)


@pytest.mark.parametrize(
    "cursor", ["x", "bnVsbA==", "WyJ4Il0=", "WyJcdTAwMDAiXQ==", "あ", "W3t9LHt9XQ=="]
)
def test_a_cursor_without_sense_is_the_first_page(city: None, cursor: str) -> None:
    request = request_to("joho-kacho")
    page = page_of(steps_of(Tab.DONE, desk("joho-kacho")), DONE_ORDER, after=cursor, size=3)
    assert page.rows == []
    page = page_of(steps_of(Tab.TURN, desk("joho-kacho")), ("pk",), after=cursor, size=3)
    assert titles(page.rows) == [request.title]


class TestDeputy:
    """市長 is away: who stands in sees the items, and only those they may decide."""

    @pytest.fixture(autouse=True)
    def away(self, city: None) -> None:
        no_deputies()
        Absence.objects.create(post=post("shicho"), since=TODAY, until=TODAY, reason="出張")
        for order, code in enumerate(("fuku-shicho-a", "somu-bucho"), 1):
            Deputy.objects.create(
                post=post("shicho"),
                deputy=post(code),
                kind="substitute",
                order=order,
                since=TODAY,
                source="代決規程第3条",
            )

    def lent(self, who: str) -> list[str]:
        capacity = desk(who)
        return titles(of_whom(steps_of(Tab.TURN, capacity), capacity, "lent"))

    def decider(self, **more: object) -> Request:
        return request_to("shicho", **more)

    def test_the_first_who_is_there(self) -> None:
        self.decider(title="代決できる")
        request_to("shicho", "joho-kacho", title="決裁者でない")
        important = self.decider(title="重要")
        Request.objects.filter(pk=important.pk).update(flags=["important"])
        assert self.lent("fuku-shicho-a") == ["代決できる"]
        assert self.lent("somu-bucho") == self.lent("joho-kacho") == []
        assert counts(desk("fuku-shicho-a"), TODAY, NEAR)["lent"] == 1
        deputy = desk("fuku-shicho-a").acting_for(post("shicho").pk)
        assert deputy is not None
        assert deputy.source == "代決規程第3条"

    def test_the_second_when_the_first_is_away_too(self) -> None:
        self.decider(title="代決できる")
        Appointment.objects.filter(post=post("fuku-shicho-a")).update(until=TODAY - timedelta(1))
        assert self.lent("somu-bucho") == ["代決できる"]
        assert self.lent("fuku-shicho-a") == []

    def test_only_on_the_days_and_kinds_of_the_rule(self) -> None:
        self.decider()
        assert not capacity_of(user("fuku-shicho-a"), TODAY + timedelta(1)).deputies
        Deputy.objects.update(scope=["inquiry.answer"])
        assert self.lent("fuku-shicho-a") == []


def fill(n: int, by: User) -> None:
    for k in range(n):
        request_to("joho-kacho", "shicho", title=f"伺い{k}", **(in_days(k) if k % 2 else {}))
    for step in Step.objects.filter(post=post("joho-kacho"))[: n // 2]:
        approve(step_id=step.pk, by=by, at=NOON)


def test_every_list_takes_the_same_statements_however_long(city: None, client: Client) -> None:
    fill(12, user("joho-kacho"))
    client.force_login(user("joho-kacho"))
    for tab in Tab:
        address = "/requests/" if tab == Tab.TURN else f"/requests/{tab}/"
        with at_most(17):
            response = client.get(address)
        assert response.status_code == 200
    assert len(client.get("/requests/").context["rows"]) == 6
    assert len(client.get("/requests/done/").context["rows"]) == 6


@pytest.mark.parametrize(
    "asked, n",
    [
        ("", 2),
        ("?words=別", 1),
        ("?kind=test.plain", 2),
        ("?kind=nonsense", 2),
        ("?urgency=overdue", 1),
        ("?urgency=soon", 0),
        ("?whose=own", 2),
        ("?whose=lent", 0),
        ("?step=held", 0),
        ("?role=concurrence", 0),
        ("?sort=title&words=伺い", 1),
        ("?section=0&after=nonsense", 2),
    ],
)
def test_the_address_says_what_is_shown(city: None, client: Client, asked: str, n: int) -> None:
    request_to("joho-kacho", asked_for_on=TODAY - timedelta(days=30))
    request_to("joho-kacho", title="別の件")
    client.force_login(user("joho-kacho"))
    response = client.get("/requests/" + asked)
    assert len(response.context["rows"]) == n


def test_what_was_opened_is_marked_and_can_be_picked(city: None, client: Client) -> None:
    request, other = request_to("joho-kacho"), request_to("joho-kacho")
    client.force_login(user("joho-kacho"))
    client.get(f"/requests/{request.pk}/")
    page = client.get("/requests/")
    assert {row.request: row.opened for row in page.context["rows"]} == {
        request: True,
        other: False,
    }
    assert page.content.decode().count(" disabled>") == 1


def test_the_drafter_sees_at_which_posts_it_lies(city: None, client: Client) -> None:
    request_to("koho-kacho+jinji-kacho", "shicho", title="並行")
    back = request_to("koho-kacho", "shicho", title="戻る")
    step = back.steps.earliest("order")
    send_back(step_id=step.pk, by=user("koho-kacho"), at=NOON, reason="再検討")
    client.force_login(user("joho-tanto"))
    rows = client.get("/requests/drafted/").context["rows"]
    assert {row.request.title: row.at for row in rows} == {
        "並行": "広報広聴課長、人事課長",
        "戻る": "",
    }
