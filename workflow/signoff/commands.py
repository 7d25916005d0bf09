"""決裁: what signers and drafters do. Every command has the same five beats."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid
from workflow.people.models import User
from workflow.signoff import parts
from workflow.signoff.kinds import kind_of
from workflow.signoff.models import Request, Step
from workflow.signoff.policies import check_can_pull_back, check_can_sign, check_is_drafter
from workflow.signoff.queries import last_approved
from workflow.signoff.states import Meaning, StepState


@transaction.atomic(durable=True)
def approve(
    *, step_id: int, by: User, at: datetime, comment: str = "", seen: int | None = None
) -> Request:
    """Sign one step (承認)."""
    request, step, steps = _lock(step_id=step_id)  # lock

    post = check_can_sign(by, step, in_tokyo(at))  # check
    check_seen(request, seen)

    before = request.state
    step.approve(by_id=by.pk, at=at, comment=comment)  # move
    turn = parts.advance(request, steps, at=at)
    parts.sign(step, meaning=Meaning.APPROVED, by=by, at=at, comment=comment)

    decided = request.state == "decided"
    entry = record(  # record
        "signoff.decided" if decided else "signoff.approved",
        request,
        step,
        *turn,
        by=by,
        post=post,
        at=at,
        before=before,
        after=request.state,
        step=step.pk,
        content=request.content.sha256,
    )
    if decided:
        kind_of(request).decided(request, by=by, at=at, reason=comment)
        parts.tell_drafter(entry, request)  # tell
    else:
        parts.tell_signers(entry, request, turn)
    return request


@transaction.atomic(durable=True)
def send_back(
    *, step_id: int, by: User, at: datetime, reason: str, seen: int | None = None
) -> Request:
    """Return the request to its drafter (差戻し). Approvals so far do not carry over."""
    request, step, steps = _lock(step_id=step_id)  # lock

    post = check_can_sign(by, step, in_tokyo(at))  # check
    check_seen(request, seen)
    _require(reason)

    before = request.state
    step.send_back(by_id=by.pk, at=at, comment=reason)  # move
    closed = parts.close_open(steps)
    request.return_to_drafter()
    parts.sign(step, meaning=Meaning.SENT_BACK, by=by, at=at, comment=reason)

    entry = record(  # record
        "signoff.sent_back",
        request,
        step,
        *closed,
        by=by,
        post=post,
        at=at,
        before=before,
        after=request.state,
        reason=reason,
        step=step.pk,
    )
    kind_of(request).sent_back(request, by=by, at=at, reason=reason)
    parts.tell_drafter(entry, request)  # tell
    return request


@transaction.atomic(durable=True)
def reject(
    *, step_id: int, by: User, at: datetime, reason: str, seen: int | None = None
) -> Request:
    """End the request without a decision (否決)."""
    request, step, steps = _lock(step_id=step_id)  # lock

    post = check_can_sign(by, step, in_tokyo(at))  # check
    check_seen(request, seen)
    _require(reason)

    before = request.state
    step.reject(by_id=by.pk, at=at, comment=reason)  # move
    closed = parts.close_open(steps)
    request.reject(at=at)
    parts.sign(step, meaning=Meaning.REJECTED, by=by, at=at, comment=reason)

    entry = record(  # record
        "signoff.rejected",
        request,
        step,
        *closed,
        by=by,
        post=post,
        at=at,
        before=before,
        after=request.state,
        reason=reason,
        step=step.pk,
    )
    kind_of(request).rejected(request, by=by, at=at, reason=reason)
    parts.tell_drafter(entry, request)  # tell
    return request


@transaction.atomic(durable=True)
def pull_back(*, request_id: int, by: User, at: datetime, seen: int | None = None) -> Request:
    """Take back one's own act until the next acts (引戻し): the last approval, or the draft."""
    request, steps = _lock_request(pk=request_id)  # lock
    last = last_approved(steps)

    post = check_can_pull_back(by, request, last, in_tokyo(at))  # check
    check_seen(request, seen)

    before = request.state
    if last is None:  # move
        moved = parts.close_open(steps)
        request.return_to_drafter()
    else:
        moved = _step_back(last, steps)
        request.rewind()
        parts.sign(last, meaning=Meaning.PULLED_BACK, by=by, at=at)

    entry = record(  # record
        "signoff.pulled_back",
        request,
        *moved,
        by=by,
        post=post,
        at=at,
        before=before,
        after=request.state,
    )
    if last is None:
        kind_of(request).pulled_back(request, by=by, at=at, reason="")
    parts.tell_drafter(entry, request)  # tell
    return request


@transaction.atomic(durable=True)
def withdraw(
    *, request_id: int, by: User, at: datetime, reason: str, seen: int | None = None
) -> Request:
    """Abandon one's own request (取下げ)."""
    request, _steps = _lock_request(pk=request_id)  # lock

    post = check_is_drafter(by, request, in_tokyo(at))  # check
    check_seen(request, seen)
    _require(reason)

    entry = parts.withdraw(request, by=by, post=post, at=at, reason=reason)  # move, record
    kind_of(request).withdrawn(request, by=by, at=at, reason=reason)
    parts.tell_drafter(entry, request)  # tell
    return request


def _lock(*, step_id: int) -> tuple[Request, Step, list[Step]]:
    """Lock the request of a step; its steps are moved only under that lock."""
    request, steps = _lock_request(steps=step_id)
    step = next((s for s in steps if s.pk == step_id), None)
    return request, step or request.steps.select_related("post").get(pk=step_id), steps


def _lock_request(**which: int) -> tuple[Request, list[Step]]:
    """Content is read after the lock: joined to it, it would be the one from before the wait."""
    requests = Request.objects.select_for_update(of=("self",)).select_related("drafter_post")
    request = requests.get(**which)
    rows = request.steps.filter(attempt=request.attempt)
    steps = list(rows.select_related("post__group", "request__content"))
    for step in steps:
        request.content, step.request = step.request.content, request
    return request, steps


def _step_back(last: Step, steps: list[Step]) -> list[Step]:
    """The last approver's step is active again; those it had activated wait again."""
    after = [s for s in steps if s.state == StepState.ACTIVE and s.order > last.order]
    for step in after:
        step.deactivate()
    last.pull_back()
    return [last, *after]


def _require(reason: str) -> None:
    if not reason.strip():
        raise Invalid(_("理由を入力してください。"), field="reason")
