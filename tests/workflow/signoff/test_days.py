"""決裁欄の期限: it runs while a turn waits, and ends in the transaction that ends the turn."""

from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client

from notifications.catalog import notice_of
from tests.counting import at_most
from tests.factories import NOON, TODAY, post, request_to, user
from tests.workflow.deadline.factories import deadline, morning
from tests.workflow.signoff.lines import (
    act,
    also_holds,
    away,
    deputise,
    fresh,
    line,
    no_deputies,
    sent_round,
    step_of,
)
from workflow.audit.chain import walk
from workflow.authority.about import About
from workflow.deadline import commands as clock
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.explaining import Explained
from workflow.deadline.queries import running
from workflow.models import AuditEntry, Deadline, OutboxEvent, Post, Request, Section, User
from workflow.signoff import commands, commands_bulk, parts
from workflow.signoff.models_record import Reading
from workflow.signoff.standing import acting_on_matter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

DUE = date(2026, 12, 4)
LINE = ("joho-kacho", "somu-bucho", "d:fuku-shicho-a")


def dated(*turns: str, due_on: date | None = DUE, **more: Any) -> Request:
    return sent_round(*(turns or LINE), asked_for_on=due_on, **more)


def rows(request: Request, code: str) -> list[str]:
    """Return the states of the deadlines that a post had for its turns, in order."""
    key = f"workflow.step:{step_of(request, code).pk}"
    return [row.state for row in Deadline.objects.filter(subject=key).order_by("pk")]


def now(request: Request) -> list[str]:
    """Return whose deadlines run."""
    keys = [f"workflow.step:{pk}" for pk in request.steps.values_list("pk", flat=True)]
    found = running().filter(subject__in=keys).order_by("group__post__order", "pk")
    return list(found.values_list("group__post__code", flat=True))


def sweep(at: datetime) -> int:
    due = Deadline.objects.filter(next_at__lte=at).values_list("pk", flat=True)
    return clock.remind(deadline_ids=list(due), at=at)


def test_it_is_set_with_the_turn_and_met_with_the_signature() -> None:
    request = dated(part_of="revisions.revision:1")
    row = Deadline.objects.get()
    assert (row.title, row.link) == (request.title, f"/requests/{request.pk}/")
    assert (row.part_of, in_tokyo(row.due_at)) == ("revisions.revision:1", DUE)
    assert row.group == post("joho-kacho").group
    assert row.asked_by == post("joho-tanto").section.group  # type: ignore[union-attr]
    act(request, "approve", "joho-kacho")
    assert (rows(request, "joho-kacho"), now(request)) == (["met"], ["somu-bucho"])
    act(request, "approve", "somu-bucho")
    act(request, "approve", "fuku-shicho-a")
    assert now(request) == []
    assert rows(request, "fuku-shicho-a") == ["met"]
    assert set(Deadline.objects.values_list("asked_by", flat=True)) == {row.asked_by_id}


def test_every_row_has_a_chain_of_its_own() -> None:
    request = dated()
    act(request, "approve", "joho-kacho")
    row = Deadline.objects.get(group=post("joho-kacho").group)
    told = AuditEntry.objects.filter(subject=row.key).order_by("seq")
    assert [entry.verb for entry in told] == ["deadline.set", "deadline.met"]
    assert (row.chain_length, row.chain_head) == (2, told[1].hash)


@pytest.mark.parametrize("more", [{"due_on": None}, {"matter": "test.row:1"}], ids=["none", "its"])
def test_without_a_day_of_its_own_there_is_none(more: dict[str, Any]) -> None:
    request = dated(**more)
    act(request, "approve", "joho-kacho")
    assert not Deadline.objects.exists()


def test_each_of_those_side_by_side_has_one() -> None:
    request = dated("joho-kacho", "c:koho-kacho+c:jinji-kacho", "d:fuku-shicho-a")
    act(request, "approve", "joho-kacho")
    assert set(now(request)) == {"koho-kacho", "jinji-kacho"}
    act(request, "dissent", "koho-kacho")
    assert (rows(request, "koho-kacho"), now(request)) == (["met"], ["jinji-kacho"])


