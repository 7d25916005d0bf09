"""段階の期限: one row while a stage waits to begin, one while it runs, moved by every act."""

from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Q
from django.test import Client

from revisions.cycle import commands, tasks
from revisions.cycle.commands_schedule import reckon_ahead, schedule_revision
from revisions.cycle.queries import stages_due
from revisions.models import Revision
from revisions.plan.states import BEGIN, END, NOTICE, PAPER
from tests.factories import NOON, section, user
from tests.revisions.cycle.paths import act, adopted, path, plan, reach, start, two_reports
from tests.revisions.meeting.walk import convened
from tests.workflow.deadline.factories import morning
from workflow.audit.chain import walk
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.commands import remind
from workflow.deadline.commands_days import add_closed_days
from workflow.deadline.commands_done import report_done
from workflow.errors import NotAllowed, Unmet
from workflow.models import AuditEntry, Deadline, GazetteRule, OutboxEvent, Stage
from workflow.path.commands import set_gazette
from workflow.path.queries import moves_by, waits_for
from workflow.people.commands_office import set_notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

BY = "joho-tanto"


def rows(stage: Stage) -> list[tuple[str, str]]:
    found = Deadline.objects.filter(subject=f"workflow.stage:{stage.pk}").order_by("pk")
    return [(row.kind, row.state) for row in found]


def running() -> list[tuple[str, str, date]]:
    found = Deadline.objects.filter(kind__in=[BEGIN, END], state__in=["open", "passed"])
    return sorted((row.subject, row.kind, in_tokyo(row.due_at)) for row in found)


def asked_of(revision: Revision) -> list[tuple[str, str, date]]:
    """What the path itself says, stage by stage."""
    revision = Revision.objects.get(pk=revision.pk)
    if revision.state not in ("drafting", "consulting"):
        return []
    found = []
    for stage in path(revision):
        day = moves_by(stage)
        kind = END if stage.state == "open" else BEGIN
        if day and (kind == END or waits_for(stage) is None):
            found.append((f"workflow.stage:{stage.pk}", kind, day))
    return sorted(found)


def test_a_stage_is_to_begin_then_to_end_then_the_next_is_to_begin() -> None:
    revision = start()
    first, second, *_ = path(revision)
    assert running() == [(f"workflow.stage:{first.pk}", BEGIN, first.planned_from)]
    act(commands.skip_stage, stage_id=first.pk, reason="試験")
    assert rows(first) == [(BEGIN, "lifted")]
    assert rows(second) == [(BEGIN, "open")]
    row = Deadline.objects.get(subject=f"workflow.stage:{second.pk}")
    assert (row.group, row.part_of) == (section("joho").group, revision.key)
    assert row.title == f"「{second.name}」を始める　{revision.title}"
    assert row.link == f"/stages/{second.pk}/"


def test_what_begins_and_ends_has_met_its_deadlines() -> None:
    _, first, stage = two_reports()
    act(commands.plan_stage, stage_id=stage.pk, **days(1, 3))
    act(commands.open_stage, stage_id=stage.pk)
    assert rows(stage) == [(BEGIN, "met"), (END, "open")]
    act(commands.conclude_stage, stage_id=stage.pk, outcome="reported")
    assert rows(stage) == [(BEGIN, "met"), (END, "met")]
    assert rows(first) == []  # it never had a planned day


def days(first: int, last: int) -> dict[str, date]:
    today = in_tokyo(NOON)
    return {
        "planned_from": today + timedelta(first),
        "planned_until": today + timedelta(last),
        "reason": "試験",
    }


@pytest.mark.parametrize("state", ["planned", "open", "sent_back", "skipped", "cancelled"])
def test_the_rows_are_what_the_path_says(state: str) -> None:
    revision, _stage = reach(state)
    assert running() == asked_of(revision)
    for later in path(revision):
        if later.state == "planned":
            act(commands.plan_stage, stage_id=later.pk, **days(2, 40))
            assert running() == asked_of(revision)


def test_one_that_begins_out_of_turn_is_to_end_as_well() -> None:
    revision = start()
    first, second, *_ = path(revision)
    act(commands.open_stage, stage_id=second.pk, reason="試験")
    assert rows(first) == [(BEGIN, "open")]
    assert (END, "open") in rows(second)
    assert running() == asked_of(revision)


