"""Whom an act concerns. Usable only inside a command."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from workflow.audit.models import AuditEntry
from workflow.authority.states import StepRole
from workflow.deadline.calendar import in_tokyo
from workflow.outbox.queue import emit
from workflow.people.models import User
from workflow.signoff.circulation import next_to_pull
from workflow.signoff.deputising import next_in_line
from workflow.signoff.marks import Mark
from workflow.signoff.models import Request, Step
from workflow.signoff.queries import Standby, deputies_of
from workflow.signoff.standing import page
from workflow.signoff.states import StepState

Standbys = Mapping[int, Sequence[Standby]]


def tell_moved(
    entry: AuditEntry,
    request: Request,
    moved: Iterable[Step],
    mark: Mark,
    steps: Sequence[Step],
    standbys: Standbys | None = None,
) -> None:
    """Tell those whose turn it is now, and those who are to read what went past them.

    steps     the whole line: where nobody holds a post, somebody behind it may go on
    standbys  from standbys_of(), where it was asked for many requests at once
    """
    active = [s for s in moved if s.state == StepState.ACTIVE]
    turn = [s for s in active if s.role != StepRole.INFORMED]
    if standbys is None:
        standbys = standbys_of(turn, mark.by, in_tokyo(mark.at))
    for role in sorted({step.role for step in turn}):
        theirs = [step for step in turn if step.role == role]
        groups = [*_groups(theirs), *_deputies(theirs, standbys, steps, mark)]
        _tell(entry, request, groups, "sign", role=role)
    _tell_vacant(entry, request, _stopped(turn, standbys, steps, mark), steps)
    _tell(entry, request, _groups(s for s in active if s.role == StepRole.INFORMED), "read")
    _tell(
        entry, request, _groups(s for s in moved if s.state == StepState.POST_REVIEW_DUE), "review"
    )


def tell_back(
    entry: AuditEntry, request: Request, back: Sequence[Step], mark: Mark, steps: Sequence[Step]
) -> None:
    """Tell those who are to sign again what came back to them, and why.

    steps  the whole line
    """
    _tell(entry, request, _groups(back), "again", reason=mark.said)
    _tell_vacant(entry, request, [step for step in back if not step.manned], steps)


def tell_drafter(entry: AuditEntry, request: Request, reason: str = "") -> None:
    """Tell the drafter; when they have left the post, those who have it now (起案の引継ぎ).

    reason  where the act has one: what is said on agreeing is a comment
    """
    emit(
        entry,
        to=_heirs(request),
        users=[request.drafter_id],
        link=page(request),
        title=request.title,
        reason=reason,
    )


def _heirs(request: Request) -> list[int]:
    return [request.drafter_post.group_id] if request.drafter_left else []


def tell_involved(entry: AuditEntry, request: Request, steps: Sequence[Step], mark: Mark) -> None:
    """Tell the drafter, those who acted and those whose turn it is, but not who speaks."""
    users = {request.drafter_id, *(s.acted_by_id for s in steps if s.acted_by_id)} - {mark.by.pk}
    turn = _groups(s for s in steps if s.state == StepState.ACTIVE and not s.mine)
    if users or turn:
        emit(entry, to=turn, users=users, link=page(request), title=request.title)


def _tell(
    entry: AuditEntry, request: Request, groups: Sequence[int], act: str, **facts: Any
) -> None:
    if groups:
        emit(entry, to=groups, link=page(request), title=request.title, act=act, **facts)


def _tell_vacant(
    entry: AuditEntry, request: Request, vacant: Sequence[Step], steps: Sequence[Step]
) -> None:
    """Tell who may go on in spite of a post that nobody holds (引き上げ), and the drafter."""
    if vacant:
        pulling = next_to_pull(steps)
        emit(
            entry,
            to=[*_groups(pulling), *_heirs(request)],
            users=[request.drafter_id],
            link=page(request),
            title=request.title,
            act="pull_up" if pulling else "vacant",
            vacant="、".join(step.post.name for step in vacant),
        )


def _stopped(
    turn: Sequence[Step], standbys: Standbys, steps: Sequence[Step], mark: Mark
) -> list[Step]:
    """Return the turns that nobody can take, unless enough of their order are there (n-of-m)."""
    there = sum(step.manned for step in turn)
    empty = [s for s in turn if not s.manned and not 0 < s.needed <= there]
    return [step for step in empty if not _deputies([step], standbys, steps, mark)]


def _groups(steps: Iterable[Step]) -> list[int]:
    return [step.post.group_id for step in steps]


def standbys_of(moved: Iterable[Step], by: User, on: date) -> Standbys:
    """Return the deputies of the deciders (ids) whose turn it is and who are not there.

    One statement, or none.
    """
    turn = [s for s in moved if s.state == StepState.ACTIVE and s.role == StepRole.DECIDER]
    absent = [s for s in turn if s.away or not s.manned]
    return deputies_of(absent, by, on) if absent else {}


def _deputies(
    turn: Iterable[Step], standbys: Standbys, steps: Sequence[Step], mark: Mark
) -> list[int]:
    """Return who may decide in the place of a decider that is not there: the first in order."""
    on = in_tokyo(mark.at)
    first = (next_in_line(step, standbys.get(step.pk, ()), steps, on) for step in turn)
    return [rule.deputy.group_id for rule in first if rule]
