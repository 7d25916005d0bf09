"""経路を読む."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from django.db.models import QuerySet

from workflow.deadline.calendar import Calendar, days
from workflow.deadline.queries import calendar
from workflow.ledger.read import Read
from workflow.path.models import Deviation, GazetteRule, Stage
from workflow.path.placing import Gazette, Job, Place, Reason, Rule, end_of_month, in_turn
from workflow.path.states import ENDED, PASSED_OVER, Precision, StageKind, StageState
from workflow.people.models import BodyRule
from workflow.people.regular import Regular


def _path(case: int) -> QuerySet[Stage]:
    return Stage.objects.filter(case=case).select_related("round", "body")


PATH = Read(_path, case=int)
LOCKED = Read(lambda case: _path(case).select_for_update(of=("self",)), case=int)


def stages_of(case_id: int, *, lock: bool = False, moved: Collection[Stage] = ()) -> list[Stage]:
    """Return the path of a case in order, in one statement; `after` is one of the same rows.

    moved  rows of it that are yet to be saved, in place of what is kept
    """
    stages = (LOCKED if lock else PATH)(case=case_id)
    by_id = {stage.pk: stage for stage in (*stages, *moved)}
    for stage in by_id.values():
        stage.after = by_id[stage.after_id] if stage.after_id else None
    return sorted(by_id.values(), key=lambda s: (s.round.number, s.order, s.pk))


def deviations_of(case_id: int) -> list[Deviation]:
    return list(Deviation.objects.filter(stage__case=case_id).select_related("stage", "by"))


def waits_for(stage: Stage) -> Stage | None:
    """Return the stage that must end before this one begins; None when nothing stands before it."""
    ahead = stage.after
    while ahead and ahead.state in PASSED_OVER:
        ahead = ahead.after
    return ahead if ahead and ahead.state not in ENDED else None


def returnable(stage: Stage, stages: Iterable[Stage]) -> list[Stage]:
    """Return the stages to which this one can be sent back, in order.

    They stand before it on the path, have concluded, and have not been run again since.
    """
    again = {s.rerun_of_id for s in stages}
    found, ahead = [], stage.after
    while ahead:
        if ahead.state == StageState.CONCLUDED and ahead.pk not in again:
            found.append(ahead)
        ahead = ahead.after
    return found[::-1]


def is_shortened(stage: Stage, first: date, last: date, calendar: Calendar) -> bool:
    """Whether the dates give the stage fewer working days than its route does (期間の短縮).

    A public comment counts calendar days and has a rule of its own.
    """
    if stage.kind == StageKind.PUBLIC_COMMENT:
        return False
    return sum(not calendar.is_closed(day) for day in days(first, last)) < stage.length


def rounded(first: date, last: date, precision: str) -> tuple[date, date]:
    """Return days as they are planned: to the month, its first and its last one."""
    if precision == Precision.MONTH:
        return first.replace(day=1), end_of_month(last)
    return first, last


def moves_by(stage: Stage) -> date | None:
    """Return the day by which it is planned to begin, or to end when it runs."""
    expected = {
        StageState.PLANNED.value: stage.planned_from,
        StageState.OPEN.value: stage.planned_until,
    }
    day = expected.get(stage.state)
    if day and stage.precision == Precision.MONTH:
        day = end_of_month(day)
    return day


def is_late(stage: Stage, today: date) -> bool:
    """Whether it is not where its planned dates say it is by now."""
    day = moves_by(stage)
    return day is not None and day < today


def progress(stages: Iterable[Stage]) -> tuple[int, int]:
    """Return (how many have ended, how many there are), leaving out what was skipped."""
    counted = [s for s in stages if s.state not in PASSED_OVER]
    return sum(s.state in ENDED for s in counted), len(counted)


def rules_of_bodies(bodies: Collection[int]) -> dict[int, tuple[Rule, ...]]:
    """Return body (id) → how it is convened and when it meets, by the day; none without a rule."""
    found = defaultdict(list)
    for kept in BodyRule.objects.filter(body__in=bodies):
        rule = Rule(kept.notice_days, Regular.kept(kept.regular), since=kept.since)
        found[kept.body_id].append(replace(rule, until=kept.until or date.max))
    return {body: in_turn(rules) for body, rules in found.items()}


def known_by(stages: Iterable[Stage], today: date) -> dict[int, Reason]:
    """Return stage (id) → what must be out by which day (Place.ready_by), of what lies ahead.

    Three statements.
    """
    ahead = [s for s in stages if s.state not in ENDED and s.precision == Precision.DAY]
    bodies = rules_of_bodies({stage.body_id for stage in ahead if stage.body_id})
    gazette, place, found = rules_of_gazette(), Place(calendar(), today), dict[int, Reason]()
    for stage in ahead:
        is_comment = stage.kind == StageKind.PUBLIC_COMMENT
        rules = gazette if is_comment else bodies.get(stage.body_id or 0, ())
        first = stage.planned_from
        if not rules or first is None or first < today:
            continue
        if reason := place.ready_by(Job(stage.pk, rules=rules), first):
            found[stage.pk] = reason
    return found


def rules_of_gazette() -> tuple[Rule, ...]:
    """Return what the 広報紙 asks of a public comment, by the day on which it begins."""
    kept = GazetteRule.objects.all()
    return in_turn(Rule(gazette=Gazette(tuple(r.days), r.lead), since=r.since) for r in kept)
