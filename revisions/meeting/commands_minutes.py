"""議事録: what the secretariat writes down of a meeting. Its signing is in signoff (kinds.py)."""

from datetime import datetime

from django.utils.translation import gettext as _

from revisions.meeting import gates, parts, parts_minutes
from revisions.meeting.gates import page
from revisions.meeting.models import Meeting
from revisions.opinion.models import Opinion
from revisions.opinion.parts import receive_opinion
from revisions.opinion.states import Medium
from revisions.plan.policies import check_can_steer
from workflow.audit.chain import digest
from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid
from workflow.ledger.command import command
from workflow.outbox.queue import emit
from workflow.people.models import User


@command
def edit_minutes(
    *, meeting_id: int, text: str, by: User, at: datetime, seen: int | None = None
) -> Meeting:
    """Write the minutes (議事録). An edit of minutes that were fixed voids every signature."""
    meeting = parts.lock(meeting_id)  # lock

    post = check_can_steer(by, meeting.revision, in_tokyo(at))  # check
    check_seen(meeting, seen)
    if text == meeting.minutes:
        raise Invalid(_("議事録は前と同じです。変えていません。"), field="text")

    before = meeting.minutes_state
    meeting.edit_minutes(text=text)  # move
    parts_minutes.call_off_signing(meeting, by=by, post=post, at=at)

    entry = record(  # record
        "meeting.minutes_edited",
        meeting,
        by=by,
        post=post,
        at=at,
        before=before,
        after=meeting.minutes_state,
        text=digest(text),
    )
    if before != meeting.minutes_state:
        told = [*parts_minutes.signers_so_far(meeting), *parts.secretariat(meeting)]
        emit(entry, to=told, link=page(meeting, "#minutes"), title=meeting.title)  # tell
    return meeting


@command
def fix_minutes(
    *,
    meeting_id: int,
    second_id: int | None = None,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Meeting:
    """Fix the minutes (議事録の確定) and send them to whom the body's rule makes sign.

    second_id  the post that the chair named, where a member signs beside the chair
    """
    meeting = parts.lock(meeting_id)  # lock

    post = check_can_steer(by, meeting.revision, in_tokyo(at))  # check
    check_seen(meeting, seen)
    gates.check_minutes_written(meeting)

    before = meeting.minutes_state
    request = parts_minutes.send_for_signing(meeting, second_id=second_id, by=by, post=post, at=at)
    meeting.fix_minutes(request=request)  # move

    entry = record(  # record
        "meeting.minutes_fixed",
        meeting,
        by=by,
        post=post,
        at=at,
        before=before,
        after=meeting.minutes_state,
        content=request.content.sha256 if request else "",
    )
    link = page(meeting, "#minutes")
    emit(entry, to=parts.circle(meeting), link=link, title=meeting.title)  # tell
    return meeting


@command
def record_remark(
    *,
    meeting_id: int,
    text: str,
    source: str = "",
    project_uid: str = "",
    place: str = "",
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Opinion:
    """Enter a remark heard in the meeting into the ledger of opinions (意見).

    source  who said it, as the minutes name them
    place   which field of the sheet it is about
    """
    meeting = parts.lock(meeting_id)  # lock

    post = check_can_steer(by, meeting.revision, in_tokyo(at))  # check
    check_seen(meeting, seen)

    meeting.hear()  # move
    opinion = receive_opinion(
        meeting.revision,
        stage=meeting.stage,
        channel=parts.channel_of(meeting.body),
        medium=Medium.MEETING,
        source=source or meeting.body.name,
        received_on=meeting.held_on,
        text=text,
        project_uid=project_uid,
        place=place,
        by=by,
        post=post,
        at=at,
    )
    record(  # record
        "meeting.remark_recorded", meeting, by=by, post=post, at=at, opinion=opinion.number
    )
    return opinion
