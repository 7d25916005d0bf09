"""段階の期限: whoever steers a revision begins the stage whose turn it is, and ends one that runs.

Usable only inside a command.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from revisions.plan.models import Revision
from revisions.plan.states import BEGIN, END, RUNNING
from workflow.access import first_holders
from workflow.audit.models import key_of
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.models import Deadline
from workflow.deadline.parts import begun, end, enter_begun, put_on
from workflow.deadline.queries import running
from workflow.ledger.read import Read
from workflow.path.models import Stage
from workflow.path.queries import moves_by, waits_for
from workflow.path.states import StageState
from workflow.people.models import User

TITLE = 200
TITLES = {BEGIN: "「%s」を始める　%s", END: "「%s」を終える　%s"}  # as they are kept

KEPT = Read(
    lambda whole: (
        running().filter(part_of=whole, kind__in=[BEGIN, END]).order_by("pk").select_for_update()
    ),
    whole=str,
)


class _Duty(NamedTuple):
    stage: Stage
    kind: str
    due_on: date


def follow(revision: Revision, stages: Iterable[Stage], *, by: User, at: datetime) -> None:
    """Let the running deadlines say which stages are to begin or to end by now, and by when.

    stages  the whole path as it was moved; one without planned days has no deadline
    """
    path = {key_of(Stage, stage.pk): stage for stage in stages}
    runs = revision.state in RUNNING
    duties = {key: duty for key, stage in path.items() if runs and (duty := _duty(stage))}
    kept = KEPT(whole=revision.key)
    for row in kept:
        duty = duties.get(row.subject)
        if duty is None or duty.kind != row.kind:
            end(row, met=_is_met(row, path[row.subject]), by=by, at=at)
            continue
        del duties[row.subject]
        if duty.due_on != in_tokyo(row.due_at):
            put_on(row, duty.due_on, by=by, at=at)
    if duties:
        group_id = kept[0].group_id if kept else _steering(revision)
        enter_begun(_begun(revision, duties, group_id, at), by=by, at=at)


def _duty(stage: Stage) -> _Duty | None:
    day = moves_by(stage)
    if day is None or waits_for(stage):
        return None
    return _Duty(stage, END if stage.state == StageState.OPEN else BEGIN, day)


def _is_met(row: Deadline, stage: Stage) -> bool:
    """What was skipped, sent back or broken off nobody waits for any more."""
    return stage.state in (StageState.CONCLUDED, *((StageState.OPEN,) if row.kind == BEGIN else ()))


def _steering(revision: Revision) -> int:
    return first_holders("steer_revision", Revision, [revision.pk])[revision.pk]


def _begun(
    revision: Revision, duties: dict[str, _Duty], group_id: int, at: datetime
) -> Iterator[Deadline]:
    for key, duty in duties.items():
        yield begun(
            key,
            part_of=revision.key,
            kind=duty.kind,
            title=(TITLES[duty.kind] % (duty.stage.name, revision.title))[:TITLE],
            link=f"/stages/{duty.stage.pk}/",
            group_id=group_id,
            due_on=duty.due_on,
            at=at,
        )
