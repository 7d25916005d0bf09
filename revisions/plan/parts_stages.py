"""段階の期限: what whoever steers a revision has to do about its stages.

The stage whose turn it is begins, one that runs ends; a body is convened and the 広報紙 has its
paper in time. Usable only inside a command.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from revisions.plan.models import Revision
from revisions.plan.states import BEGIN, END, NOTICE, PAPER, RUNNING
from workflow.access import first_holders
from workflow.audit.models import key_of
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.models import Deadline
from workflow.deadline.parts import begun, end, enter_begun, move_day, put_on
from workflow.deadline.parts_timing import start_anew
from workflow.deadline.queries import running
from workflow.deadline.states import DeadlineState
from workflow.ledger.read import Read
from workflow.path.models import Stage
from workflow.path.queries import known_by, moves_by, waits_for
from workflow.path.states import ENDED, StageState
from workflow.people.models import User

TITLE = 200
TITLES = {  # as they are kept
    BEGIN: "「%s」を始める　%s",
    END: "「%s」を終える　%s",
    NOTICE: "「%s」を招集する　%s",
    PAPER: "「%s」の予告の原稿を広報紙に渡す　%s",
}
MADE_KNOWN = {"notice": NOTICE, "gazette": PAPER}
CHANGED = "閉庁日か、広報紙や招集の定めが変わったため"  # as it is kept

KEPT = Read(
    lambda whole: (
        running().filter(part_of=whole, kind__in=TITLES).order_by("pk").select_for_update()
    ),
    whole=str,
)


class _Duty(NamedTuple):
    stage: Stage
    kind: str
    due_on: date


Duties = dict[tuple[str, str], _Duty]
"""By the key of the stage and the kind."""


def follow(
    revision: Revision,
    stages: Iterable[Stage],
    *,
    by: User,
    at: datetime,
    replanned: bool = False,
) -> None:
    """Let the running deadlines say what is to be done about which stages, and by when.

    stages     the whole path as it was moved; one without planned days has no deadline
    replanned  the path or its days changed: what is to be made known ahead is reckoned anew
    """
    path, today = {key_of(Stage, stage.pk): stage for stage in stages}, in_tokyo(at)
    duties: Duties = {}
    if revision.state in RUNNING:
        duties |= _of_now(path)
        if replanned:
            duties |= _ahead(revision, path, today)
    kept = KEPT(whole=revision.key)
    for row in kept:
        duty = duties.pop((row.subject, row.kind), None)
        if duty:
            _keep(row, duty.due_on, by=by, at=at)
        elif replanned or row.kind in (BEGIN, END) or path[row.subject].state in ENDED:
            end(row, met=_is_met(row, path[row.subject]), by=by, at=at)
    new = [duty for duty in duties.values() if not _is_too_late(duty, today)]
    if new:
        enter_begun(_begun(revision, new, _group(revision, kept), at), by=by, at=at)


def reckon(revision: Revision, stages: Iterable[Stage], *, at: datetime) -> None:
    """Let what is to be made known ahead fall due as the calendar, the issues of the 広報紙 and the
    rules of bodies are now: nothing ends by it, and what was made known is not asked for again.
    """
    path, today = {key_of(Stage, stage.pk): stage for stage in stages}, in_tokyo(at)
    duties = _ahead(revision, path, today) if revision.state in RUNNING else {}
    kept = {(row.subject, row.kind): row for row in KEPT(whole=revision.key)}
    met = Deadline.objects.filter(part_of=revision.key, state=DeadlineState.MET)
    done = set(met.values_list("subject", "kind"))
    for key, duty in duties.items():
        row = kept.get(key)
        if row and row.state == DeadlineState.OPEN and duty.due_on != in_tokyo(row.due_at):
            row.next_at = at
            move_day(row, duty.due_on, reason=CHANGED, by=None, at=at)
    new = [
        duty
        for key, duty in duties.items()
        if key not in kept and key not in done and not _is_too_late(duty, today)
    ]
    if new:
        asked = list(_begun(revision, new, _group(revision, kept.values()), at))
        for row in asked:
            start_anew(row, at, at)
        enter_begun(asked, by=None, at=at)


def made_known(stage: Stage, kind: str, *, by: User, at: datetime) -> None:
    """NOTICE or PAPER of a stage is met. Nothing happens when none runs."""
    rows = running().filter(subject=key_of(Stage, stage.pk), kind=kind)
    for row in rows.select_for_update():
        end(row, met=True, by=by, at=at)


def _of_now(path: Mapping[str, Stage]) -> Duties:
    found: Duties = {}
    for key, stage in path.items():
        kind = END if stage.state == StageState.OPEN else BEGIN
        if (day := moves_by(stage)) and (kind == END or not waits_for(stage)):
            found[key, kind] = _Duty(stage, kind, day)
    return found


def _ahead(revision: Revision, path: Mapping[str, Stage], today: date) -> Duties:
    """A body is convened once: of a day that moves its meeting tells. Each issue has its paper."""
    kinds = list(MADE_KNOWN.values())
    met = Deadline.objects.filter(part_of=revision.key, kind__in=kinds, state=DeadlineState.MET)
    done = {(row.subject, row.kind, in_tokyo(row.due_at)) for row in met}
    convened = {key for key, kind, _day in done if kind == NOTICE}
    found: Duties = {}
    for pk, reason in known_by(path.values(), today).items():
        key, kind, day = key_of(Stage, pk), MADE_KNOWN[reason.rule], reason.values["by"]
        if (key, kind, day) not in done and not (kind == NOTICE and key in convened):
            found[key, kind] = _Duty(path[key], kind, day)
    return found


def _is_too_late(duty: _Duty, today: date) -> bool:
    """Of what can no longer be made known in time the timetable warns: it is not asked for anew."""
    return duty.kind in MADE_KNOWN.values() and duty.due_on < today


def _keep(row: Deadline, due_on: date, *, by: User, at: datetime) -> None:
    if due_on != in_tokyo(row.due_at):
        put_on(row, due_on, by=by, at=at)


def _is_met(row: Deadline, stage: Stage) -> bool:
    """What was skipped, sent back or broken off nobody waits for any more."""
    return stage.state in (StageState.CONCLUDED, *((StageState.OPEN,) if row.kind == BEGIN else ()))


def _group(revision: Revision, kept: Iterable[Deadline]) -> int:
    """Return whose deadlines they are: who has those that run, or who steers the revision."""
    found = next((row.group_id for row in kept), None)
    return found or first_holders("steer_revision", Revision, [revision.pk])[revision.pk]


def _begun(
    revision: Revision, duties: Iterable[_Duty], group_id: int, at: datetime
) -> Iterator[Deadline]:
    for duty in duties:
        yield begun(
            key_of(Stage, duty.stage.pk),
            part_of=revision.key,
            kind=duty.kind,
            title=(TITLES[duty.kind] % (duty.stage.name, revision.title))[:TITLE],
            link=f"/stages/{duty.stage.pk}/",
            group_id=group_id,
            due_on=duty.due_on,
            at=at,
        )
