"""Every act on a stage, in every state, by everybody."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_fsm import TransitionNotAllowed

from revisions.cycle import commands
from revisions.meeting import commands as meetings
from revisions.models import Inquiry, Meeting, Plan, PlanVersion, Revision
from tests.counting import at_most
from tests.factories import NOON, TODAY, user
from tests.revisions.cycle.paths import act, path, propose, reach, start, two_reports
from tests.revisions.inquiry.walk import issued, many_sections
from workflow.deadline.queries import running
from workflow.errors import Invalid, NotAllowed, Stale, Unmet
from workflow.models import AuditEntry, Deviation, OutboxEvent, Request, Stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

STATES = ["planned", "open", "concluded", "sent_back", "skipped", "cancelled"]
STRANGERS = ["zaisan-tanto", "shicho", "iin-1", "kansa", "kanri"]
DATES = {"planned_from": date(2026, 12, 1), "planned_until": date(2026, 12, 1)}
REASON = {"reason": "理由"}

Table = dict[str, tuple[Any, dict[str, Any], dict[str, str]]]

ACTS: Table = {  # command, its words, state before → state after
    "plan": (commands.plan_stage, DATES, {"planned": "planned"}),
    "open": (commands.open_stage, {}, {"planned": "open"}),
    "conclude": (commands.conclude_stage, {"outcome": "reported"}, {"open": "concluded"}),
    "send_back": (commands.send_back_stage, REASON, {"open": "sent_back"}),
    "skip": (commands.skip_stage, REASON, {"planned": "skipped"}),
    "cancel": (commands.cancel_stage, REASON, {"planned": "cancelled", "open": "cancelled"}),
}


def traces() -> tuple[int, ...]:
    return tuple(
        m.objects.count() for m in (AuditEntry, OutboxEvent, Deviation, PlanVersion, Stage)
    )


def refused(error: Any, command: Any, *, who: str = "joho-tanto", **words: Any) -> Any:
    """Assert that an act is refused and leaves no trace; return the refusal."""
    before = traces()
    with pytest.raises(error) as refusal:
        command(by=user(who), at=NOON, **words)
    assert traces() == before
    return refusal.value


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ACTS)
def test_acts(name: str, state: str) -> None:
    command, words, allowed = ACTS[name]
    revision, stage = reach(state)
    words = {"stage_id": stage.pk, **words}
    if name == "send_back":
        words["to_stage_id"] = next(s.pk for s in path(revision) if s.state == "concluded")
    for stranger in STRANGERS:
        refused(NotAllowed, command, who=stranger, **words)
    if state not in allowed:
        refused((TransitionNotAllowed, Unmet, Invalid), command, **words)
        assert Stage.objects.get(pk=stage.pk).state == state
        return
    command(by=user("joho-tanto"), at=NOON, **words)
    assert Stage.objects.get(pk=stage.pk).state == allowed[state]
    entry = AuditEntry.objects.filter(subject=revision.key).last()
    assert entry is not None
    assert entry.by == user("joho-tanto")
    event = OutboxEvent.objects.get(entry=entry)
    assert event.facts.get("reason", "") == words.get("reason", "")


@pytest.mark.parametrize("name", ACTS)
def test_no_act_on_a_revision_that_has_ended(name: str) -> None:
    command, words, _allowed = ACTS[name]
    revision, stage = reach("planned")
    act(commands.withdraw_revision, revision_id=revision.pk, reason="試験")
    if name == "send_back":
        words = {**words, "to_stage_id": stage.pk}
    refusal = refused(Unmet, command, stage_id=stage.pk, **words)
    assert "取下げ" in str(refusal)


@pytest.mark.parametrize("name", ACTS)
def test_a_page_from_before_is_stale(name: str) -> None:
    command, words, _allowed = ACTS[name]
    revision, stage = reach("open")
    words = {"stage_id": stage.pk, "seen": revision.chain_length - 1, **words}
    if name == "send_back":
        words["to_stage_id"] = stage.pk
    refused(Stale, command, **words)


def test_the_chief_of_the_secretariat_may_as_well() -> None:
    _revision, stage = reach("planned")
    commands.open_stage(stage_id=stage.pk, by=user("joho-kacho"), at=NOON)
    assert Stage.objects.get(pk=stage.pk).state == "open"


# what each does besides


def test_the_first_stage_begins_the_consultation_and_keeps_the_draft() -> None:
    revision = start()
    first = path(revision)[0]
    act(commands.open_stage, stage_id=first.pk)
    revision = Revision.objects.get(pk=revision.pk)
    assert revision.state == "consulting"
    version = revision.versions.get()
    assert (version.number, version.label) == (1, "素案・庁内照会")


def test_opening_out_of_turn() -> None:
    revision = start()
    second = path(revision)[1]
    refusal = refused(Invalid, commands.open_stage, stage_id=second.pk)
    assert (refusal.field, "庁内照会" in str(refusal)) == ("reason", True)
    act(commands.open_stage, stage_id=second.pk, reason="日程の都合")
    assert Deviation.objects.get().reason == "日程の都合"


def test_a_stage_is_concluded_with_what_was_asked_of_it() -> None:
    _revision, stage = reach("open")
    words = {"stage_id": stage.pk, "outcome": "approved"}
    refusal = refused(Invalid, commands.conclude_stage, **words)
    assert refusal.field == "outcome"


def test_a_meeting_stage_without_its_meeting() -> None:
    revision = start()
    steering = path(revision)[1]
    act(commands.open_stage, stage_id=steering.pk, reason="試験")
    words = {"stage_id": steering.pk, "outcome": "agreed"}
    refusal = refused(Unmet, commands.conclude_stage, **words)
    assert [m.link for m in refusal.missing] == [f"/stages/{steering.pk}/meetings/new/"]


def test_a_public_comment_without_its_results() -> None:
    revision = start()
    public = path(revision)[4]
    act(commands.open_stage, stage_id=public.pk, reason="試験")
    words = {"stage_id": public.pk, "outcome": "comments_published"}
    refusal = refused(Unmet, commands.conclude_stage, **words)
    assert refusal.missing[0].link.startswith(f"/stages/{public.pk}/comment")


@pytest.mark.parametrize("command", [commands.skip_stage, commands.cancel_stage])
def test_a_revision_cannot_do_without_its_adoption(command: Any) -> None:
    adoption = path(start())[-1]
    refusal = refused(Unmet, command, stage_id=adoption.pk, reason="理由")
    assert "取り下げ" in str(refusal)


def test_send_back_tells_what_runs_again() -> None:
    _revision, first, second = two_reports()
    act(commands.open_stage, stage_id=second.pk)
    words = {"stage_id": second.pk, "to_stage_id": first.pk, "reason": "再検討"}
    runs = act(commands.send_back_stage, **words)
    assert [run.rerun_of for run in runs] == [first, second]
    event = OutboxEvent.objects.latest("pk")
    assert (event.kind, event.link) == ("stage.sent_back", f"/stages/{second.pk}/")


def test_an_added_stage_needs_a_reason() -> None:
    _revision, first, _second = two_reports()
    words = {"after_id": first.pk, "kind": "report", "asks": "report", "name": "庁議"}
    refusal = refused(Invalid, commands.add_stage, reason=" ", **words)
    assert refusal.field == "reason"
    for stranger in STRANGERS:
        refused(NotAllowed, commands.add_stage, who=stranger, reason="理由", **words)
    added = act(commands.add_stage, reason="理由", **words)
    assert (added.state, added.after, added.deviations.get().kind) == ("planned", first, "added")


def test_planned_to_the_month() -> None:
    _revision, stage = reach("planned")
    dates = {"planned_from": date(2027, 4, 9), "planned_until": date(2027, 4, 9)}
    act(commands.plan_stage, stage_id=stage.pk, precision="month", **dates)
    stage = Stage.objects.get(pk=stage.pk)
    assert (stage.planned_from, stage.planned_until) == (date(2027, 4, 1), date(2027, 4, 30))
    assert stage.precision == "month"


def test_shorter_than_the_route_gives() -> None:
    first = path(start())[0]
    words = {"stage_id": first.pk, **DATES}
    assert refused(Invalid, commands.plan_stage, **words).field == "reason"
    act(commands.plan_stage, reason="議会の日程", **words)
    assert Deviation.objects.get().kind == "shortened"


# what hangs on a stage that is broken off


def convened(stage: Stage) -> Meeting:
    facts = {"title": "幹事会", "held_on": TODAY, "by": user("joho-tanto"), "at": NOON}
    meeting = meetings.plan_meeting(stage_id=stage.pk, body_id=stage.body_id, **facts)
    return act(meetings.convene, meeting_id=meeting.pk, agenda=[("素案について", False)])


@pytest.mark.parametrize("command", [commands.skip_stage, commands.cancel_stage])
def test_a_meeting_that_was_called_is_called_off_with_its_stage(command: Any) -> None:
    stage = path(start())[1]
    meeting = convened(stage)
    act(command, stage_id=stage.pk, reason="書面で済ませる")
    assert Meeting.objects.get(pk=meeting.pk).state == "cancelled"


def test_a_meeting_that_is_being_held_is_closed_first() -> None:
    revision = start()
    stage = path(revision)[1]
    act(commands.open_stage, stage_id=stage.pk, reason="試験")
    meeting = convened(stage)
    rows = meeting.attendance.values_list("post", flat=True)
    presences = dict.fromkeys(rows, ("present", ""))
    act(meetings.set_attendance, meeting_id=meeting.pk, presences=presences)
    act(meetings.start, meeting_id=meeting.pk)
    words = {"stage_id": stage.pk, "reason": "中止"}
    refusal = refused(Unmet, commands.cancel_stage, **words)
    assert [m.link for m in refusal.missing] == [f"/meetings/{meeting.pk}/"]
    refused(Unmet, commands.withdraw_revision, revision_id=revision.pk, reason="中止")


def test_an_inquiry_ends_with_its_stage() -> None:
    inquiry = issued("koho")
    commands.cancel_stage(stage_id=inquiry.stage_id, reason="中止", by=user("joho-tanto"), at=NOON)
    assert Inquiry.objects.get(pk=inquiry.pk).state == "closed"
    assert not running().filter(part_of=inquiry.revision.key).exists()


def test_the_end_of_a_report_takes_few_statements() -> None:
    """The revision, its stages, the right, what hangs on the stage, its deadline and the number
    of the next one's, whom to tell; the writing.
    """
    _revision, stage = reach("planned")
    days = {"planned_from": TODAY, "planned_until": TODAY, "reason": "試験"}
    act(commands.plan_stage, stage_id=stage.pk, **days)
    act(commands.open_stage, stage_id=stage.pk)
    by, writes = user("joho-tanto"), 1 if connection.vendor == "postgresql" else 7
    with at_most(7 + writes):
        commands.conclude_stage(stage_id=stage.pk, outcome="reported", by=by, at=NOON)


def test_a_proposal_is_withdrawn_with_its_stage() -> None:
    _revision, stage = reach("open")
    proposal = propose(stage)
    refusal = refused(Unmet, commands.conclude_stage, stage_id=stage.pk, outcome="reported")
    assert [m.link for m in refusal.missing] == [f"/stages/{proposal.stage_id}/#tasks"]
    act(commands.cancel_stage, stage_id=stage.pk, reason="中止")
    assert Request.objects.get(pk=proposal.request_id).state == "withdrawn"


def test_an_inquiry_is_called_off_in_as_many_statements_for_forty_sections_as_for_three() -> None:
    codes = [section.code for section in many_sections(40)]
    took = []
    for asked in (codes[:3], codes):
        stage = issued(*asked).stage
        with CaptureQueriesContext(connection) as captured:
            act(commands.cancel_stage, stage_id=stage.pk, reason="試験")
        took.append(len(captured))
        assert not running().filter(part_of=stage.case.revision.key).exists()
        lifted = AuditEntry.objects.filter(verb="deadline.lifted")
        assert lifted.filter(within_key=stage.case.revision.key).count() == len(asked)
        Plan.objects.filter(pk=stage.case.revision.plan_id).update(code=f"done-{len(took)}")
    assert took[1] <= took[0] + (0 if connection.vendor == "postgresql" else 2)  # 999 parameters