def test_a_stage_put_before_another_holds_it_up() -> None:
    revision = start()
    first, second, *_ = path(revision)
    act(commands.skip_stage, stage_id=first.pk, reason="試験")
    words = {"kind": "report", "asks": "report", "name": "部長会議", "reason": "試験"}
    act(commands.add_stage, after_id=first.pk, **words)
    assert rows(second) == [(BEGIN, "lifted")]
    assert running() == asked_of(revision)


def test_a_day_that_is_moved_moves_the_row() -> None:
    revision = start()
    first, *_ = path(revision)
    act(commands.plan_stage, stage_id=first.pk, **days(3, 20))
    assert running() == asked_of(revision)
    later = {first.pk: (in_tokyo(NOON) + timedelta(8), in_tokyo(NOON) + timedelta(25))}
    schedule_revision(revision_id=revision.pk, days=later, by=user(BY), at=NOON, reason="試験")
    assert running() == asked_of(revision)
    row = Deadline.objects.get(subject=f"workflow.stage:{first.pk}")
    verbs = AuditEntry.objects.filter(subject=row.key).values_list("verb", flat=True)
    assert list(verbs) == ["deadline.set", "deadline.extended", "deadline.extended"]


def test_a_stage_planned_to_a_month_is_late_after_the_month() -> None:
    revision = start()
    first, *_ = path(revision)
    month = {"planned_from": date(2027, 2, 3), "planned_until": date(2027, 2, 3)}
    act(commands.plan_stage, stage_id=first.pk, **month, precision="month")
    assert [day for *_, day in running()] == [date(2027, 2, 28)]
    begins = stages_due(user(BY), date(2027, 2, 28)).get(kind=BEGIN)
    assert begins.link == f"/stages/{first.pk}/"
    assert not stages_due(user(BY), date(2027, 2, 27)).filter(kind=BEGIN)


@pytest.mark.parametrize("end", ["withdrawn", "adopted"])
def test_nothing_runs_when_the_revision_has_ended(end: str) -> None:
    if end == "adopted":
        adopted()
    else:
        act(commands.withdraw_revision, revision_id=start().pk, reason="試験")
    assert running() == []
    of_stages = Deadline.objects.filter(kind__in=[BEGIN, END])
    assert of_stages.exists()
    assert not of_stages.filter(Q(state="open") | Q(state="passed")).exists()


def test_the_secretariat_is_reminded_then_its_chief() -> None:
    revision = start()
    first, *_ = path(revision)
    act(commands.plan_stage, stage_id=first.pk, **days(7, 20))  # Tuesday 1 December
    told = []
    for day in (date(2026, 11, 25) + timedelta(n) for n in range(14)):
        remind(deadline_ids=list(Deadline.objects.values_list("pk", flat=True)), at=morning(day))
        told += [
            (day.isoformat(), event.kind, event.facts["kind"])
            for event in OutboxEvent.objects.filter(
                entry__at=morning(day), kind__startswith="deadline."
            )
        ]
    assert told == [
        ("2026-11-26", "deadline.reminded", BEGIN),
        ("2026-12-01", "deadline.reminded", BEGIN),
        ("2026-12-02", "deadline.passed", BEGIN),
        ("2026-12-08", "deadline.escalated", BEGIN),
    ]


def test_it_is_work_until_it_is_done(client: Client) -> None:
    revision = start()
    first, *_ = path(revision)
    act(commands.plan_stage, stage_id=first.pk, **days(0, 2))
    client.force_login(user(BY))
    page = client.get("/").content.decode()
    assert f"「{first.name}」を始める" in page
    act(commands.open_stage, stage_id=first.pk)
    page = client.get("/").content.decode()
    assert f"「{first.name}」を始める" not in page
    assert f"「{first.name}」を終える" in page
    assert "段階の終了" in client.get("/calendar/deadlines.ics").content.decode()


# What is to be made known ahead


def ahead(kind: str) -> list[tuple[str, str]]:
    """Return the days and states of the rows of a kind."""
    found = Deadline.objects.filter(kind=kind).order_by("pk")
    return [(in_tokyo(row.due_at).isoformat(), row.state) for row in found]