def test_enough_of_them_spare_the_others() -> None:
    request = dated("c:koho-kacho+c:jinji-kacho", "d:fuku-shicho-a", needed=1)
    act(request, "concur", "koho-kacho")
    assert rows(request, "jinji-kacho") == ["lifted"]
    assert now(request) == ["fuku-shicho-a"]


@pytest.mark.parametrize(
    "name, who, left",
    [
        ("send_back", "somu-bucho", "met"),
        ("withdraw", "joho-tanto", "lifted"),
        ("hold", "somu-bucho", "lifted"),
    ],
)
def test_what_ends_a_turn_ends_its_deadline(name: str, who: str, left: str) -> None:
    request = dated()
    act(request, "approve", "joho-kacho")
    act(request, name, who)
    assert (rows(request, "somu-bucho"), now(request)) == ([left], [])


def test_a_rejection_and_a_pulled_back_draft_end_it() -> None:
    rejected, fetched = dated("d:somu-bucho"), dated("d:somu-bucho")
    act(rejected, "reject", "somu-bucho")
    act(fetched, "pull_back", "joho-tanto")
    assert (rows(rejected, "somu-bucho"), rows(fetched, "somu-bucho")) == (["met"], ["lifted"])
    assert not running().exists()


def test_what_was_held_runs_anew() -> None:
    request = dated()
    act(request, "hold", "joho-kacho")
    act(request, "resume", "joho-kacho")
    assert rows(request, "joho-kacho") == ["lifted", "open"]
    assert Deadline.objects.latest("pk").asked_by == post("joho-tanto").section.group  # type: ignore[union-attr]


def test_who_pulls_up_lifts_that_of_whoever_was_passed_over() -> None:
    request = dated()
    act(request, "pull_up", "somu-bucho")
    assert rows(request, "joho-kacho") == ["lifted"]
    assert now(request) == ["fuku-shicho-a"]


def test_the_turn_that_goes_back_takes_its_deadline_along() -> None:
    request = dated()
    act(request, "approve", "joho-kacho")
    act(request, "pull_back", "joho-kacho")
    assert rows(request, "joho-kacho") == ["met", "open"]
    assert rows(request, "somu-bucho") == ["lifted"]
    act(request, "approve", "joho-kacho")
    first = step_of(request, "joho-kacho")
    act(request, "send_back", "somu-bucho", to_step_id=first.pk)
    assert rows(request, "somu-bucho") == ["lifted", "met"]
    assert now(request) == ["joho-kacho"]


def test_who_signs_twice_in_one_act_never_has_a_second_one() -> None:
    also_holds("joho-kacho", "somu-bucho")
    request = dated()
    act(request, "approve", "joho-kacho")
    assert (rows(request, "somu-bucho"), now(request)) == ([], ["fuku-shicho-a"])


def test_an_absent_approver_is_passed_over_without_one() -> None:
    away("somu-bucho")
    request = dated()
    act(request, "approve", "joho-kacho")
    assert (rows(request, "somu-bucho"), now(request)) == ([], ["fuku-shicho-a"])
    act(request, "post_review", "somu-bucho")
    assert now(request) == ["fuku-shicho-a"]


def test_it_goes_round_anew_by_the_new_day() -> None:
    request = dated()
    act(request, "send_back", "joho-kacho")
    again, later = fresh(request), DUE + timedelta(days=7)
    again.asked_for_on = later
    with transaction.atomic():
        by, words = user("joho-tanto"), {"body": "直した本文", "steps": line(*LINE)}
        parts.recirculate(again, by=by, post=post("joho-tanto"), at=NOON, **words)
    assert in_tokyo(running().get().due_at) == later


@pytest.mark.parametrize("more", [0, 40])
def test_a_day_costs_an_approval_two_reads(more: int) -> None:
    codes = [p.code for p in Post.objects.exclude(code__in=["joho-kacho", "somu-bucho"])[:more]]
    request = dated("joho-kacho", "somu-bucho", *codes)
    step, by = step_of(request, "joho-kacho"), user("joho-kacho")
    with at_most(4 if connection.vendor == "postgresql" else 12):  # a write a table
        commands.approve(step_id=step.pk, by=by, at=NOON)
    assert now(request) == ["somu-bucho"]


