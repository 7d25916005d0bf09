"""経過: what happened on the path, on which days, with what outcome."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from revisions.inquiry.models import Inquiry
from revisions.meeting.models import Meeting
from revisions.meeting.states import MeetingState
from revisions.plan.models import Revision
from revisions.public_comment.models import PublicComment
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.days import day_short, month_words
from workflow.path.models import Deviation, Stage
from workflow.path.queries import deviations_of, stages_of
from workflow.path.states import Precision, StageKind

Span = tuple[date, date | None]


@dataclass(frozen=True)
class Event:
    """One stage that began, and the days of the event itself; `last` is None while it runs."""

    stage: Stage
    first: date
    last: date | None
    deviations: Sequence[Deviation]

    @property
    def days(self) -> list[date]:
        """One day, or the two ends of a span."""
        return [self.first] if self.last in (None, self.first) else [self.first, self.last]

    @property
    def outcome(self) -> str:
        stage = self.stage
        return str(stage.get_outcome_display() or stage.get_state_display())

    def told(self, word: str = "iso") -> str:
        """Write its days: iso 2020-10-23～2020-11-09, era R2.10.23～R2.11.9; month alone if so."""
        to_the_month = self.stage.precision == Precision.MONTH
        writers = {
            "iso": lambda day: day.isoformat()[: 7 if to_the_month else 10],
            "era": month_words if to_the_month else day_short,
        }
        written = list(dict.fromkeys(map(writers[word], self.days)))
        running = "～" if self.last is None else ""
        return "～".join(written) + running

    @property
    def in_era(self) -> str:
        return self.told("era")

    def data(self) -> dict[str, Any]:
        stage, days = self.stage, self.told().rstrip("～").split("～")
        return {
            "event": stage.name,
            "kind": stage.kind,
            "body": stage.body.name if stage.body else None,
            "round": stage.round.name,
            "from": days[0],
            "until": None if self.last is None else days[-1],
            "precision": stage.precision,
            "asks": str(stage.get_asks_display()),
            "outcome": self.outcome,
            "remarks": stage.remarks,
            "deviations": [{"what": d.what, "reason": d.reason} for d in self.deviations],
        }


def events(revision: Revision) -> list[Event]:
    """Return the stages that began, by day. Five statements."""
    stages = [stage for stage in stages_of(revision.case_id) if stage.opened_on]
    spans = _spans(revision, stages)
    deviations = deviations_of(revision.case_id)
    found = [
        Event(stage, *spans[stage.pk], [d for d in deviations if d.stage_id == stage.pk])
        for stage in stages
    ]
    return sorted(found, key=lambda e: (e.first, e.stage.round.number, e.stage.order))


def _spans(revision: Revision, stages: Iterable[Stage]) -> dict[int, Span]:
    """Return the days of each stage's own event, else those from its opening to its end."""
    own = {stage.pk: _span(stage, stage.opened_on) for stage in stages if stage.opened_on}
    return own | _inquired(revision) | _met(revision) | _published(revision)


def _span(stage: Stage, opened_on: date) -> Span:
    """A report is made on one day, whatever comes in after it; a plan is adopted on another."""
    if stage.kind == StageKind.REPORT:
        return opened_on, opened_on
    if stage.kind == StageKind.ADOPTION and stage.ended_on:
        return stage.ended_on, stage.ended_on
    return opened_on, stage.ended_on


def _inquired(revision: Revision) -> dict[int, Span]:
    issued = Inquiry.objects.filter(revision=revision, issued_at__isnull=False)
    return {
        inquiry.stage_id: (in_tokyo(inquiry.issued_at), inquiry.due_on)
        for inquiry in issued
        if inquiry.issued_at
    }


def _met(revision: Revision) -> dict[int, Span]:
    spans: dict[int, Span] = {}
    closed = Meeting.objects.filter(revision=revision, state=MeetingState.CLOSED)
    for stage_id, day in closed.order_by("held_on").values_list("stage", "held_on"):
        first, _last = spans.get(stage_id, (day, day))
        spans[stage_id] = (first, day)
    return spans


def _published(revision: Revision) -> dict[int, Span]:
    public = PublicComment.objects.filter(revision=revision, version__isnull=False)
    return {c.stage_id: (c.first_on, c.last_on) for c in public}
