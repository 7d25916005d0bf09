"""決裁欄の期限: runs while a turn waits, by its request's day. Usable only inside a command.

A request about a matter has the matter's deadline, which goes with the turn; one without a day has
none.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.db.models import QuerySet

from workflow.audit.models import key_of
from workflow.authority.states import StepRole
from workflow.deadline.models import Deadline
from workflow.deadline.parts import begun, end, enter_begun, pass_on
from workflow.deadline.queries import running
from workflow.ledger.read import Read
from workflow.signoff.marks import Mark
from workflow.signoff.models import Request, Step
from workflow.signoff.standing import DEADLINE, page
from workflow.signoff.states import RequestState, StepState


class Act(NamedTuple):
    """What one act moved; `step` is the one that was acted on, where there was one."""

    request: Request
    moved: Sequence[Step]
    step: Step | None
    mark: Mark


def follow(acts: Sequence[Act]) -> None:
    """End the deadlines of the turns that some acts ended, and set those of the turns that came.

    Who acted has met theirs; a 保留 lifts it until it is resumed. All acts have one moment and one
    hand. Where a request has a day: two statements, however many the requests and their steps.
    """
    if dated := [act for act in acts if act.request.asked_for_on and not act.request.matter]:
        _follow_day(dated)
    if passed := [act for act in acts if act.request.matter and _passes(act)]:
        _follow_matter(passed)


def _follow_day(acts: Sequence[Act]) -> None:
    kept = _locked([key(step) for act in acts for step in _ended(act.moved)])
    rows = [row for act in acts for row in _followed(act, kept)]
    enter_begun(rows, by=acts[0].mark.by, at=acts[0].mark.at)


def _passes(act: Act) -> bool:
    """Tell whether somebody else has the turn now; where a circulation begins, its kind says."""
    going = act.mark.before == act.request.state == RequestState.CIRCULATING
    return going and any(_active(act.moved))


def _follow_matter(acts: Sequence[Act]) -> None:
    """Let the deadline of a matter lie with the first of those whose turn it is."""
    passed = {act.request.matter: act for act in acts}
    for row in _locked(list(passed)).values():
        act = passed[row.subject]
        group_id = next(_active(act.moved)).post.group_id
        if row.group_id != group_id:
            pass_on(row, group_id=group_id, by=act.mark.by, at=act.mark.at)


def _turns(moved: Sequence[Step]) -> Iterator[Step]:
    """Yield the steps of which somebody had or has the turn; 供覧 and 後閲 have no day."""
    aside = (StepRole.INFORMED, StepRole.REVIEW)
    settled = (StepState.POST_REVIEWED,)
    return (s for s in moved if s.activated_at and s.role not in aside and s.state not in settled)


def _active(moved: Sequence[Step]) -> Iterator[Step]:
    return (step for step in _turns(moved) if step.state == StepState.ACTIVE)


def _ended(moved: Sequence[Step]) -> Iterator[Step]:
    return (step for step in _turns(moved) if step.state != StepState.ACTIVE)


def _running(subjects: Sequence[str]) -> QuerySet[Deadline]:
    return running().filter(subject__in=subjects).order_by("pk").select_for_update()


ONE = Read(lambda subject: _running([subject]), subject=str)
"""Most acts end one turn."""


def _locked(subjects: Sequence[str]) -> dict[str, Deadline]:
    if not subjects:
        return {}
    rows = ONE(subject=subjects[0]) if len(subjects) == 1 else _running(subjects)
    return {row.subject: row for row in rows}


def _followed(act: Act, kept: dict[str, Deadline]) -> Iterator[Deadline]:
    """End what has ended; yield what begins, yet to be saved."""
    asked_by = None
    for step in _ended(act.moved):
        if row := kept.get(key(step)):
            met = step is act.step and step.state != StepState.HELD
            end(row, met=met, by=act.mark.by, at=act.mark.at)
            asked_by = row.asked_by_id
    for step in _active(act.moved):
        yield _begun(step, act, asked_by or _drafting(act.request))


def _begun(step: Step, act: Act, asked_by: int | None) -> Deadline:
    request = act.request
    return begun(
        key(step),
        part_of=request.part_of,
        kind=DEADLINE,
        title=request.title,
        link=page(request),
        group_id=step.post.group_id,
        due_on=request.asked_for_on,  # type: ignore[arg-type]
        asked_by_id=asked_by,
        at=act.mark.at,
    )


def _drafting(request: Request) -> int | None:
    """Return the group of the section that waits for the decision."""
    section = request.drafter_post.section
    return section.group_id if section else None


def key(step: Step) -> str:
    return key_of(Step, step.pk)
