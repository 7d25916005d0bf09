"""会議: what the secretariat and the presiding officer do, from planning to closing."""

from collections.abc import Collection
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from revisions.meeting import gates, parts
from revisions.meeting.gates import page
from revisions.meeting.models import AgendaItem, Meeting
from revisions.meeting.policies import check_can_run
from revisions.meeting.queries import attendance_of, rule_at, turnout
from revisions.meeting.quorum import Vote
from revisions.plan.models import Revision
from revisions.plan.parts import freeze
from revisions.plan.parts_stages import made_known
from revisions.plan.policies import check_can_steer
from revisions.plan.states import NOTICE
from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.queries import calendar
from workflow.errors import Invalid
from workflow.ledger.command import command
from workflow.outbox.queue import emit
from workflow.path.models import Stage
from workflow.people.models import Body, User


@command
def plan_meeting(
    *,
    stage_id: int,
    body_id: int,
    held_on: date,
    starts_at: time | None = None,
    place: str = "",
    title: str,
    accept_day: bool = False,
    by: User,
    at: datetime,
) -> Meeting:
    """Put a meeting on the calendar of its stage (開催の予定).

    accept_day  the day is meant, although it is a closed one
    """
    revisions = Revision.objects.select_for_update(of=("self",))
    revision = revisions.get(case__stages=stage_id)  # lock
    stage = Stage.objects.get(pk=stage_id)

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    gates.check_stage_meets(stage)
    gates.check_day(held_on, calendar(), accept_day=accept_day)
    gates.check_not_planned(stage, body_id, held_on)
    _require(title, "title", _("会議の名称を入力してください。"))

    meeting = Meeting(  # move
        revision=revision,
        stage=stage,
        body=Body.objects.select_related("group").get(pk=body_id),
        held_on=held_on,
        starts_at=starts_at,
        place=place,
        title=title.strip(),
    )
    record(  # record
        "meeting.planned",
        meeting,
        by=by,
        post=post,
        at=at,
        after=meeting.state,
        **parts.facts(meeting),
    )
    return meeting


