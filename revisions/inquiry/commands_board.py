"""照会先をまとめて: each addressee with an act, an entry and a refusal of its own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django_fsm import TransitionNotAllowed

from revisions.inquiry import parts
from revisions.inquiry.commands import return_answer
from revisions.inquiry.commands_accept import accept
from revisions.inquiry.gates import check_running
from revisions.inquiry.gates_board import check_among, check_awaited, check_not_urged
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.models_board import BoardVisit
from revisions.inquiry.parts_tiers import asked_now
from revisions.inquiry.policies_board import check_can_see_board
from revisions.inquiry.queries_board import reminded_since
from revisions.plan.policies import check_can_steer
from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import TOKYO, in_tokyo
from workflow.deadline.queries import calendar
from workflow.errors import Refused
from workflow.ledger.command import BATCH, command
from workflow.people.models import User

Picked = Mapping[int, int | None]
"""Target id → the chain_length that the list showed; None when no list was."""


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


def remind_each(*, inquiry_id: int, picked: Picked, by: User, at: datetime) -> Outcome:
    """Urge sections that have not answered (督促), each once a working day.

    A constant number of statements per 500.
    """
    outcome, ids = Outcome(), sorted(picked)
    for first in range(0, len(ids), BATCH):
        batch = {pk: picked[pk] for pk in ids[first : first + BATCH]}
        _remind(inquiry_id=inquiry_id, picked=batch, outcome=outcome, by=by, at=at)
    return outcome


@command
def _remind(*, inquiry_id: int, picked: Picked, outcome: Outcome, by: User, at: datetime) -> None:
    inquiry = Inquiry.objects.select_related("revision", "stage").get(pk=inquiry_id)
    targets = _lock_all(inquiry, picked)  # lock

    post = check_can_steer(by, inquiry.revision, in_tokyo(at))  # check
    last = reminded_since(targets.values(), _working_day(at))
    asked = []
    for pk, seen in picked.items():
        with outcome.of(pk):
            check_among(targets, pk)
            target = targets[pk]
            check_seen(target, seen)
            check_running(target)
            check_awaited(target)
            check_not_urged(last.get(target.key))
            asked.append(target)

    for target in asked:
        due_on = target.due_on.isoformat()
        entry = record("inquiry.reminded", target, by=by, post=post, at=at, due_on=due_on)  # record
        parts.tell(entry, target, asked_now([target]), due_on=due_on)  # tell


def accept_each(*, inquiry_id: int, picked: Picked, by: User, at: datetime) -> Outcome:
    """Take answers over into the draft (受理), each in a transaction of its own: each finds the
    draft as the one before has left it. Where the draft has moved, a person decides."""
    outcome, here = Outcome(), _of(inquiry_id, picked)
    for pk, seen in picked.items():
        with outcome.of(pk):
            check_among(here, pk)
            accept(target_id=pk, seen=seen, by=by, at=at)
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
    """Return answers to their sections (差戻し) for one reason, each in a transaction of its own.

    due_on  for all of them; None: each keeps its own day
    """
    outcome, here = Outcome(), _of(inquiry_id, picked)
    for pk, seen in picked.items():
        with outcome.of(pk):
            check_among(here, pk)
            return_answer(
                target_id=pk,
                seen=seen,
                reason=reason,
                due_on=due_on,
                accept_closed_day=accept_closed_day,
                by=by,
                at=at,
            )
    return outcome


@command
def mark_seen(*, inquiry_id: int, upto: int, by: User, at: datetime) -> BoardVisit:
    """Note that somebody has seen what a board shows, up to an entry (ここまで見た); never less.

    It is their own bookmark and moves nothing, so that it stands in no trail.
    """
    inquiry = Inquiry.objects.select_related("revision").get(pk=inquiry_id)
    check_can_see_board(by, inquiry)
    visit, _made = BoardVisit.objects.select_for_update().get_or_create(
        user=by, inquiry=inquiry, defaults={"upto": upto}
    )
    if visit.upto < upto:
        visit.upto = upto
        visit.save()
    return visit


def _lock_all(inquiry: Inquiry, picked: Picked) -> dict[int, InquiryTarget]:
    """Lock an inquiry's targets, in the order of their ids."""
    targets = inquiry.targets.select_for_update(of=("self",)).select_related(
        "section__group", "coordinator__group"
    )
    found = {target.pk: target for target in targets.filter(pk__in=picked).order_by("pk")}
    for target in found.values():
        target.inquiry, target.revision = inquiry, inquiry.revision
    return found


def _of(inquiry_id: int, picked: Picked) -> set[int]:
    targets = InquiryTarget.objects.filter(inquiry=inquiry_id, pk__in=picked)
    return set(targets.order_by().values_list("pk", flat=True))


def _working_day(at: datetime) -> datetime:
    """Return when the working day of a moment began: a closed day belongs to the one before."""
    day = calendar().previous_working_day(in_tokyo(at))
    return datetime.combine(day, time(), tzinfo=TOKYO)
