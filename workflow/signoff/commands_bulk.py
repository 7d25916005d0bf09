"""まとめて承認・確認: each item with an act, an entry and a refusal of its own."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from workflow.authority.states import StepRole
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Refused, Unmet, why
from workflow.ledger.command import BATCH, command
from workflow.people.models import User
from workflow.signoff import commands, parts, parts_agree, parts_aside
from workflow.signoff.gates import check_opened, check_undisputed
from workflow.signoff.kinds import kind_of, nothing
from workflow.signoff.lock import Locked, lock_all
from workflow.signoff.marks import Mark
from workflow.signoff.models import Step
from workflow.signoff.parts_agree import Together
from workflow.signoff.parts_days import Act, follow
from workflow.signoff.parts_tell import standbys_of
from workflow.signoff.policies import check_can_read, check_can_sign
from workflow.signoff.queries import as_on, opened, steps_now
from workflow.signoff.states import SIGNED


@dataclass
class Outcome:
    """Ids of the steps signed; why of each that was not; what was signed along (兼務)."""

    done: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    along: set[int] = field(default_factory=set)

    @contextmanager
    def of(self, step_id: int) -> Iterator[None]:
        """Take down how an act on a step went; a refusal ends that act and no other."""
        try:
            yield
        except (Refused, TransitionNotAllowed) as no:
            self.refused[step_id] = why(no)
        else:
            self.done.append(step_id)


def approve_all(*, step_ids: Collection[int], by: User, at: datetime) -> Outcome:
    """Approve, or concur with, everything picked that the signer has opened (まとめて承認).

    What moves nothing but its circulation is written 500 at a time. What does more (a decision
    with an effect in the domain, a decision for somebody absent) is an act in its own
    transaction, since it locks other rows; so is a second step of the same request.
    """
    outcome = Outcome()
    plain = _plain(step_ids, by, in_tokyo(at))
    for first in range(0, len(plain), BATCH):
        _approve_plain(step_ids=plain[first : first + BATCH], outcome=outcome, by=by, at=at)
    left = Step.objects.filter(pk__in=set(step_ids).difference(plain)).select_related("request")
    alone = list(left.order_by("request", "order", "pk"))
    read = opened(by, [step.request for step in alone])
    for step in alone:
        with outcome.of(step.pk):
            if step.pk not in outcome.along:
                check_opened(step.request, read)
                check_undisputed(step, steps_now(step.request))
                act = commands.concur if step.role == StepRole.CONCURRENCE else commands.approve
                act(step_id=step.pk, by=by, at=at, seen=step.request.chain_length)
    return outcome


def read_all(*, step_ids: Collection[int], by: User, at: datetime) -> Outcome:
    """Leave of all picked that one has opened that it was read: 後閲 and 供覧 (まとめて確認)."""
    outcome, picked = Outcome(), list(dict.fromkeys(step_ids))
    for first in range(0, len(picked), BATCH):
        _read_all(step_ids=picked[first : first + BATCH], outcome=outcome, by=by, at=at)
    return outcome


@command
def _read_all(*, step_ids: Collection[int], outcome: Outcome, by: User, at: datetime) -> None:
    """The same few statements for all."""
    locked = _lock(step_ids, outcome, by=by, at=at)  # lock
    read = opened(by, [one.request for one in locked])

    for request, step, steps in locked:
        with outcome.of(step.pk):
            right = check_can_read(step)  # check
            check_opened(request, read)

            mark = parts.mark_of(request, by=by, at=at, right=right)  # move, record, tell
            if step.role == StepRole.INFORMED:
                parts_aside.read(request, step, mark)
            else:
                parts_aside.post_review(request, step, steps, mark)


@command
def _approve_plain(*, step_ids: Collection[int], outcome: Outcome, by: User, at: datetime) -> None:
    """Approve, or concur with, steps of different requests; the same few statements for all."""
    locked = _lock(step_ids, outcome, by=by, at=at)  # lock
    read = opened(by, [one.request for one in locked])

    agreed = []
    for one in locked:
        with outcome.of(one.step.pk):
            agreed.append(_agree(one, read, by=by, at=at))  # check, move
    parts_agree.give_missing_numbers(one.locked.request for one in agreed)
    moving = (step for one in agreed for step in one.moved)
    acts: list[Act] = []
    together = Together(standbys_of(moving, by, in_tokyo(at)), acts)

    for verb, (request, step, steps), moved, mark in agreed:
        outcome.along.update(own.pk for own in moved if own.state in SIGNED)
        parts_agree.go_on(verb, request, step, steps, moved, mark, together)  # record, tell
    follow(acts)


def _lock(step_ids: Collection[int], outcome: Outcome, *, by: User, at: datetime) -> list[Locked]:
    """Lock what is to be acted on, and refuse what is of an earlier circulation."""
    locked = lock_all(step_ids, by=by, on=in_tokyo(at))
    for step_id in set(step_ids).difference(one.step.pk for one in locked):
        with outcome.of(step_id):
            raise Unmet(_("この件は、もう一度回議に付されています。開いて読み直してください。"))
    return locked


class _Agreed(NamedTuple):
    verb: str
    locked: Locked
    moved: list[Step]
    mark: Mark


def _agree(one: Locked, read: Collection[int], *, by: User, at: datetime) -> _Agreed:
    request, step, steps = one

    right = check_can_sign(by, step, steps, in_tokyo(at))  # check
    check_opened(request, read)
    check_undisputed(step, steps)

    mark = parts.mark_of(request, by=by, at=at, right=right)  # move
    if step.role == StepRole.CONCURRENCE:
        return _Agreed("signoff.concurred", one, parts_agree.concur(*one, mark), mark)
    return _Agreed("signoff.approved", one, parts_agree.approve(*one, mark), mark)


def _plain(step_ids: Collection[int], by: User, on: date) -> list[int]:
    """Return the ids of those that move their circulation alone, one a request."""
    steps = as_on(Step.objects.filter(pk__in=step_ids), by.pk, on).select_related("request")
    found: dict[int, int] = {}
    for step in steps.order_by("request", "order", "pk"):
        if step.mine and kind_of(step.request).decided == nothing:
            found.setdefault(step.request_id, step.pk)
    return list(found.values())