@command
def convene(
    *,
    meeting_id: int,
    agenda: parts.Agenda,
    invited: Collection[int] = (),
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Meeting:
    """Send the agenda and the plan as it is now to the members and the invited (招集)."""
    meeting = parts.lock(meeting_id)  # lock

    post = check_can_steer(by, meeting.revision, in_tokyo(at))  # check
    check_seen(meeting, seen)
    gates.check_stage_meets(meeting.stage)

    before = meeting.state
    label = f"{meeting.title} 付議資料"
    version = freeze(meeting.revision, label=label, by=by, at=at)
    meeting.convene(version=version)  # move
    parts.lay_agenda(meeting, agenda)
    parts.lay_roster(meeting, invited)
    parts.show_paper(meeting, version)
    made_known(meeting.stage, NOTICE, by=by, at=at)

    entry = parts.enter(  # record
        "meeting.convened",
        meeting,
        by=by,
        post=post,
        at=at,
        before=before,
        version=version.sha256,
        agenda=[title for title, _needs_vote in agenda],
        **parts.facts(meeting),
    )
    emit(entry, to=parts.circle(meeting), link=page(meeting), **parts.facts(meeting))  # tell
    return meeting


@command
def set_attendance(
    *,
    meeting_id: int,
    presences: parts.Presences,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Meeting:
    """Note who came, stayed away or sent somebody (出欠), on the roster of the day."""
    meeting = parts.lock(meeting_id)  # lock

    post = check_can_steer(by, meeting.revision, in_tokyo(at))  # check
    check_seen(meeting, seen)

    meeting.take_attendance()  # move
    rows = parts.mark(meeting, presences)
    count = turnout(rows, rule_at(meeting))

    record(  # record
        "meeting.attendance_set",
        meeting,
        *rows,
        by=by,
        post=post,
        at=at,
        present=count.present,
        needed=count.needed,
    )
    return meeting


@command
def start(*, meeting_id: int, by: User, at: datetime, seen: int | None = None) -> Meeting:
    """Open the meeting (開会), with a quorum where the body's rule asks for one."""
    meeting = parts.lock(meeting_id)  # lock
    on, rule = in_tokyo(at), rule_at(meeting)

    post = check_can_run(by, meeting, on)  # check
    check_seen(meeting, seen)
    gates.check_state(meeting, meeting.start)
    gates.check_has_come(meeting, on)
    rows = attendance_of(meeting)
    count = turnout(rows, rule)
    gates.check_quorum(meeting, count)
    presiding = parts.who_presides(meeting, rows, otherwise=post)

    before = meeting.state
    meeting.start(presiding=presiding)  # move

    parts.enter(  # record
        "meeting.started",
        meeting,
        by=by,
        post=post,
        at=at,
        before=before,
        presiding=presiding.name,
        present=count.present,
        needed=count.needed,
        rule=rule.source if rule else "",
    )
    return meeting


@command
def adjourn(
    *, meeting_id: int, reason: str, by: User, at: datetime, seen: int | None = None
) -> Meeting:
    """Give the meeting up for want of a quorum (流会)."""
    meeting = parts.lock(meeting_id)  # lock

    post = check_can_run(by, meeting, in_tokyo(at))  # check
    check_seen(meeting, seen)
    gates.check_state(meeting, meeting.adjourn)
    _require(reason, "reason", _("流会とする理由を入力してください。"))
    gates.check_no_quorum(turnout(attendance_of(meeting), rule_at(meeting)))

    before = meeting.state
    meeting.adjourn(reason=reason)  # move

    entry = parts.enter(  # record
        "meeting.adjourned", meeting, by=by, post=post, at=at, before=before, reason=reason
    )
    told = [*parts.circle(meeting), *parts.secretariat(meeting)]
    emit(entry, to=told, link=page(meeting), reason=reason, **parts.facts(meeting))  # tell
    return meeting


@command
def record_item(
    *,
    meeting_id: int,
    item_id: int,
    outcome: str = "",
    votes: parts.Votes | None = None,
    casting: Vote | None = None,
    note: str = "",
    by: User,
    at: datetime,
    seen: int | None = None,
) -> AgendaItem:
    """Record what came of an item (議題の結果): as stated, or as counted."""
    meeting = parts.lock(meeting_id)  # lock
    item = meeting.items.get(pk=item_id)

    post = check_can_steer(by, meeting.revision, in_tokyo(at))  # check
    check_seen(meeting, seen)

    before = item.outcome
    meeting.decide_item()  # move
    if item.needs_vote:
        parts.take_vote(meeting, item, votes, casting)
    else:
        parts.choose_outcome(item, outcome)
    item.note = note.strip()

    record(  # record
        "meeting.item_recorded",
        meeting,
        item,
        by=by,
        post=post,
        at=at,
        before=before,
        after=item.outcome,
        item=item.order,
        votes=[item.yes, item.no, item.abstain],
        casting=item.presiding_vote,
    )
    return item


@command
def close(*, meeting_id: int, by: User, at: datetime, seen: int | None = None) -> Meeting:
    """Close the meeting (閉会) once every item has its outcome."""
    meeting = parts.lock(meeting_id)  # lock

    post = check_can_run(by, meeting, in_tokyo(at))  # check
    check_seen(meeting, seen)
    gates.check_state(meeting, meeting.close)
    gates.check_items_decided(meeting.items.all())

    before = meeting.state
    meeting.close()  # move

    entry = parts.enter(  # record
        "meeting.closed", meeting, by=by, post=post, at=at, before=before
    )
    link = page(meeting, "#minutes")
    emit(entry, to=parts.secretariat(meeting), link=link, **parts.facts(meeting))  # tell
    return meeting


@command
def cancel_meeting(
    *, meeting_id: int, reason: str, by: User, at: datetime, seen: int | None = None
) -> Meeting:
    """Call a meeting off before it is held (中止)."""
    meeting = parts.lock(meeting_id)  # lock

    post = check_can_steer(by, meeting.revision, in_tokyo(at))  # check
    check_seen(meeting, seen)
    _require(reason, "reason", _("中止する理由を入力してください。"))

    parts.cancel(meeting, by=by, post=post, at=at, reason=reason)  # move, record, tell
    return meeting


def _require(text: str, field: str, message: str) -> None:
    if not text.strip():
        raise Invalid(message, field=field)
