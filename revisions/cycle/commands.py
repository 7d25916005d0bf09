"""進行: the secretariat takes a revision along its path. Stages move under the revision's lock."""

from collections.abc import Iterable
from datetime import date, datetime

from revisions.cycle import gates, parts
from revisions.cycle.gates import check_can_move
from revisions.cycle.gates_days import check_stage_days
from revisions.cycle.policies import check_can_start, secretariat_of
from revisions.inquiry.parts import close as close_inquiry
from revisions.meeting.parts_minutes import call_off_minutes
from revisions.plan.models import Plan, Revision
from revisions.plan.parts import freeze, load
from revisions.plan.parts_days import dates, moves, tell_days
from revisions.plan.parts_stages import follow
from revisions.plan.queries import current_content
from revisions.plan.states import RevisionState
from revisions.public_comment.parts import follow_stage
from workflow.access import grant
from workflow.audit.trail import record
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.queries import calendar
from workflow.ledger.command import command
from workflow.path import parts as path
from workflow.path.gates import check_near
from workflow.path.models import Stage
from workflow.path.queries import rounded, stages_of
from workflow.path.states import Precision
from workflow.people.models import Body, User


@command
def start_revision(
    *, plan_id: int, kind: str, route: str, title: str, starts_on: date, by: User, at: datetime
) -> Revision:
    """Start a revision (起案) with a path of its own and the plan as it stands as its draft."""
    plan = Plan.objects.select_for_update(of=("self",)).get(pk=plan_id)  # lock

    post = check_can_start(by, plan, in_tokyo(at))  # check
    gates.check_can_begin(plan, kind=kind, title=title)
    check_near(starts_on, at, "starts_on")
    secretariat, base = secretariat_of(plan), plan.current

    case = path.lay(route, title=title, starts_on=starts_on, calendar=calendar())  # move
    revision = Revision.objects.create(plan=plan, case=case, kind=kind, title=title, base=base)
    if content := current_content(plan):
        load(revision, content)
    grant("steer_revision", secretariat.group, revision)
    grant("read_revision", parts.staff_groups(), revision)
    follow(revision, stages_of(case.pk), by=by, at=at, replanned=True)

    entry = record(  # record
        "revision.started",
        revision,
        by=by,
        post=post,
        at=at,
        after=revision.state,
        kind=kind,
        route=route,
        base=base.sha256 if base else None,
    )
    parts.tell_readers(entry, revision)  # tell
    return revision


@command
def plan_stage(
    *,
    stage_id: int,
    planned_from: date,
    planned_until: date,
    by: User,
    at: datetime,
    precision: str = Precision.DAY,
    reason: str = "",
    seen: int | None = None,
) -> Stage:
    """Set the dates of a planned stage (日程), to the day or to the month.

    Once a stage has begun, others rely on them, as in schedule_revision.
    """
    revision, stage, stages = parts.lock(stage_id)  # lock

    post = check_can_move(by, revision, at, seen)  # check
    days, today = rounded(planned_from, planned_until, precision), in_tokyo(at)
    check_stage_days(revision, stage, days, precision, reason=reason, today=today)

    before, closed = dates(stage), calendar()
    path.plan(stage, *days, precision, closed, by=by, at=at, reason=reason)  # move
    follow(revision, stages, by=by, at=at, replanned=True)
    follow_stage(stage, by=by, post=post, at=at, reason=reason)

    acted = {"by": by, "post": post, "at": at, "before": before, "reason": reason}
    entry = parts.enter("stage.planned", revision, stage, **acted, after=dates(stage))  # record
    tell_days(entry, revision, moves([stage], {stage.pk: before}), reason=reason)  # tell
    return stage


@command
def add_stage(
    *,
    after_id: int,
    kind: str,
    asks: str,
    name: str,
    reason: str,
    by: User,
    at: datetime,
    body_id: int | None = None,
    seen: int | None = None,
) -> Stage:
    """Put a stage on the path that its route does not have (追加)."""
    revision, previous, _stages = parts.lock(after_id)  # lock

    post = check_can_move(by, revision, at, seen)  # check
    body = Body.objects.get(pk=body_id) if body_id else None

    stage = path.add(  # move
        previous, kind=kind, asks=asks, name=name, body=body, by=by, at=at, reason=reason
    )
    follow(revision, stages_of(revision.case_id), by=by, at=at, replanned=True)

    acted = {"by": by, "post": post, "at": at, "reason": reason}
    entry = parts.enter("stage.added", revision, stage, **acted, previous=previous.pk)  # record
    parts.tell_secretariat(entry, revision, stage, reason)  # tell
    return stage


@command
def open_stage(
    *, stage_id: int, by: User, at: datetime, reason: str = "", seen: int | None = None
) -> Stage:
    """Begin a stage (開始) and keep the draft as it is then; out of turn only with a reason."""
    revision, stage, stages = parts.lock(stage_id)  # lock

    post = check_can_move(by, revision, at, seen)  # check

    before = stage.state
    path.open_(stage, by=by, at=at, reason=reason)  # move
    if revision.state == RevisionState.DRAFTING:
        revision.consult()
    version = freeze(revision, label=parts.version_label(stage), by=by, at=at)
    follow(revision, stages, by=by, at=at)

    acted = {"by": by, "post": post, "at": at, "before": before, "reason": reason}
    entry = parts.enter("stage.opened", revision, stage, **acted, version=version.number)  # record
    parts.tell_secretariat(entry, revision, stage)  # tell
    return stage


