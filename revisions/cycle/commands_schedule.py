"""日程を決める: the days of many stages at once, as a secretariat has laid them out."""

from collections.abc import Mapping
from datetime import date, datetime

from revisions.cycle import parts
from revisions.cycle.gates import check_can_move
from revisions.cycle.gates_days import check_days
from revisions.plan.parts_days import dates, moves, tell_days
from revisions.plan.parts_stages import follow, reckon
from revisions.public_comment.parts import follow_stage
from workflow.audit.trail import record
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.policies import check_is_the_clock
from workflow.deadline.queries import calendar
from workflow.ledger.command import command
from workflow.path import parts as path
from workflow.path.models import Stage
from workflow.path.states import Precision
from workflow.people.models import User


@command
def schedule_revision(
    *,
    revision_id: int,
    days: Mapping[int, tuple[date, date]],
    by: User,
    at: datetime,
    reason: str = "",
    seen: int | None = None,
) -> list[Stage]:
    """Set the first and the last day of planned stages (id) together; return those that changed.

    Once a stage has begun, others rely on the days: to change them takes a reason, and all who
    read the revision are told.
    """
    revision, stages = parts.lock_all(revision_id)  # lock

    post = check_can_move(by, revision, at, seen)  # check
    changed = check_days(revision, stages, days, reason=reason, today=in_tokyo(at))

    before = {stage.pk: dates(stage) for stage in changed}  # move
    closed = calendar()
    for stage in changed:
        first, last = days[stage.pk]
        path.plan(stage, first, last, Precision.DAY, closed, by=by, at=at, reason=reason)
        follow_stage(stage, by=by, post=post, at=at, reason=reason)
    follow(revision, stages, by=by, at=at, replanned=True)

    moved = moves(changed, before)
    entry = record(  # record
        "revision.scheduled", revision, *changed, by=by, post=post, at=at, reason=reason, days=moved
    )
    tell_days(entry, revision, moved, reason=reason)  # tell
    return changed


@command
def reckon_ahead(*, revision_id: int, by: None, at: datetime) -> None:
    """周知の期限の見直し: the days by which a body is convened and the 広報紙 has its paper, as the
    calendar, the issues of the 広報紙 and the rules of bodies are now.
    """
    revision, stages = parts.lock_all(revision_id)  # lock
    check_is_the_clock(by)  # check
    reckon(revision, stages, at=at)  # move, record, tell
