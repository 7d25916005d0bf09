"""Writes of a circulation. Usable only inside a command."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from workflow.audit.chain import digest
from workflow.audit.models import AuditEntry
from workflow.audit.trail import record
from workflow.authority.about import UNSAID, About
from workflow.authority.line import Line
from workflow.authority.states import StepRole
from workflow.deadline.calendar import in_tokyo
from workflow.people.models import Post, User
from workflow.people.queries import presence_of
from workflow.people.states import DeputyKind
from workflow.signoff.circulation import front, passable, pending, spared
from workflow.signoff.gates_record import check_about
from workflow.signoff.marks import Mark, Right
from workflow.signoff.models import Content, Request, Step
from workflow.signoff.parts_days import Act, follow
from workflow.signoff.parts_tell import tell_moved
from workflow.signoff.states import GATING, OPEN, StepState


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
    about: About = UNSAID,
    corrects: Request | None = None,
    correction_reason: str = "",
    matter: str = "",
    asked_for_on: date | None = None,
) -> Request:
    """Draft a request over `body` and send it round (起案・回議).

    about         what it says of itself (区分), signed together with the body; its 文書記号 is the
                  drafting section's when none is said
    part_of       key of the whole whose history the request belongs to
    steps         turns of the same order run side by side
    matter        key of the row whose running deadline is the request's
    asked_for_on  day by which it should be decided, where the matter has no deadline
    raises        ValueError without a step
    """
    request = Request(
        kind=kind,
        title=title,
        link=link,
        part_of=part_of,
        matter=matter,
        asked_for_on=asked_for_on,
        content=freeze(body),
        drafter=drafter,
        drafter_post=post,
        corrects=corrects,
        correction_reason=correction_reason,
    )
    check_about(about)
    symbol = about.symbol or (post.section.symbol if post.section else "")
    request.classify(replace(about, symbol=symbol))
    request.save()
    return recirculate(request, body=body, steps=steps, by=drafter, post=post, at=at)


def recirculate(
    request: Request,
    *,
    body: str,
    steps: Line,
    by: User,
    post: Post,
    at: datetime,
    about: About | None = None,
) -> Request:
    """Send round a locked request that is a draft, over new content and with new steps.

    about  None when what the request says of itself stays as it is
    """
    _check_line(steps)
    if about is not None:
        check_about(about)
        request.classify(replace(about, symbol=about.symbol or request.symbol))
    mark = mark_of(request, by=by, at=at, right=Right(post))
    request.circulate(content=freeze(body), at=at)
    rows = _lay(request, steps, in_tokyo(at))
    advance(request, rows, mark)
    Step.objects.bulk_create(rows)
    entry = enter(
        "signoff.circulated",
        request,
        [],
        mark,
        saved=rows,
        attempt=request.attempt,
        content=request.content.sha256,
        line=[[turn.order, str(turn.role), turn.post.name] for turn in steps],
        about=request.about.facts(),
        corrects=request.correction,
    )
    tell_moved(entry, request, rows, mark, rows)
    return request


def _check_line(steps: Line) -> None:
    """raises  ValueError unless somebody is waited for, one at most decides, none concurs last"""
    turns = [turn for turn in steps if turn.role in GATING]
    if not turns:
        raise ValueError("a circulation needs a step")
    if sum(turn.role == StepRole.DECIDER for turn in turns) > 1:
        raise ValueError("one decides")
    last = max(turn.order for turn in turns)
    if any(t.role == StepRole.CONCURRENCE for t in turns if t.order == last):
        raise ValueError("who concurs does not decide")


def _lay(request: Request, steps: Line, on: date) -> list[Step]:
    """Return the new circulation's steps, yet to be saved."""
    found = presence_of([turn.post.pk for turn in steps], on)
    rows = [
        Step(
            request=request,
            attempt=request.attempt,
            order=turn.order,
            role=turn.role,
            post=turn.post,
            needed=turn.needed,
        )
        for turn in steps
    ]
    for row in rows:
        row.away, row.manned = found[row.post_id]
    return rows


def freeze(body: str) -> Content:
    """Keep the exact bytes; the same bytes are kept once."""
    return Content.objects.get_or_create(sha256=digest(body), defaults={"body": body})[0]


def mark_of(request: Request, *, by: User, at: datetime, right: Right, said: str = "") -> Mark:
    """Begin an act on a locked request; enter() ends it."""
    number = request.chain_length + 1
    return Mark(by=by, at=at, number=number, right=right, said=said, before=request.state)


