"""決裁: what signers and drafters do. Every command has the same five beats."""

from datetime import datetime
from typing import Any

from workflow.audit.trail import check_seen
from workflow.deadline.calendar import in_tokyo
from workflow.ledger.command import command
from workflow.people.models import User
from workflow.signoff import parts, parts_agree
from workflow.signoff.circulation import (
    last_signed,
    own_of,
    recalled,
    to_sign_again,
    undone_with,
)
from workflow.signoff.gates import check_can_pass, check_can_return_to, check_reason
from workflow.signoff.kinds import kind_of
from workflow.signoff.lock import lock_request, lock_step
from workflow.signoff.marks import Mark
from workflow.signoff.models import Request, Step
from workflow.signoff.parts_agree import go_on, once
from workflow.signoff.parts_sign import sign
from workflow.signoff.parts_tell import tell_back, tell_drafter, tell_moved
from workflow.signoff.policies import check_can_pull_back, check_can_sign, check_is_drafter
from workflow.signoff.states import Meaning


@command
def approve(
    *, step_id: int, by: User, at: datetime, comment: str = "", seen: int | None = None
) -> Request:
    """Sign one step (承認; the decider's is the 決裁), and those one holds next to it (兼務)."""
    request, step, steps = lock_step(step_id, by=by, on=in_tokyo(at))  # lock

    right = check_can_sign(by, step, steps, in_tokyo(at))  # check
    check_seen(request, seen)

    mark = parts.mark_of(request, by=by, at=at, right=right, said=comment)  # move
    moved = parts_agree.approve(request, step, steps, mark)

    return go_on("signoff.approved", request, step, steps, moved, mark)  # record, tell


@command
def pull_up(
    *, step_id: int, by: User, at: datetime, comment: str = "", seen: int | None = None
) -> Request:
    """Sign before one's turn (引き上げ承認); those passed over read it afterwards (後閲)."""
    request, step, steps = lock_step(step_id, by=by, on=in_tokyo(at))  # lock

    right = check_can_sign(by, step, steps, in_tokyo(at))  # check
    check_seen(request, seen)
    passed = check_can_pass(step, steps)

    mark = parts.mark_of(request, by=by, at=at, right=right, said=comment)  # move
    moved = parts_agree.pull_up(request, step, steps, passed, mark)

    skipped = [earlier.post.name for earlier in passed]  # record, tell
    return go_on("signoff.pulled_up", request, step, steps, moved, mark, passed_over=skipped)


@command
def concur(
    *, step_id: int, by: User, at: datetime, comment: str = "", seen: int | None = None
) -> Request:
    """Agree for a section concerned (合議の同意), with an opinion or without."""
    request, step, steps = lock_step(step_id, by=by, on=in_tokyo(at))  # lock

    right = check_can_sign(by, step, steps, in_tokyo(at))  # check
    check_seen(request, seen)

    mark = parts.mark_of(request, by=by, at=at, right=right, said=comment)  # move
    moved = parts_agree.concur(request, step, steps, mark)

    return go_on("signoff.concurred", request, step, steps, moved, mark)  # record, tell


@command
def dissent(
    *, step_id: int, by: User, at: datetime, reason: str, seen: int | None = None
) -> Request:
    """Disagree for a section concerned (不同意). It goes on: the decider reads why, and decides."""
    request, step, steps = lock_step(step_id, by=by, on=in_tokyo(at))  # lock

    right = check_can_sign(by, step, steps, in_tokyo(at))  # check
    check_seen(request, seen)
    check_reason(reason)

    mark = parts.mark_of(request, by=by, at=at, right=right, said=reason)  # move
    step.dissent(mark)
    moved = [step, *parts.advance(request, steps, mark)]
    sign([step], steps, Meaning.DISSENTED, mark)

    entry = parts.enter("signoff.dissented", request, moved, mark, step=step)  # record
    tell_drafter(entry, request, reason)  # tell
    tell_moved(entry, request, moved, mark, steps)
    return request


