"""決裁: what leaves the turn where it is — 保留, 意見, and what is read afterwards (後閲・供覧)."""

from datetime import datetime

from workflow.audit.trail import check_seen
from workflow.deadline.calendar import in_tokyo
from workflow.ledger.command import command
from workflow.people.models import User
from workflow.signoff import parts, parts_aside
from workflow.signoff.gates import check_reason
from workflow.signoff.lock import lock_request, lock_step
from workflow.signoff.models import Request
from workflow.signoff.parts_tell import tell_drafter, tell_involved
from workflow.signoff.policies import check_can_comment, check_can_read, check_can_sign


@command
def hold(*, step_id: int, by: User, at: datetime, reason: str, seen: int | None = None) -> Request:
    """Keep one's turn for now (保留). Signing ends it by itself."""
    request, step, steps = lock_step(step_id, by=by, on=in_tokyo(at))  # lock

    right = check_can_sign(by, step, steps, in_tokyo(at))  # check
    check_seen(request, seen)
    check_reason(reason)

    mark = parts.mark_of(request, by=by, at=at, right=right, said=reason)  # move
    step.hold(mark)

    entry = parts.enter("signoff.held", request, [step], mark, step=step)  # record
    tell_drafter(entry, request, reason)  # tell
    return request


@command
def resume(*, step_id: int, by: User, at: datetime, seen: int | None = None) -> Request:
    """End one's hold without signing yet (保留の解除)."""
    request, step, steps = lock_step(step_id, by=by, on=in_tokyo(at))  # lock

    right = check_can_sign(by, step, steps, in_tokyo(at))  # check
    check_seen(request, seen)

    mark = parts.mark_of(request, by=by, at=at, right=right)  # move
    step.resume(mark)

    entry = parts.enter("signoff.resumed", request, [step], mark, step=step)  # record
    tell_drafter(entry, request)  # tell
    return request


@command
def comment(
    *, request_id: int, by: User, at: datetime, comment: str, seen: int | None = None
) -> Request:
    """Remark on a request (意見). No state moves."""
    request, steps = lock_request(request_id, by=by, on=in_tokyo(at))  # lock

    right = check_can_comment(by, request, steps, in_tokyo(at))  # check
    check_seen(request, seen)
    check_reason(comment, field="comment")

    mark = parts.mark_of(request, by=by, at=at, right=right, said=comment)
    entry = parts.enter("signoff.commented", request, [], mark)  # record
    tell_involved(entry, request, steps, mark)  # tell
    return request


@command
def post_review(
    *, step_id: int, by: User, at: datetime, comment: str = "", seen: int | None = None
) -> Request:
    """Read afterwards what went on without one (後閲). Nothing is undone by it."""
    request, step, steps = lock_step(step_id, by=by, on=in_tokyo(at))  # lock

    right = check_can_read(step)  # check
    check_seen(request, seen)

    mark = parts.mark_of(request, by=by, at=at, right=right, said=comment)
    return parts_aside.post_review(request, step, steps, mark)  # move, record, tell


@command
def read(*, step_id: int, by: User, at: datetime, seen: int | None = None) -> Request:
    """Say that one has read what was decided (供覧). A receipt, no signature."""
    request, step, _steps = lock_step(step_id, by=by, on=in_tokyo(at))  # lock

    right = check_can_read(step)  # check
    check_seen(request, seen)

    return parts_aside.read(  # move, record
        request, step, parts.mark_of(request, by=by, at=at, right=right)
    )
