"""逆算日程: a revision's stages as the pure schedule takes them, in six statements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Max
from django.utils.translation import gettext as _

from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.states import UNANSWERED
from revisions.meeting.models import Meeting
from revisions.meeting.states import MeetingState
from revisions.public_comment.gates import page, prepare_page, shortest
from revisions.public_comment.models import PublicComment
from revisions.public_comment.queries import of_stages
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
class Settled:
    """Days that another page holds: what they are, and its address."""

    days: Days
    what: str
    link: str


@dataclass(frozen=True)
class Known:
    """What the city knows on a day. Six statements.

    bodies   body (id) → its rules; every stage follows those of its own day
    gazette  the rules of the 広報紙, likewise
    settled  stages (id) whose meeting is convened or whose comment is announced, and its days
    prepared  stages (id) whose comment is prepared, and its days: they go with the stage's
    least     stages (id) of comments → the least days of their periods
    awaited   stages (id) whose inquiry waits for answers → the last day of those
    """

    today: date
    calendar: Calendar
    bodies: Mapping[int, tuple[Rule, ...]]
    gazette: tuple[Rule, ...]
    settled: Mapping[int, Settled]
    prepared: Mapping[int, Settled]
    least: Mapping[int, int]
    awaited: Mapping[int, date]

    @property
    def held(self) -> dict[int, Settled]:
        return {**self.settled, **self.prepared}


def known(stages: Iterable[Stage], today: date) -> Known:
    stages = list(stages)
    bodies = rules_of_bodies({stage.body_id for stage in stages if stage.body_id})
    to_come = [stage for stage in stages if stage.state == StageState.PLANNED]
    comments = of_stages(to_come)
    asked = [stage.pk for stage in to_come if stage.kind == StageKind.PUBLIC_COMMENT]
    return Known(
        today,
        calendar(),
        bodies,
        rules_of_gazette(),
        settled=_convened(to_come) | _periods(comments, announced=True),
        prepared=_periods(comments, announced=False),
        least={pk: shortest(comments.get(pk)) for pk in asked},
        awaited=_awaited(stages),
    )


def _awaited(stages: Iterable[Stage]) -> dict[int, date]:
    open_ = [stage.pk for stage in stages if stage.state == StageState.OPEN]
    rows = InquiryTarget.objects.filter(inquiry__stage__in=open_, state__in=UNANSWERED)
    return dict(rows.values_list("inquiry__stage").annotate(Max("due_on")))


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


def _convened(stages: Iterable[Stage]) -> dict[int, Settled]:
    found = Meeting.objects.filter(stage__in=stages, state=MeetingState.CONVENED)
    return {
        stage: Settled((day, day), _("招集した会議の日"), f"/meetings/{pk}/")
        for pk, stage, day in found.values_list("pk", "stage", "held_on")
    }


def _periods(comments: Mapping[int, PublicComment], *, announced: bool) -> dict[int, Settled]:
    what = _("予告した募集の期間") if announced else _("準備した募集の期間")
    return {
        pk: Settled((c.first_on, c.last_on), what, page(c) if announced else prepare_page(pk))
        for pk, c in comments.items()
        if (c.state != CommentState.PREPARING) == announced
    }


def _job(stage: Stage, facts: Known, by_hand: Mapping[int, Days] | None) -> Job:
    job = Job(stage.pk, stage.length, _after(stage), stage.lead)
    if stage.kind == StageKind.PUBLIC_COMMENT:
        job = replace(job, comment=facts.least.get(stage.pk, 1), rules=facts.gazette)
    if stage.state != StageState.PLANNED:
        expected = _expected(stage, facts)
        return replace(job, began=stage.opened_on, ended=stage.ended_on, expected=expected)
    if settled := facts.settled.get(stage.pk):
        return replace(job, comment=0, rules=Job.rules, fixed=settled.days)
    if rules := facts.bodies.get(stage.body_id or 0):
        job = replace(job, rules=rules)
    if by_hand is not None:
        return replace(job, fixed=by_hand.get(stage.pk), movable=True)
    return _as_planned(job, stage)


def _expected(stage: Stage, facts: Known) -> date | None:
    """An inquiry goes on as long as an answer may come in, some of them later than planned."""
    planned = stage.planned_until if stage.precision == Precision.DAY else None
    days = [day for day in (planned, facts.awaited.get(stage.pk)) if day]
    return max(days, default=None)


def _as_planned(job: Job, stage: Stage) -> Job:
    if stage.planned_from is None or stage.planned_until is None:
        return job
    if stage.precision == Precision.MONTH:
        return replace(job, not_before=stage.planned_from)
    return replace(job, fixed=(stage.planned_from, stage.planned_until), movable=True)


def _after(stage: Stage) -> tuple[int, ...]:
    ahead = stage.after
    while ahead and ahead.state in PASSED_OVER:
        ahead = ahead.after
    return (ahead.pk,) if ahead else ()