@command
def send_back(
    *,
    step_id: int,
    by: User,
    at: datetime,
    reason: str,
    to_step_id: int | None = None,
    rerun: bool = True,
    seen: int | None = None,
) -> Request:
    """Return it (差戻し), to the drafter or to an earlier step of this circulation.

    The drafter's next circulation begins anew. An earlier step signs again; with `rerun` so do
    all between, without it the turn then comes straight back. What was signed stays as evidence.
    """
    request, step, steps = lock_step(step_id, by=by, on=in_tokyo(at))  # lock

    right = check_can_sign(by, step, steps, in_tokyo(at))  # check
    check_seen(request, seen)
    check_reason(reason)

    mark = parts.mark_of(request, by=by, at=at, right=right, said=reason)
    if to_step_id is not None:
        target = check_can_return_to(step, to_step_id, steps)
        return _send_back_to(target, request, step, steps, mark, rerun=rerun)

    step.send_back(mark)  # move
    moved = [step, *parts.close_open(steps, mark)]
    request.return_to_drafter()
    sign([step], steps, Meaning.SENT_BACK, mark)

    entry = parts.enter("signoff.sent_back", request, moved, mark, step=step)  # record
    kind = kind_of(request)
    kind.sent_back(request, by=by, at=at, reason=reason)
    if not kind.tells_back:
        tell_drafter(entry, request, reason)  # tell
    return request


def _send_back_to(
    target: Step, request: Request, step: Step, steps: list[Step], mark: Mark, *, rerun: bool
) -> Request:
    again = to_sign_again(step, target, steps, rerun=rerun)
    step.return_turn(mark)  # move
    back = recalled(target.order, steps)
    moved = [step, *parts.go_back(request, steps, mark, recalled=back, again=again)]
    sign([step], steps, Meaning.SENT_BACK, mark)

    facts: dict[str, Any] = {"to_step": target.pk, "to_post": target.post.name, "rerun": rerun}
    entry = parts.enter(  # record
        "signoff.sent_back", request, once(moved), mark, step=step, **facts
    )
    tell_back(entry, request, [target], mark, steps)  # tell
    return request


@command
def reject(
    *, step_id: int, by: User, at: datetime, reason: str, seen: int | None = None
) -> Request:
    """End the request without a decision (否決). Only who decides can."""
    request, step, steps = lock_step(step_id, by=by, on=in_tokyo(at))  # lock

    right = check_can_sign(by, step, steps, in_tokyo(at))  # check
    check_seen(request, seen)
    check_reason(reason)

    mark = parts.mark_of(request, by=by, at=at, right=right, said=reason)  # move
    step.reject(mark)
    moved = [step, *parts.close_open(steps, mark, reviews=False)]
    moved += parts.owe_review(step, steps, mark)
    request.reject(at=at)
    sign([step], steps, Meaning.REJECTED, mark)

    entry = parts.enter("signoff.rejected", request, moved, mark, step=step)  # record
    kind = kind_of(request)
    kind.rejected(request, by=by, at=at, reason=reason)
    if not kind.tells_back:
        tell_drafter(entry, request, reason)  # tell
    tell_moved(entry, request, moved, mark, steps)
    return request


@command
def pull_back(*, request_id: int, by: User, at: datetime, seen: int | None = None) -> Request:
    """Take back one's own act until the next acts (引戻し): the last signature, or the draft."""
    request, steps = lock_request(request_id, by=by, on=in_tokyo(at))  # lock
    last = last_signed(steps)

    right = check_can_pull_back(by, request, last, in_tokyo(at))  # check
    check_seen(request, seen)

    mark = parts.mark_of(request, by=by, at=at, right=right)  # move
    if last is None:
        moved = parts.close_open(steps, mark)
        request.return_to_drafter()
    else:
        undone = undone_with(last, steps)
        sign(own_of(last, undone), steps, Meaning.PULLED_BACK, mark)
        back = recalled(min(step.order for step in undone), steps)
        moved = parts.go_back(request, steps, mark, recalled=back, again=undone)

    entry = parts.enter("signoff.pulled_back", request, once(moved), mark)  # record
    if last is None:
        kind_of(request).pulled_back(request, by=by, at=at, reason="")
    tell_drafter(entry, request)  # tell
    return request


@command
def withdraw(
    *, request_id: int, by: User, at: datetime, reason: str, seen: int | None = None
) -> Request:
    """Abandon one's own request (取下げ)."""
    request, _steps = lock_request(request_id, by=by, on=in_tokyo(at))  # lock

    right = check_is_drafter(by, request, in_tokyo(at))  # check
    check_seen(request, seen)
    check_reason(reason)

    entry = parts.withdraw(request, by=by, post=right.post, at=at, reason=reason)  # move, record
    kind_of(request).withdrawn(request, by=by, at=at, reason=reason)
    tell_drafter(entry, request, reason)  # tell
    return request