@pytest.mark.parametrize("many", [3, 30])
def test_days_cost_the_same_for_few_and_many(many: int) -> None:
    requests = [dated("joho-kacho", "d:shicho", body=f"{n}") for n in range(many)]
    steps = [step_of(request, "joho-kacho") for request in requests]
    by = user("joho-kacho")
    for request in requests:
        now_shown = {"attempt": 1, "content": request.content, "at": NOON}
        Reading.objects.create(request=request, user=by, **now_shown)
    with at_most(15):
        done = commands_bulk.approve_all(step_ids=[s.pk for s in steps], by=by, at=NOON).done
    assert len(done) == many
    assert running().filter(group=post("shicho").group).count() == many
    assert running().count() == many


# A request about a matter has the matter's deadline


def about(due_on: date = DUE, *turns: str) -> tuple[Request, Deadline]:
    subject = request_to("joho-kacho", title="事柄")
    chief = post("joho-kacho").group
    row = deadline(subject, due_on=due_on, group=chief, kind="inquiry.answer")
    return sent_round(*(turns or LINE), matter=subject.key), row


def test_the_deadline_of_its_matter_goes_with_the_turn() -> None:
    request, row = about()
    step, by = step_of(request, "joho-kacho"), user("joho-kacho")
    with at_most(3 if connection.vendor == "postgresql" else 10):
        commands.approve(step_id=step.pk, by=by, at=NOON)
    now_held = Deadline.objects.get()
    assert (now_held.group, now_held.due_at) == (post("somu-bucho").group, row.due_at)
    act(request, "pull_back", "joho-kacho")
    assert Deadline.objects.get().group == post("joho-kacho").group
    verbs = AuditEntry.objects.filter(subject=row.key).order_by("seq")
    assert [e.verb for e in verbs] == ["deadline.set", *["deadline.handed_over"] * 2]


def test_who_is_away_is_told_of_by_who_decides_for_them() -> None:
    day = date(2026, 12, 3)
    no_deputies()
    deputise("joho-kacho", "joho-tanto")
    _request, row = about(DUE, "d:joho-kacho")
    assert acting_on_matter([row], day) == {}
    away("joho-kacho", since=day, until=day)
    nobody_decides_their_own_draft = {row.pk: None}
    assert acting_on_matter([row], day) == nobody_decides_their_own_draft
    deputise("joho-kacho", "bunsho-kacho", kind="acting")
    assert acting_on_matter([row], day) == {row.pk: post("bunsho-kacho").group_id}


# Reminders


def told() -> list[tuple[str, str, str]]:
    """Return what the clock told last, whom, and where it leads."""
    names = dict(Post.objects.values_list("group", "code"))
    names |= dict(Section.objects.values_list("group", "code"))
    events = OutboxEvent.objects.filter(kind__startswith="deadline.").order_by("pk")
    return [(e.kind, names[e.groups[0]], e.link) for e in events]


def test_no_reminder_follows_on_the_day_of_the_turn() -> None:
    early = morning(TODAY) - timedelta(minutes=20)
    request = dated("d:joho-kacho", due_on=TODAY, at=early)
    assert sweep(early + timedelta(minutes=1)) == 0
    assert sweep(morning(TODAY)) == 0
    at = morning(TODAY) + timedelta(hours=1)
    found = Explained(Deadline.objects.get(), at, at)
    first = next(one for one in found.lines() if one.at == morning(TODAY))
    assert first.outcome == "知らせません。順番が来たことを、その日に知らせています。"
    assert sweep(morning(date(2026, 11, 25))) == 1
    assert told() == [("deadline.passed", "joho-kacho", f"/requests/{request.pk}/")]


def test_whoever_holds_the_post_by_then_is_told() -> None:
    dated("d:joho-kacho", due_on=DUE)
    also_holds("joho-tanto", "joho-kacho")
    assert sweep(morning(date(2026, 12, 3))) == 1
    assert [name for _, name, _ in told()] == ["joho-kacho"]


