"""Meetings in every state, reached by walking the commands."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest

from revisions.meeting import commands, commands_minutes
from revisions.meeting.queries import attendance_of
from revisions.models import AgendaItem, Meeting
from tests.factories import NOON, post, user
from tests.replay import walked_once
from tests.revisions.drafts import demo_content, open_stage, running_revision
from workflow.models import AuditEntry, Body, OutboxEvent, Stage, Step
from workflow.signoff import commands as signoff

HELD_ON = date(2026, 11, 26)
MEETING_NOON = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)

BY = "joho-tanto"
EVERYBODY = (BY, "joho-kacho", "iin-1", "iin-2", "iin-3", "somu-bucho", "kansa", "kanri")
SECRETARIAT = {BY, "joho-kacho"}
OFFICERS = {"iin-1", "iin-2"}

STATES = ("planned", "convened", "in_session", "closed", "adjourned", "cancelled")


@cache
def small_plan() -> dict[str, Any]:
    """The demo plan cut down to one sheet, led by the section that steers."""
    content = demo_content()
    policy = content["policies"][0]
    program = policy["programs"][0]
    placement = program["placements"][0]
    project = next(p for p in content["projects"] if p["uid"] == placement["project"])
    return {
        "plan": content["plan"],
        "policies": [{**policy, "programs": [{**program, "placements": [placement]}]}],
        "projects": [project],
    }


@walked_once
def stage_of(body: str = "iinkai", kind: str = "meeting", asks: str = "hearing") -> Stage:
    stage = open_stage(running_revision(content=small_plan()), kind=kind, asks=asks)
    stage.body = Body.objects.get(code=body)
    stage.save()
    return stage


def planned(stage: Stage, **more: Any) -> Meeting:
    given = {"held_on": HELD_ON, "title": f"{stage.body} 第1回", "place": "本庁舎", "by": user(BY)}
    return commands.plan_meeting(
        stage_id=stage.pk, body_id=stage.body_id, at=NOON, **(given | more)
    )


@walked_once
def convened(stage: Stage, agenda: Any = None, **more: Any) -> Meeting:
    votes = stage.body.kind == "advisory_committee"
    agenda = agenda or [("素案について", False), *([("答申について", True)] if votes else [])]
    meeting = planned(stage)
    return commands.convene(meeting_id=meeting.pk, agenda=agenda, by=user(BY), at=NOON, **more)


@walked_once
def come(meeting: Meeting, *present: str) -> Meeting:
    """The posts of these codes are present; everybody else is absent."""
    presences = {
        row.post_id: ("present" if row.post.code in present else "absent", "")
        for row in attendance_of(meeting)
    }
    return commands.set_attendance(
        meeting_id=meeting.pk, presences=presences, by=user(BY), at=MEETING_NOON
    )


def members(count: int, first: int = 1) -> list[str]:
    return [f"iin-{n}" for n in range(first, first + count)]


@walked_once
def in_session(stage: Stage, *present: str, **more: Any) -> Meeting:
    meeting = come(convened(stage, **more), *(present or members(8)))
    return commands.start(meeting_id=meeting.pk, by=user(BY), at=MEETING_NOON)


@walked_once
def closed(stage: Stage, *present: str, **more: Any) -> Meeting:
    meeting = in_session(stage, *present, **more)
    for item in meeting.items.all():
        decide(item)
    return commands.close(meeting_id=meeting.pk, by=user(BY), at=MEETING_NOON)


def decide(item: AgendaItem) -> None:
    how: dict[str, Any] = {"votes": (4, 1, 0)} if item.needs_vote else {"outcome": "heard"}
    commands.record_item(
        meeting_id=item.meeting_id, item_id=item.pk, by=user(BY), at=MEETING_NOON, **how
    )


def adjourned(stage: Stage) -> Meeting:
    meeting = convened(stage)
    return commands.adjourn(
        meeting_id=meeting.pk, reason="定足数不足", by=user(BY), at=MEETING_NOON
    )


def cancelled(stage: Stage) -> Meeting:
    meeting = convened(stage)
    return commands.cancel_meeting(meeting_id=meeting.pk, reason="荒天", by=user(BY), at=NOON)


def drafting(stage: Stage) -> Meeting:
    return write(closed(stage))


def fixed(stage: Stage) -> Meeting:
    return fix(drafting(stage))


def signed(stage: Stage) -> Meeting:
    meeting = fixed(stage)
    sign(meeting)
    return meeting


@walked_once
def reach(state: str, stage: Stage | None = None) -> Meeting:
    """A meeting of the committee in a state; closed also as drafting, fixed or signed minutes."""
    walks: dict[str, Callable[[Stage], Meeting]] = {
        "planned": planned,
        "convened": lambda stage: come(convened(stage), *members(8)),
        "in_session": in_session,
        "closed": closed,
        "adjourned": adjourned,
        "cancelled": cancelled,
        "drafting": drafting,
        "fixed": fixed,
        "signed": signed,
    }
    return Meeting.objects.get(pk=walks[state](stage or stage_of()).pk)


@walked_once
def write(meeting: Meeting, text: str = "委員から、窓口の予約について質問があった。") -> Meeting:
    return commands_minutes.edit_minutes(
        meeting_id=meeting.pk, text=text, by=user(BY), at=MEETING_NOON
    )


@walked_once
def fix(meeting: Meeting, second: str | None = "iin-3") -> Meeting:
    return commands_minutes.fix_minutes(
        meeting_id=meeting.pk,
        second_id=post(second).pk if second else None,
        by=user(BY),
        at=MEETING_NOON,
    )


def sign(meeting: Meeting) -> None:
    request_id = Meeting.objects.get(pk=meeting.pk).request_id
    for step in Step.objects.filter(request=request_id, state="active").select_related("post"):
        signoff.approve(step_id=step.pk, by=user(step.post.code), at=MEETING_NOON)


def vacate(code: str) -> None:
    """The member's appointment ended: the seat is vacant."""
    post(code).appointments.filter(until__gte=HELD_ON).update(until=date(2026, 11, 20))


def refused(act: Callable[[], Any], error: type[Exception]) -> Exception:
    """Assert that an act is refused and leaves neither an audit entry nor a notice."""
    before = AuditEntry.objects.count(), OutboxEvent.objects.count()
    with pytest.raises(error) as found:
        act()
    assert (AuditEntry.objects.count(), OutboxEvent.objects.count()) == before
    return found.value
