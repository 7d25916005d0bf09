"""照会先をまとめて: each addressee with an act, an entry, a notice and a refusal of its own."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import prefetch_related_objects
from django_fsm import TransitionNotAllowed

from revisions.inquiry import gates, parts, parts_steer
from revisions.inquiry.commands_accept import accept
from revisions.inquiry.gates_accept import Acceptable, adds_or_drops, check_acceptable
from revisions.inquiry.gates_between import check_other_day
from revisions.inquiry.gates_board import check_among, check_awaited, check_not_urged
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.naming import days_told
from revisions.inquiry.parts_accept import take_over
from revisions.inquiry.parts_tiers import ask_again, asked_now, due_day
from revisions.inquiry.queries import draft_sheets
from revisions.inquiry.queries_board import reminded_since
from revisions.inquiry.queries_tiers import days_running, recounted
from revisions.plan.gates import check_reason
from revisions.plan.parts import lock as lock_revision
from revisions.plan.policies import check_can_steer
from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import TOKYO, in_tokyo
from workflow.deadline.parts import extend_all, lift_all
from workflow.deadline.queries import calendar
from workflow.errors import Refused
from workflow.ledger.command import BATCH, command
from workflow.people.models import User

Picked = Mapping[int, int | None]
"""Target id → the chain_length that the list showed; None when no list was."""

Targets = dict[int, InquiryTarget]


@dataclass
class Outcome:
    """Ids of those to which it was done; of each to which it was not, the refusal."""

    done: list[int] = field(default_factory=list)
    refused: dict[int, Refused | TransitionNotAllowed] = field(default_factory=dict)

    @contextmanager
    def of(self, target_id: int) -> Iterator[None]:
        """Take down how an act on one went; a refusal ends that act and no other."""
        try:
            yield
        except (Refused, TransitionNotAllowed) as no:
            self.refused[target_id] = no
        else:
            self.done.append(target_id)

    def each(self, targets: Targets, picked: Picked, act: Callable[[InquiryTarget], Any]) -> None:
        """Do it to each picked that is there, has not moved since, and may still move."""
        for pk, seen in picked.items():
            with self.of(pk):
                check_among(targets, pk)
                check_seen(targets[pk], seen)
                gates.check_running(targets[pk])
                act(targets[pk])


def remind_each(*, inquiry_id: int, picked: Picked, by: User, at: datetime) -> Outcome:
    """Urge sections that have not answered (督促), each once a working day."""
    return _in_batches(_remind, picked, inquiry_id=inquiry_id, by=by, at=at)


def accept_each(*, inquiry_id: int, picked: Picked, by: User, at: datetime) -> Outcome:
    """Take answers over into the draft (受理); where the draft has moved, a person decides.

    One that adds or drops a project moves the numbers of others: it is an act in its own
    transaction, after those that change words.
    """
    alone: list[int] = []
    outcome = _in_batches(_accept, picked, inquiry_id=inquiry_id, alone=alone, by=by, at=at)
    for pk in alone:
        with outcome.of(pk):
            accept(target_id=pk, seen=picked[pk], by=by, at=at)
    return outcome


def return_each(
    *,
    inquiry_id: int,
    picked: Picked,
    reason: str,
    due_on: date | None = None,
    accept_closed_day: bool = False,
    by: User,
    at: datetime,
) -> Outcome:
    """Return answers to their sections (差戻し) for one reason.

    due_on  for all of them; None: each keeps its own day
    """
    given = {"reason": reason, "due_on": due_on, "accept_closed_day": accept_closed_day}
    return _in_batches(_return, picked, inquiry_id=inquiry_id, by=by, at=at, **given)


def extend_each(
    *,
    inquiry_id: int,
    picked: Picked,
    due_on: date,
    reason: str = "",
    accept_closed_day: bool = False,
    by: User,
    at: datetime,
) -> Outcome:
    """Give sections more time (期限延長), all until one day."""
    given = {"reason": reason, "due_on": due_on, "accept_closed_day": accept_closed_day}
    return _in_batches(_extend, picked, inquiry_id=inquiry_id, by=by, at=at, **given)


def waive_each(*, inquiry_id: int, picked: Picked, reason: str, by: User, at: datetime) -> Outcome:
    """Do without the answers of sections (回答不要) for one reason."""
    return _in_batches(_waive, picked, inquiry_id=inquiry_id, reason=reason, by=by, at=at)


def _in_batches(act: Callable[..., None], picked: Picked, **given: Any) -> Outcome:
    """Do it to 500 at a time: the same few statements for all of them."""
    outcome, ids = Outcome(), sorted(picked)
    for first in range(0, len(ids), BATCH):
        batch = {pk: picked[pk] for pk in ids[first : first + BATCH]}
        act(picked=batch, outcome=outcome, **given)
    return outcome


@command
def _remind(*, inquiry_id: int, picked: Picked, outcome: Outcome, by: User, at: datetime) -> None:
    inquiry = _inquiry(inquiry_id)
    targets = parts.lock_all(inquiry, picked)  # lock

    post = check_can_steer(by, inquiry.revision, in_tokyo(at))  # check
    last, asked = reminded_since(targets.values(), _working_day(at)), days_running(targets.values())

    def urge(target: InquiryTarget) -> None:
        check_awaited(target)
        check_not_urged(last.get(target.key))
        due_on = target.due_on.isoformat()
        entry = record("inquiry.reminded", target, by=by, post=post, at=at, due_on=due_on)  # record
        told = days_told(target, asked.get(target.key, target.due_on))
        parts.tell(entry, target, asked_now([target]), **told)  # tell

    outcome.each(targets, picked, urge)


@command
def _accept(
    *,
    inquiry_id: int,
    picked: Picked,
    outcome: Outcome,
    alone: list[int],
    by: User,
    at: datetime,
) -> None:
    """alone: gets the ids of those that add or drop a project"""
    revision_id = Inquiry.objects.values_list("revision", flat=True).get(pk=inquiry_id)
    revision = lock_revision(revision_id)  # lock
    inquiry = _inquiry(inquiry_id)
    inquiry.revision = revision
    targets = parts.lock_all(inquiry, picked)
    prefetch_related_objects(list(targets.values()), "answers", "remarks")

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    draft, taken = draft_sheets(revision), list[tuple[Acceptable, str]]()
    alone += [pk for pk, target in targets.items() if adds_or_drops(target)]

    def take(target: InquiryTarget) -> None:
        one, before = check_acceptable(target, draft), target.state
        target.accept()  # move
        draft.update({uid: draft[uid] | final for uid, final in one.finals.items()})
        taken.append((one, before))

    outcome.each(targets, {pk: seen for pk, seen in picked.items() if pk not in alone}, take)
    take_over(revision, taken, draft, by=by, post=post, at=at)  # record, tell


@command
def _return(
    *,
    inquiry_id: int,
    picked: Picked,
    outcome: Outcome,
    reason: str,
    due_on: date | None,
    accept_closed_day: bool,
    by: User,
    at: datetime,
) -> None:
    inquiry = _inquiry(inquiry_id)
    targets = parts.lock_all(inquiry, picked)  # lock

    post = check_can_steer(by, inquiry.revision, in_tokyo(at))  # check
    days, returned = calendar(), list[InquiryTarget]()

    def give_back(target: InquiryTarget) -> None:
        day = due_on or target.due_on
        check_reason(reason)
        gates.check_due(day, at, accept_closed_day=accept_closed_day, days=days)
        parts_steer.give_back(  # move, record, tell
            target, due_on, reason, by=by, post=post, at=at, days=days
        )
        returned.append(target)

    outcome.each(targets, picked, give_back)
    ask_again(*returned, by=by, at=at)


@command
def _extend(
    *,
    inquiry_id: int,
    picked: Picked,
    outcome: Outcome,
    reason: str,
    due_on: date,
    accept_closed_day: bool,
    by: User,
    at: datetime,
) -> None:
    inquiry = _inquiry(inquiry_id)
    targets = parts.lock_all(inquiry, picked)  # lock

    post = check_can_steer(by, inquiry.revision, in_tokyo(at))  # check
    days, asked = calendar(), list[tuple[InquiryTarget, date]]()
    again = recounted(targets.values(), days, in_tokyo(at))

    def extend(target: InquiryTarget) -> None:
        check_other_day(target, due_on, reason, recounted=target.key in again)
        gates.check_due(due_on, at, accept_closed_day=accept_closed_day, days=days)
        parts_steer.extend(  # move, record, tell
            target, due_on, reason, by=by, post=post, at=at, days=days
        )
        asked.append((target, due_day(target, at, days)))

    outcome.each(targets, picked, extend)
    extend_all(asked, parts.DEADLINE, by=by, at=at)


@command
def _waive(
    *, inquiry_id: int, picked: Picked, outcome: Outcome, reason: str, by: User, at: datetime
) -> None:
    inquiry = _inquiry(inquiry_id)
    targets = parts.lock_all(inquiry, picked)  # lock

    post = check_can_steer(by, inquiry.revision, in_tokyo(at))  # check
    waived = list[InquiryTarget]()

    def waive(target: InquiryTarget) -> None:
        check_reason(reason)
        parts_steer.waive(target, reason, by=by, post=post, at=at)  # move, record, tell
        waived.append(target)

    outcome.each(targets, picked, waive)
    lift_all(waived, parts.DEADLINE, by=by, at=at)


def _inquiry(inquiry_id: int) -> Inquiry:
    return Inquiry.objects.select_related("revision", "stage", "version").get(pk=inquiry_id)


def _working_day(at: datetime) -> datetime:
    """Return when the working day of a moment began: a closed day belongs to the one before."""
    day = calendar().previous_working_day(in_tokyo(at))
    return datetime.combine(day, time(), tzinfo=TOKYO)