def enter(
    verb: str,
    request: Request,
    moved: Sequence[Step],
    mark: Mark,
    *,
    step: Step | None = None,
    saved: Sequence[Step] = (),
    acts: list[Act] | None = None,
    **facts: Any,
) -> AuditEntry:
    """Chain the act to its request: the entry tells the state of every step that it moved.

    step   the one that was acted on; whose place the act took there is told too
    saved  moved ones that are in the database already
    acts   takes up the act where the deadlines of many follow together; else they follow here
    """
    if step is not None:
        facts |= {"step": step.pk, "content": request.content.sha256} | _acted_for(step, mark)
    every = (*saved, *moved)
    entry = record(
        verb,
        request,
        *moved,
        by=mark.by,
        post=mark.right.post,
        at=mark.at,
        before=mark.before,
        after=request.state,
        reason=mark.said,
        moved=[[s.pk, str(s.state)] for s in every],
        **facts,
    )
    act = Act(request, every, step, mark)
    if acts is None:
        follow([act])
    else:
        acts.append(act)
    return entry


def _acted_for(step: Step, mark: Mark) -> dict[str, Any]:
    if not mark.right.acting_as:
        return {}
    return {
        "for_post": {"id": step.post_id, "name": step.post.name},
        "acting_as": str(mark.right.acting_as),
        "basis": mark.right.basis,
    }


def advance(request: Request, steps: Sequence[Step], mark: Mark) -> list[Step]:
    """Move a locked request on; return the steps moved. It is decided when none is left.

    1. Whoever n-of-m spares is closed.
    2. The next turn becomes active; an absent intermediate approver is passed over with 後閲.
    3. When nobody is waited for any more, it is decided, and 供覧 and 後閲 begin.
    """
    moved = spared(steps)
    for step in moved:
        step.close(mark)
    while turn := [s for s in front(steps) if s.state == StepState.WAITING]:
        for step in turn:
            if passable(step, steps):
                step.pass_over(mark)
            else:
                step.activate(at=mark.at)
        moved += turn
    if not pending(steps):
        moved += _decide(request, steps, mark)
    return moved


def _decide(request: Request, steps: Sequence[Step], mark: Mark) -> list[Step]:
    request.decide(at=mark.at, on=in_tokyo(mark.at))
    after = [s for s in steps if s.state == StepState.WAITING]
    for step in after:
        if step.role == StepRole.INFORMED:
            step.activate(at=mark.at)
        else:
            step.pass_over(mark)
    return after


def owe_review(step: Step, steps: Sequence[Step], mark: Mark) -> list[Step]:
    """After a 代決 the principal reads what was decided (後閲); after a 職務代理 nobody does."""
    if mark.right.acting_as != DeputyKind.SUBSTITUTE:
        return []
    review = Step(
        request=step.request,
        attempt=step.attempt,
        order=max(s.order for s in steps) + 1,
        role=StepRole.REVIEW,
        post=step.post,
    )
    review.pass_over(mark)
    review.save()
    return [review]


def go_back(
    request: Request,
    steps: Sequence[Step],
    mark: Mark,
    *,
    recalled: Sequence[Step],
    again: Sequence[Step],
) -> list[Step]:
    """Give the turn back to a step before; return the steps moved.

    recalled  lose the turn
    again     sign again
    """
    for step in recalled:
        step.deactivate(mark)
    for step in again:
        step.reopen(mark)
    turn = [s for s in front(steps) if s.state == StepState.WAITING]
    for step in turn:
        step.activate(at=mark.at)
    request.rewind()
    return [*recalled, *again, *turn]


def close_open(steps: Iterable[Step], mark: Mark, *, reviews: bool = True) -> list[Step]:
    """Close the steps that nobody will act on any more.

    reviews  also a 後閲 that is due: there is nothing left to review
    """
    states = (*OPEN, StepState.POST_REVIEW_DUE) if reviews else OPEN
    left = [s for s in steps if s.state in states]
    for step in left:
        step.close(mark)
    return left


def withdraw(request: Request, *, by: User, post: Post, at: datetime, reason: str) -> AuditEntry:
    """End a locked request without a decision (取下げ); its kind is not told."""
    mark = mark_of(request, by=by, at=at, right=Right(post), said=reason)
    closed = close_open(request.steps.filter(attempt=request.attempt), mark)
    request.withdraw(at=at)
    return enter("signoff.withdrawn", request, closed, mark)