def stage_of(revision: Revision, kind: str) -> Stage:
    return next(stage for stage in path(revision) if stage.kind == kind)


def meeting_on(day: date, *, notice: int = 7) -> Stage:
    """The 幹事会 of a path, planned on a day, of a body that is convened so many days before."""
    revision = start()
    stage = stage_of(revision, "meeting")
    assert stage.body
    words = {"body_id": stage.body.pk, "notice_days": notice, "regular": None}
    set_notice(**words, since=date(2026, 1, 1), source="要綱", by=user("kanri"), at=NOON)
    act(commands.plan_stage, stage_id=stage.pk, planned_from=day, planned_until=day)
    return stage


def test_a_body_is_to_be_convened_in_time() -> None:
    stage = meeting_on(date(2026, 12, 17))
    assert ahead(NOTICE) == [("2026-12-10", "open")]
    act(commands.plan_stage, stage_id=stage.pk, **both(date(2026, 12, 22)))
    assert ahead(NOTICE) == [("2026-12-15", "open")]
    convened(stage)
    assert ahead(NOTICE) == [("2026-12-15", "met")]
    act(commands.plan_stage, stage_id=stage.pk, **both(date(2026, 12, 23)))
    assert ahead(NOTICE) == [("2026-12-15", "met")]  # its meeting tells of another day


def both(day: date) -> dict[str, Any]:
    return {"planned_from": day, "planned_until": day, "reason": "試験"}


def test_what_can_no_longer_be_made_known_is_not_asked_for() -> None:
    meeting_on(in_tokyo(NOON) + timedelta(3))
    assert ahead(NOTICE) == []


def test_what_is_late_stays_late_when_something_else_is_planned() -> None:
    stage = announced_in_the_gazette()
    later = morning(date(2027, 1, 12))
    other = stage_of(Revision.objects.get(), "meeting")
    commands.plan_stage(stage_id=other.pk, **both(date(2027, 1, 20)), by=user(BY), at=later)
    assert ahead(PAPER) == [("2027-01-08", "open")]
    first = date(2027, 2, 9)
    words = {"planned_from": first, "planned_until": first + timedelta(29), "reason": "試験"}
    commands.plan_stage(stage_id=stage.pk, **words, by=user(BY), at=later)
    assert ahead(PAPER) == [("2027-01-08", "open")]  # the same issue


def close_days_before() -> None:
    add_closed_days(first=date(2027, 1, 13), last=date(2027, 1, 15), name="停電", by=None, at=NOON)


def ask_for_it_sooner() -> None:
    words = {"days": [1], "lead": 20, "since": date(2026, 11, 24), "source": "広報"}
    set_gazette(**words, by=user("kanri"), at=NOON)


@pytest.mark.parametrize(
    "change, day", [(close_days_before, "2027-01-05"), (ask_for_it_sooner, "2026-12-28")]
)
def test_the_paper_follows_the_calendar_and_the_gazette(change: Any, day: str) -> None:
    announced_in_the_gazette()
    change()
    tasks.reckon()
    assert ahead(PAPER) == [(day, "open")]
    told = OutboxEvent.objects.get(kind="deadline.brought_forward")
    assert (told.facts["was_due_on"], told.facts["due_on"]) == ("2027-01-08", day)
    entries = AuditEntry.objects.count()
    tasks.reckon()
    assert AuditEntry.objects.count() == entries


def test_of_a_paper_that_was_handed_in_none_is_asked_anew() -> None:
    announced_in_the_gazette()
    report_done(deadline_id=Deadline.objects.get(kind=PAPER).pk, by=user(BY), at=NOON)
    close_days_before()
    tasks.reckon()
    assert ahead(PAPER) == [("2027-01-08", "met")]


