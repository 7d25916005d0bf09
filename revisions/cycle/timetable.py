"""What the screens of 日程 show: a line a stage, planned beside actual, with its room and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from revisions.cycle.gates_days import planned_days
from revisions.cycle.planning import Settled
from revisions.cycle.reading import TONES
from revisions.cycle.wording import ready_words, reason_words, warning_words
from revisions.public_comment.gates import prepare_page
from workflow.deadline.days import period_words
from workflow.errors import Missing
from workflow.path.models import Stage
from workflow.path.placing import Reason
from workflow.path.queries import is_late
from workflow.path.schedule import Dates, Moved, Timetable
from workflow.path.states import Precision, StageState
from workflow.path.warnings import Warned, warnings_of
from workflow.people.regular import words_of


@dataclass(frozen=True)
class Line:
    """One stage: what was planned, what happened, how late it may be.

    actual   first and last day; of one under way the last is None
    held     what holds its days, where another page does
    beside   by which days the latest one was counted, where its body's regular ones may be missed
    """

    stage: Stage
    tone: str
    url: str
    late: bool
    actual: tuple[date, date | None] | None
    dates: Dates | None = None
    why: list[str] = field(default_factory=list)
    why_latest: list[str] = field(default_factory=list)
    ready: str = ""
    beside: str = ""
    held: Settled | None = None
    warnings: list[Warned] = field(default_factory=list)
    moved: Moved | None = None

    @property
    def planned(self) -> dict[str, Any]:
        """As {% bar %} and the words of a period take it."""
        stage = self.stage
        return {
            "start": stage.planned_from,
            "end": stage.planned_until,
            "precision": stage.precision,
        }

    @property
    def latest(self) -> date | None:
        return self.dates.latest_last if self.dates else None

    @property
    def is_critical(self) -> bool:
        return bool(self.dates and self.dates.critical)

    @property
    def is_over(self) -> bool:
        return self.stage.state not in (StageState.PLANNED, StageState.OPEN)


def lines_of(
    stages: Iterable[Stage],
    table: Timetable | None,
    today: date,
    *,
    held: Mapping[int, Settled],
    moved: Iterable[Moved] = (),
) -> list[Line]:
    stages = list(stages)
    names = {stage.pk: stage.name for stage in stages}
    slipped = {each.key: each for each in moved}
    warned: dict[int, list[Warned]] = {}
    for each in warnings_of(table) if table else ():
        warned.setdefault(each.key, []).append(each)
    return [
        Line(
            stage=stage,
            tone=TONES[StageState(stage.state)],
            url=reverse("stage", args=[stage.pk]),
            late=is_late(stage, today),
            actual=(stage.opened_on, stage.ended_on) if stage.opened_on else None,
            moved=slipped.get(stage.pk),
            held=held.get(stage.pk),
            warnings=warned.get(stage.pk, []),
            **_reckoned(stage, table, names),
        )
        for stage in stages
    ]


def told(lines: Iterable[Line]) -> tuple[list[Missing], list[Missing]]:
    """Return what cannot be, and what is to be minded, in words, and where it is mended."""
    lines = list(lines)
    names = {line.stage.pk: line.stage.name for line in lines}
    said: dict[bool, list[Missing]] = {True: [], False: []}
    for line in lines:
        for warned in line.warnings:
            link = prepare_page(warned.key) if warned.rule == "short_comment" else ""
            said[warned.impossible].append(Missing(warning_words(warned, names), link))
        said[False] += _unlike(line)
    return said[True], said[False]


def _unlike(line: Line) -> list[Missing]:
    """Return that the plan says other days than the page that holds them."""
    stage, held = line.stage, line.held
    if held is None or held.days == planned_days(stage):
        return []
    message = _("「%(stage)s」：予定（%(planned)s）が、%(what)s（%(days)s）と違います。")
    words = {
        "stage": stage.name,
        "planned": _planned_words(stage),
        "what": held.what,
        "days": period_words(*held.days),
    }
    return [Missing(message % words, held.link)]


def _planned_words(stage: Stage) -> str:
    if not stage.planned_from or not stage.planned_until:
        return _("未定")
    months = stage.precision == Precision.MONTH
    return period_words(stage.planned_from, stage.planned_until, month=months)


def _reckoned(stage: Stage, table: Timetable | None, names: Mapping[int, str]) -> dict[str, Any]:
    """Return nothing of a stage that has ended or was passed over."""
    if table is None or stage.ended_on:
        return {}
    dates = table.dates[stage.pk]
    return {
        "dates": dates,
        "why": [reason_words(reason, names) for reason in dates.why],
        "why_latest": [reason_words(reason, names) for reason in dates.why_latest],
        "ready": ready_words(dates.ready) if dates.ready else "",
        "beside": _beside(stage, table, dates.why_latest),
    }


def _beside(stage: Stage, table: Timetable, why_latest: Iterable[Reason]) -> str:
    """Say why the screens of a plan and of a proposal may differ: one keeps to the regular days."""
    for reason in why_latest:
        if reason.rule == "irregular":
            return reason_words(reason, {})
    day = stage.planned_from
    if not day or stage.precision == Precision.MONTH or stage.opened_on:
        return ""
    job = next(job for job in table.jobs if job.key == stage.pk)
    regular = job.rule_on(day).regular
    if regular is None or table.place.regular_day(job, day) == day:
        return ""
    return _("定例日（%s）で数える（いまの予定は定例日によらない）") % words_of(regular)