@pytest.mark.parametrize(
    "kind, more, reached",
    [
        ("substitute", {}, "fuku-shicho-a"),
        ("acting", {}, "fuku-shicho-a"),
        ("substitute", {"about": About(flags=("important",))}, None),
        ("acting", {"about": About(flags=("important",))}, "fuku-shicho-a"),
    ],
    ids=["a substitute", "who is acting", "barred", "not barred"],
)
def test_who_can_decide_on_the_day_is_told(
    kind: str, more: dict[str, Any], reached: str | None
) -> None:
    day = date(2026, 12, 3)
    no_deputies()
    deputise("shicho", "fuku-shicho-a", kind=kind)
    request = dated("d:shicho", **more)
    away("shicho", since=day, until=day)
    sweep(morning(day))
    event = OutboxEvent.objects.filter(kind__startswith="deadline.").get()
    if reached:
        assert told() == [("deadline.reminded", reached, f"/requests/{request.pk}/")]
        assert event.facts["why"].endswith("（市長は不在のため）")
    else:  # it goes up the ladder: above a mayor, only who asked
        assert [name for _, name, _ in told()] == ["joho"]
        assert "市長は不在" in event.facts["why"]


def test_up_the_ladder_the_page_of_the_deadline_is_opened() -> None:
    request = dated("koho-kacho", "d:shicho", due_on=date(2026, 11, 25))
    row = Deadline.objects.get()
    for day in [date(2026, 11, 26), date(2026, 12, 1), date(2026, 12, 3), date(2026, 12, 7)]:
        assert sweep(morning(day)) == 1
    mine, its = f"/requests/{request.pk}/", f"/deadlines/{row.pk}/"
    assert told() == [
        ("deadline.passed", "koho-kacho", mine),
        ("deadline.escalated", "sogo-seisaku", its),
        ("deadline.escalated", "joho", mine),
        ("deadline.escalated", "seisaku-bucho", its),
    ]


def test_above_a_vacant_post_nobody_is_asked_to_urge_it_on() -> None:
    dated("koho-kacho", "d:shicho", due_on=date(2026, 11, 25))
    User.objects.filter(appointments__post__code="koho-kacho").update(is_active=False)
    for day in [date(2026, 11, 26), date(2026, 12, 3), date(2026, 12, 7)]:
        assert sweep(morning(day)) == 1
    events = list(OutboxEvent.objects.filter(kind="deadline.escalated").order_by("pk"))
    assert len(events) == 3
    for event in events:
        assert event.facts["why"].startswith("広報広聴課長は欠員で、期限を")
        assert notice_of(event).act == "担当が欠員です。代わりに対応する人を決めてください。"


def test_a_turn_is_told_of_once() -> None:
    request = dated()
    act(request, "approve", "joho-kacho")
    sweep(NOON + timedelta(minutes=1))
    group = post("somu-bucho").group_id
    found = OutboxEvent.objects.filter(entry__at__gte=NOON)
    assert [event.kind for event in found if group in event.groups] == ["signoff.approved"]


def test_it_is_shown_wherever_deadlines_are(client: Client) -> None:
    dated("d:joho-kacho", title="試験の伺い")
    client.force_login(user("joho-kacho"))
    assert "【期限】決裁：試験の伺い" in client.get("/calendar/deadlines.ics").content.decode()


# Requests that went round before turns had deadlines


def test_those_under_way_are_given_one_when_the_system_is_brought_up_to_date() -> None:
    running_one, undated, held = dated(), dated(due_on=None), dated()
    act(held, "hold", "joho-kacho")
    before = Deadline.objects.get(state="open")
    told_before = {f: getattr(before, f) for f in SAME}
    Deadline.objects.all().delete()
    import_module("workflow.migrations.0010_deadlines_of_turns").lay(apps, None)
    row = Deadline.objects.get()
    assert {f: getattr(row, f) for f in SAME} == told_before
    entry = AuditEntry.objects.get(subject=row.key)
    assert walk([(entry.seq, entry.prev, entry.body, entry.hash)]) == (1, row.chain_head)
    act(running_one, "approve", "joho-kacho")
    assert rows(running_one, "joho-kacho") == ["met"]
    assert undated.state == "circulating"


SAME = ("subject", "part_of", "kind", "title", "link", "group_id", "due_at", "asked_by_id")