@command
def conclude_stage(
    *,
    stage_id: int,
    outcome: str,
    by: User,
    at: datetime,
    remarks: str = "",
    seen: int | None = None,
) -> Stage:
    """End a stage (終了) with the outcome that was asked of it."""
    revision, stage, stages = parts.lock(stage_id)  # lock

    post = check_can_move(by, revision, at, seen)  # check
    gates.check_can_conclude(stage)

    before = stage.state
    path.conclude(stage, outcome=outcome, remarks=remarks, at=at)  # move
    close_inquiry(stage, by=by, at=at)
    follow(revision, stages, by=by, at=at)

    acted = {"by": by, "post": post, "at": at, "before": before, "reason": remarks}
    entry = parts.enter("stage.concluded", revision, stage, **acted, outcome=outcome)  # record
    parts.tell_secretariat(entry, revision, stage)  # tell
    return stage


@command
def send_back_stage(
    *,
    stage_id: int,
    to_stage_id: int,
    reason: str,
    by: User,
    at: datetime,
    between: Iterable[int] = (),
    seen: int | None = None,
) -> list[Stage]:
    """Return to an earlier stage (差戻し): it and what is chosen run again; return the new runs."""
    revision, stage, stages = parts.lock(stage_id)  # lock

    post = check_can_move(by, revision, at, seen)  # check
    gates.check_can_break_off([stage])

    before = stage.state
    runs = path.send_back(  # move
        stage, to_id=to_stage_id, between=between, stages=stages, reason=reason, at=at
    )
    parts.call_off(stage, by=by, post=post, at=at, reason=reason)
    follow(revision, stages_of(revision.case_id, moved=[stage]), by=by, at=at, replanned=True)

    acted = {"by": by, "post": post, "at": at, "before": before, "reason": reason}
    again = [run.name for run in runs]
    entry = parts.enter("stage.sent_back", revision, stage, **acted, again=again)  # record
    parts.tell_secretariat(entry, revision, stage, reason)  # tell
    return runs


@command
def skip_stage(
    *, stage_id: int, reason: str, by: User, at: datetime, seen: int | None = None
) -> Stage:
    """Leave a planned stage out (省略)."""
    revision, stage, stages = parts.lock(stage_id)  # lock

    post = check_can_move(by, revision, at, seen)  # check
    gates.check_can_go_without(stage)

    before = stage.state
    path.skip(stage, by=by, at=at, reason=reason)  # move
    parts.call_off(stage, by=by, post=post, at=at, reason=reason)
    follow(revision, stages, by=by, at=at, replanned=True)

    acted = {"by": by, "post": post, "at": at, "before": before, "reason": reason}
    entry = parts.enter("stage.skipped", revision, stage, **acted)  # record
    parts.tell_secretariat(entry, revision, stage, reason)  # tell
    return stage


@command
def cancel_stage(
    *, stage_id: int, reason: str, by: User, at: datetime, seen: int | None = None
) -> Stage:
    """Break a stage off (中止); the path goes on without it."""
    revision, stage, stages = parts.lock(stage_id)  # lock

    post = check_can_move(by, revision, at, seen)  # check
    gates.check_can_go_without(stage)
    gates.check_can_break_off([stage])

    before = stage.state
    path.cancel(stage, by=by, at=at, reason=reason)  # move
    parts.call_off(stage, by=by, post=post, at=at, reason=reason)
    follow(revision, stages, by=by, at=at, replanned=True)

    acted = {"by": by, "post": post, "at": at, "before": before, "reason": reason}
    entry = parts.enter("stage.cancelled", revision, stage, **acted)  # record
    parts.tell_secretariat(entry, revision, stage, reason)  # tell
    return stage


@command
def withdraw_revision(
    *, revision_id: int, reason: str, by: User, at: datetime, seen: int | None = None
) -> Revision:
    """Abandon a revision (取下げ) with all that is under way in it."""
    revision, stages = parts.lock_all(revision_id)  # lock
    parts.lock_requests(revision)

    post = check_can_move(by, revision, at, seen)  # check
    gates.check_reason(reason)
    gates.check_can_break_off(stages)

    before = revision.state
    left = path.abandon(stages, reason=reason, at=at)  # move
    for stage in left:
        parts.call_off(stage, by=by, post=post, at=at, reason=reason)
    call_off_minutes(revision.meetings.all(), by=by, post=post, at=at, reason=reason)
    revision.withdraw(at=at)
    follow(revision, stages, by=by, at=at)

    entry = record(  # record
        "revision.withdrawn",
        revision,
        *left,
        by=by,
        post=post,
        at=at,
        before=before,
        after=revision.state,
        reason=reason,
    )
    parts.tell_readers(entry, revision)  # tell
    return revision