def test_what_is_late_is_not_ended_by_the_night(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = meeting_on(date(2026, 12, 17))
    monkeypatch.setattr(tasks, "now", lambda: morning(date(2026, 12, 21)))
    tasks.reckon()
    assert ahead(NOTICE) == [("2026-12-10", "open")]
    assert stage.state == "planned"


def test_a_body_is_convened_by_its_rule_of_now() -> None:
    stage = meeting_on(date(2026, 12, 17))
    words = {"body_id": stage.body_id, "notice_days": 14, "source": "要綱"}
    set_notice(**words, since=date(2026, 11, 25), by=user("kanri"), at=NOON)
    tasks.reckon()
    assert ahead(NOTICE) == [("2026-12-03", "open")]
    with pytest.raises(NotAllowed):
        reckon_ahead(revision_id=Revision.objects.get().pk, by=user(BY), at=NOON)


@pytest.mark.parametrize(
    "command, state", [(commands.skip_stage, "lifted"), (commands.cancel_stage, "lifted")]
)
def test_without_the_meeting_nobody_is_convened(command: Any, state: str) -> None:
    stage = meeting_on(date(2026, 12, 17))
    act(command, stage_id=stage.pk, reason="試験")
    assert ahead(NOTICE) == [("2026-12-10", state)]


def announced_in_the_gazette() -> Stage:
    """The comment of a path; the 広報紙 is issued on the 1st and takes its paper 15 days ahead."""
    GazetteRule.objects.all().delete()
    GazetteRule.objects.create(since=date(2026, 1, 1), days=[1], lead=15, source="広報")
    stage = stage_of(start(), "public_comment")
    first = date(2027, 2, 8)
    words = {"planned_from": first, "planned_until": first + timedelta(29)}
    act(commands.plan_stage, stage_id=stage.pk, **words)
    return stage


def test_the_gazette_has_its_paper_in_time_and_who_handed_it_in_says_so(client: Client) -> None:
    announced_in_the_gazette()
    (row,) = Deadline.objects.filter(kind=PAPER)
    assert ahead(PAPER) == [("2027-01-08", "open")]
    for who, status in (("koho-tanto", 403), ("kansa", 403), ("joho-tanto", 302)):
        client.force_login(user(who))
        assert client.post(f"/deadlines/{row.pk}/done/").status_code == status, who
    assert ahead(PAPER) == [("2027-01-08", "met")]
    entry = AuditEntry.objects.filter(subject=row.key).latest("pk")
    assert (entry.verb, entry.by_id) == ("deadline.met", user("joho-tanto").pk)
    with pytest.raises(Unmet):
        report_done(deadline_id=row.pk, by=user(BY), at=NOON)


def test_of_another_kind_nobody_says_that_it_is_done() -> None:
    start()
    (row,) = Deadline.objects.filter(kind=BEGIN)
    with pytest.raises(NotAllowed):
        report_done(deadline_id=row.pk, by=user(BY), at=NOON)


def test_a_comment_that_moves_to_another_issue_takes_another_paper() -> None:
    stage = announced_in_the_gazette()
    report_done(deadline_id=Deadline.objects.get(kind=PAPER).pk, by=user(BY), at=NOON)
    same, later = date(2027, 2, 9), date(2027, 3, 8)
    for first, rows_ in ((same, 1), (later, 2)):
        words = {"planned_from": first, "planned_until": first + timedelta(29)}
        act(commands.plan_stage, stage_id=stage.pk, **words)
        assert len(ahead(PAPER)) == rows_


def test_revisions_under_way_are_given_theirs_when_the_system_is_brought_up_to_date() -> None:
    revision, _, stage = two_reports()
    act(commands.plan_stage, stage_id=stage.pk, **days(1, 3))
    other = start(plan_id=plan("other").pk)
    act(commands.open_stage, stage_id=path(other)[0].pk)
    before = running()
    kept = same()
    Deadline.objects.filter(kind__in=[BEGIN, END]).delete()
    import_module("revisions.migrations.0005_deadlines_of_stages").lay(apps, None)
    assert running() == before == sorted(asked_of(revision) + asked_of(other))
    assert same() == kept
    for row in Deadline.objects.filter(kind__in=[BEGIN, END]):
        entry = AuditEntry.objects.filter(subject=row.key).latest("pk")
        assert walk([(entry.seq, entry.prev, entry.body, entry.hash)]) == (1, row.chain_head)


def same() -> list[Any]:
    fields = ("subject", "part_of", "kind", "title", "link", "group_id", "due_at", "asked_by_id")
    found = Deadline.objects.filter(kind__in=[BEGIN, END], state="open")
    return sorted(found.values_list(*fields))
