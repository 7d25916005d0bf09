"""What the screens of 日程 show: a line a stage, planned beside actual, with its room and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse

from revisions.cycle.reading import TONES
from revisions.cycle.wording import ready_words, reason_words, warning_words
from workflow.path.models import Stage
from workflow.path.queries import is_late
from workflow.path.schedule import Dates, Moved, Timetable
from workflow.path.states import StageState
from workflow.path.warnings import Warned, warnings_of


@dataclass(frozen=True)
class Line:
    """One stage: what was planned, what happened, how late it may be.

    actual  first and last day; of one under way the last is None
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
            warnings=warned.get(stage.pk, []),
            **_reckoned(stage, table, names),
        )
        for stage in stages
    ]


def told(lines: Iterable[Line]) -> tuple[list[str], list[str]]:
    """Return what cannot be, and what is to be minded, in words."""
    lines = list(lines)
    names = {line.stage.pk: line.stage.name for line in lines}
    found = [warned for line in lines for warned in line.warnings]
    return (
        [warning_words(warned, names) for warned in found if warned.impossible],
        [warning_words(warned, names) for warned in found if not warned.impossible],
    )


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
    }
