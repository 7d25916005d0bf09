"""会議の日程: how a meeting that was planned or convened gets another day, time or place."""

from datetime import date, datetime, time

from revisions.meeting import gates, parts
from revisions.meeting.gates import page
from revisions.meeting.models import Meeting
from revisions.meeting.states import MeetingState
from revisions.plan.gates import check_reason
from revisions.plan.policies import check_can_steer
from workflow.audit.trail import check_seen
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.queries import calendar
from workflow.ledger.command import command
from workflow.outbox.queue import emit
from workflow.people.models import User


@command
def move_meeting(
    *,
    meeting_id: int,
    held_on: date,
    starts_at: time | None = None,
    place: str = "",
    reason: str,
    accept_day: bool = False,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Meeting:
    """Hold a meeting at another time or place (日時・場所の変更); who was convened is told.

    accept_day  the day is meant, although it is a closed one or the notice is short
    """
    meeting = parts.lock(meeting_id)  # lock
    on = in_tokyo(at)

    post = check_can_steer(by, meeting.revision, on)  # check
    check_seen(meeting, seen)
    gates.check_state(meeting, meeting.move)
    gates.check_moved(meeting, (held_on, starts_at, place), on)
    gates.check_day(held_on, calendar(), accept_day=accept_day)
    gates.check_not_planned(meeting.stage, meeting.body_id, held_on, but=meeting.pk)
    check_reason(reason)
    convened = meeting.state == MeetingState.CONVENED
    if convened and not accept_day:
        gates.check_notice(meeting, held_on, on)

    was = parts.when(meeting)
    if meeting.held_on != held_on:
        parts.ask_anew(meeting)
    meeting.move(held_on=held_on, starts_at=starts_at, place=place)  # move

    entry = parts.enter(  # record
        "meeting.moved",
        meeting,
        by=by,
        post=post,
        at=at,
        before=meeting.state,
        reason=reason,
        was=was,
        **parts.facts(meeting),
    )
    if convened:  # tell; of a meeting only planned nobody knows yet
        emit(
            entry,
            to=parts.circle(meeting),
            link=page(meeting),
            reason=reason,
            **parts.facts(meeting),
        )
    return meeting
