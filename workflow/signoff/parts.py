"""Writes of a circulation. Usable only inside a command."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from workflow.audit.chain import digest
from workflow.audit.models import AuditEntry
from workflow.audit.trail import record
from workflow.deadline.calendar import in_tokyo
from workflow.outbox.queue import emit
from workflow.people.models import Post, User
from workflow.signoff.models import Content, Request, Signature, Step
from workflow.signoff.seal import statement
from workflow.signoff.states import Meaning, StepRole, StepState

Line = Sequence[tuple[int, StepRole, Post]]


def circulate(
    *,
    kind: str,
    title: str,
    link: str,
    part_of: str,
    body: str,
    drafter: User,
    post: Post,
    steps: Line,
    at: datetime,
) -> Request:
    """Draft a request over `body` and send it round (起案・回議).

    part_of  key of the whole whose history the request belongs to
    steps    (order, role, post); steps of the same order run side by side
    raises   ValueError without a step
    """
    request = Request(
        kind=kind,
        title=title,
        link=link,
        part_of=part_of,
        content=freeze(body),
        drafter=drafter,
        drafter_post=post,
    )
    request.save()
    return recirculate(request, body=body, steps=steps, by=drafter, post=post, at=at)


def recirculate(
    request: Request, *, body: str, steps: Line, by: User, post: Post, at: datetime
) -> Request:
    """Send round a locked request that is a draft, over new content and with new steps."""
    if not steps:
        raise ValueError("a circulation needs a step")
    request.circulate(content=freeze(body), at=at)
    first = min(order for order, _, _ in steps)
    rows = []
    for order, role, signer in steps:
        step = Step(request=request, attempt=request.attempt, order=order, role=role, post=signer)
        if order == first:
            step.activate(at=at)
        rows.append(step)
    Step.objects.bulk_create(rows)
    entry = record(
        "signoff.circulated",
        request,
        by=by,
        post=post,
        at=at,
        before="draft",
        after=request.state,
        attempt=request.attempt,
        content=request.content.sha256,
        line=[[order, str(role), signer.name] for order, role, signer in steps],
    )
    tell_signers(entry, request, rows)
    return request


def freeze(body: str) -> Content:
    """Keep the exact bytes; the same bytes are kept once."""
    return Content.objects.get_or_create(sha256=digest(body), defaults={"body": body})[0]


def sign(step: Step, *, meaning: Meaning, by: User, at: datetime, comment: str = "") -> Signature:
    """Bind signer, post, meaning and time to the bytes shown."""
    text = statement(
        request=step.request_id,
        step=step.pk,
        attempt=step.attempt,
        signer=(by.pk, by.name),
        post=(step.post_id, step.post.name),
        meaning=meaning,
        content_sha256=step.request.content.sha256,
        at=at.isoformat(),
        comment=comment,
    )
    return Signature.objects.create(
        step=step, signer=by, meaning=meaning, at=at, statement=text, sha256=digest(text)
    )


def advance(request: Request, steps: Sequence[Step], *, at: datetime) -> list[Step]:
    """Move a locked request on: return the steps activated; decide it when none is left."""
    running = [s for s in steps if s.state == StepState.ACTIVE]
    if running:
        return []
    waiting = [s for s in steps if s.state == StepState.WAITING]
    if not waiting:
        request.decide(at=at, on=in_tokyo(at))
        return []
    order = min(s.order for s in waiting)
    turn = [s for s in waiting if s.order == order]
    for step in turn:
        step.activate(at=at)
    return turn


def close_open(steps: Iterable[Step]) -> list[Step]:
    """Close the steps that nobody will act on any more."""
    left = [s for s in steps if s.state in (StepState.WAITING, StepState.ACTIVE)]
    for step in left:
        step.close()
    return left


def withdraw(request: Request, *, by: User, post: Post, at: datetime, reason: str) -> AuditEntry:
    """End a locked request without a decision (取下げ); its kind is not told."""
    before = request.state
    closed = close_open(request.steps.filter(attempt=request.attempt))
    request.withdraw(at=at)
    return record(
        "signoff.withdrawn",
        request,
        *closed,
        by=by,
        post=post,
        at=at,
        before=before,
        after=request.state,
        reason=reason,
    )


def tell_signers(entry: AuditEntry, request: Request, steps: Iterable[Step]) -> None:
    """Tell those whose turn it is now."""
    turn = [s.post.group for s in steps if s.state == StepState.ACTIVE]
    if turn:
        emit(entry, to=turn, link=page(request), title=request.title, act="sign")


def tell_drafter(entry: AuditEntry, request: Request) -> None:
    emit(entry, users=[request.drafter_id], link=page(request), title=request.title)


def page(request: Request) -> str:
    return f"/requests/{request.pk}/"
