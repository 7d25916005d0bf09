"""What the screens of a revision show, each in a fixed number of statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch
from django.urls import reverse

from revisions.cycle.models import Proposal
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.queries_board import Counts, counted_each
from revisions.meeting.models import Meeting
from revisions.plan.models import Revision
from revisions.public_comment.models import PublicComment
from workflow.access import granted
from workflow.deadline.calendar import Calendar, in_tokyo
from workflow.deadline.queries import running
from workflow.path.models import Case, Stage
from workflow.path.queries import is_late, progress, waits_for
from workflow.path.states import ENDED, StageKind, StageState
from workflow.people.models import User
from workflow.signoff.models import Request, Step
from workflow.signoff.queries import readable as readable_requests
from workflow.signoff.states import StepState

TONES = {
    StageState.PLANNED: "neutral",
    StageState.OPEN: "active",
    StageState.CONCLUDED: "done",
    StageState.SENT_BACK: "warn",
    StageState.SKIPPED: "off",
    StageState.CANCELLED: "off",
}


def picture(stages: Iterable[Stage], today: date) -> list[dict[str, Any]]:
    """Return the path as path_picture draws it."""
    return [
        {
            "round": stage.round.name,
            "title": stage.name,
            "state_label": stage.get_outcome_display() or stage.get_state_display(),
            "tone": TONES[StageState(stage.state)],
            "start": stage.opened_on or stage.planned_from,
            "end": stage.ended_on or stage.planned_until,
            "precision": stage.precision,
            "url": reverse("stage", args=[stage.pk]),
            "late": is_late(stage, today),
        }
        for stage in stages
    ]


@dataclass
class Row:
    """A revision in the list of revisions, with where it stands."""

    revision: Revision
    stages: list[Stage]
    today: date

    @property
    def done(self) -> tuple[int, int]:
        return progress(self.stages)

    @property
    def open(self) -> list[Stage]:
        return [stage for stage in self.stages if stage.state == StageState.OPEN]

    @property
    def late(self) -> list[Stage]:
        return [stage for stage in self.stages if is_late(stage, self.today)]


def rows_of(revisions: Iterable[Revision], today: date) -> list[Row]:
    revisions = list(revisions)
    stages: dict[int, list[Stage]] = {}
    for stage in Stage.objects.filter(case__in=Case.objects.filter(revision__in=revisions)):
        stages.setdefault(stage.case_id, []).append(stage)
    return [Row(revision, stages.get(revision.case_id, []), today) for revision in revisions]


@dataclass(frozen=True)
class Task:
    """Something that hangs on a stage: what it is, whose turn it is, how far it has come."""

    stage_id: int
    what: str
    link: str
    state: str
    state_label: str
    whose: str = ""
    on: date | None = None
    done: int | None = None
    total: int | None = None
    late: int = 0


@dataclass(frozen=True)
class Reader:
    """Who reads a page on which day; the secretariat and auditors see all of a revision."""

    user: User
    today: date
    sees_all: bool


def tasks_of(stages: Iterable[Stage], reader: Reader) -> dict[int, list[Task]]:
    """Return, for every stage that has any, what hangs on it: a statement or two a kind."""
    ids: dict[str, list[int]] = {}
    for stage in stages:
        ids.setdefault(stage.kind, []).append(stage.pk)
    tasks = [
        *_inquiries(ids.get(StageKind.INQUIRY, []), reader),
        *_meetings([*ids.get(StageKind.MEETING, []), *ids.get(StageKind.REPORT, [])]),
        *_comments(ids.get(StageKind.PUBLIC_COMMENT, [])),
        *_proposals([pk for each in ids.values() for pk in each], reader),
    ]
    found: dict[int, list[Task]] = {}
    for task in tasks:
        found.setdefault(task.stage_id, []).append(task)
    return found


def _inquiries(ids: list[int], reader: Reader) -> list[Task]:
    """Whoever was not asked sees how far it has come, and no more."""
    inquiries = list(Inquiry.objects.filter(stage__in=ids))
    counts: dict[int, Counts] = {}
    for (pk, _department), some in counted_each(inquiries, reader.today).items():
        counts[pk] = counts.get(pk, Counts()) + some
    asked = {inquiry.pk for inquiry in inquiries}
    if not reader.sees_all:
        targets = InquiryTarget.objects.filter(inquiry__in=asked)
        own = granted(targets, "answer_inquirytarget", reader.user)
        asked = set(own.values_list("inquiry", flat=True))
    return [
        Task(
            stage_id=inquiry.stage_id,
            what=inquiry.title,
            link=reverse("inquiry", args=[inquiry.pk]) if inquiry.pk in asked else "",
            state=inquiry.state,
            state_label=inquiry.get_state_display(),
            on=inquiry.due_on,
            done=each.done,
            total=each.total,
            late=each.late,
        )
        for inquiry in inquiries
        for each in [counts.get(inquiry.pk, Counts())]
    ]


def _meetings(ids: list[int]) -> list[Task]:
    return [
        Task(
            stage_id=meeting.stage_id,
            what=meeting.title,
            link=reverse("meeting", args=[meeting.pk]),
            state=meeting.state,
            state_label=meeting.get_state_display(),
            whose=meeting.body.name,
            on=meeting.held_on,
        )
        for meeting in Meeting.objects.filter(stage__in=ids).select_related("body")
    ]


def _comments(ids: list[int]) -> list[Task]:
    return [
        Task(
            stage_id=comment.stage_id,
            what=comment.title,
            link=reverse("public_comment", args=[comment.pk]),
            state=comment.state,
            state_label=comment.get_state_display(),
            on=comment.last_on,
        )
        for comment in PublicComment.objects.filter(stage__in=ids)
    ]


def _proposals(ids: list[int], reader: Reader) -> list[Task]:
    requests = Request.objects.filter(proposal__stage__in=ids)
    readable = set(
        readable_requests(requests, reader.user, reader.today).values_list("pk", flat=True)
    )
    turn = Step.objects.filter(state=StepState.ACTIVE).select_related("post")
    proposals = Proposal.objects.filter(stage__in=ids).select_related("request")
    steps = Prefetch("request__steps", queryset=turn, to_attr="turn")
    return [
        Task(
            stage_id=proposal.stage_id,
            what=proposal.request.title,
            link=reverse("request", args=[proposal.request_id])
            if proposal.request_id in readable
            else "",
            state=proposal.request.state,
            state_label=proposal.request.get_state_display(),
            whose="、".join(step.post.name for step in proposal.request.turn),  # type: ignore[attr-defined]
        )
        for proposal in proposals.prefetch_related(steps)
    ]


@dataclass(frozen=True)
class Now:
    """A stage that has not ended, and what hangs on it."""

    stage: Stage
    tasks: list[Task]
    late: bool


def now_of(stages: list[Stage], reader: Reader) -> tuple[list[Now], list[Now]]:
    """Return the stages under way, and those that could begin: all before them has ended."""
    live = [stage for stage in stages if stage.state not in ENDED]
    tasks = tasks_of(live, reader)
    rows = [Now(stage, tasks.get(stage.pk, []), is_late(stage, reader.today)) for stage in live]
    open_ = [row for row in rows if row.stage.state == StageState.OPEN]
    ready = [
        row for row in rows if row not in open_ and (row.tasks or waits_for(row.stage) is None)
    ]
    return open_, ready


@dataclass(frozen=True)
class Due:
    """Running deadlines of one title and one day."""

    title: str
    on: date
    left: int
    count: int


def dues_of(revision: Revision, today: date, days: Calendar, limit: int = 10) -> list[Due]:
    """Return what is due in the revision, the most urgent first. One statement."""
    found = running().filter(part_of=revision.key)
    groups = found.values_list("title", "due_at").annotate(Count("pk")).order_by("due_at", "title")
    return [
        Due(title, on, days.working_days_between(today, on), count)
        for title, due_at, count in groups[:limit]
        for on in [in_tokyo(due_at)]
    ]
