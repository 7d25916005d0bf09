"""逆算日程: a revision's stages as the pure schedule takes them, in five statements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings

from revisions.meeting.models import Meeting
from revisions.meeting.states import MeetingState
from revisions.public_comment.models import PublicComment
from revisions.public_comment.states import CommentState
from workflow.deadline.calendar import Calendar
from workflow.deadline.queries import calendar
from workflow.path.models import Stage
from workflow.path.placing import Job, Rule
from workflow.path.queries import rules_of_bodies, rules_of_gazette
from workflow.path.schedule import Timetable, lay_out
from workflow.path.states import PASSED_OVER, Precision, StageKind, StageState

Days = tuple[date, date]


@dataclass(frozen=True)
class Known:
    """What the city knows on a day. Five statements.

    bodies   body (id) → its rules; every stage follows those of its own day
    gazette  the rules of the 広報紙, likewise
    settled  stages (id) whose meeting is convened or whose comment is announced, and its days
    """

    today: date
    calendar: Calendar
    bodies: Mapping[int, tuple[Rule, ...]]
    gazette: tuple[Rule, ...]
    settled: Mapping[int, Days]


def known(stages: Iterable[Stage], today: date) -> Known:
    stages = list(stages)
    bodies = rules_of_bodies({stage.body_id for stage in stages if stage.body_id})
    return Known(today, calendar(), bodies, rules_of_gazette(), _settled(stages))


def timetable(
    stages: Iterable[Stage],
    facts: Known,
    month: date,
    *,
    by_hand: Mapping[int, Days] | None = None,
) -> Timetable | None:
    """Lay out the path so that it ends in `month`; None when nothing of it is left to do.

    by_hand  days that somebody wants for planned stages (id); None for those planned already
    """
    live = [stage for stage in stages if stage.state not in PASSED_OVER]
    if not any(stage.state in (StageState.PLANNED, StageState.OPEN) for stage in live):
        return None
    jobs = [_job(stage, facts, by_hand) for stage in live]
    return lay_out(jobs, month=month, calendar=facts.calendar, today=facts.today)


def month_of(stages: Iterable[Stage]) -> date | None:
    """Return the month in which the adoption is planned."""
    last = [stage for stage in stages if stage.kind == StageKind.ADOPTION]
    return last[-1].planned_until.replace(day=1) if last and last[-1].planned_until else None


def _settled(stages: Iterable[Stage]) -> dict[int, Days]:
    ids = [stage.pk for stage in stages if stage.state == StageState.PLANNED]
    convened = Meeting.objects.filter(stage__in=ids, state=MeetingState.CONVENED)
    announced = PublicComment.objects.filter(stage__in=ids).exclude(state=CommentState.PREPARING)
    found = {pk: (day, day) for pk, day in convened.values_list("stage", "held_on")}
    comments = announced.values_list("stage", "first_on", "last_on")
    return found | {pk: (first, last) for pk, first, last in comments}


def _job(stage: Stage, facts: Known, by_hand: Mapping[int, Days] | None) -> Job:
    job = Job(stage.pk, stage.length, _after(stage), stage.lead)
    if stage.kind == StageKind.PUBLIC_COMMENT:
        job = replace(job, comment=settings.COMMENT_MINIMUM_DAYS, rules=facts.gazette)
    if stage.state != StageState.PLANNED:
        expected = stage.planned_until if stage.precision == Precision.DAY else None
        return replace(job, began=stage.opened_on, ended=stage.ended_on, expected=expected)
    if stage.pk in facts.settled:
        return replace(job, comment=0, rules=Job.rules, fixed=facts.settled[stage.pk])
    if rules := facts.bodies.get(stage.body_id or 0):
        job = replace(job, rules=rules)
    if by_hand is not None:
        return replace(job, fixed=by_hand.get(stage.pk))
    return _as_planned(job, stage)


def _as_planned(job: Job, stage: Stage) -> Job:
    if stage.planned_from is None or stage.planned_until is None:
        return job
    if stage.precision == Precision.MONTH:
        return replace(job, not_before=stage.planned_from)
    return replace(job, fixed=(stage.planned_from, stage.planned_until))


def _after(stage: Stage) -> tuple[int, ...]:
    ahead = stage.after
    while ahead and ahead.state in PASSED_OVER:
        ahead = ahead.after
    return (ahead.pk,) if ahead else ()
