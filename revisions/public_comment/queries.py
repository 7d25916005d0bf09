"""意見公募を読む. The public pages follow the calendar, not the state: beat may be down."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Literal

from django.db.models import Count, Q, QuerySet

from revisions.opinion.models import Opinion
from revisions.opinion.states import Disposition, Medium, OpinionState
from revisions.public_comment import period
from revisions.public_comment.models import PublicComment, Submission
from revisions.public_comment.states import CommentState as S
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.queries import running
from workflow.path.models import Stage
from workflow.path.states import StageKind, StageState

Phase = Literal["preparing", "announced", "accepting", "closed", "published", "stopped"]

DEADLINE = "public_comment.answer"

RESULT = ("id", "number", "state", "disposition", "summary", "response", "change", "similar_to")
"""What citizens may read of an opinion: never its wording as received, nor who sent it."""

STOPPED = (StageState.SKIPPED, StageState.SENT_BACK, StageState.CANCELLED)


def phase_on(comment: PublicComment, today: date) -> Phase:
    """Say where a public comment stands on a day; stopped when its stage ended without a result."""
    if comment.stage.state in STOPPED:
        return "stopped"
    if comment.version is None:
        return "preparing"
    if comment.state == S.PUBLISHED:
        return "published"
    announced = in_tokyo(comment.version.made_at)
    return period.phase(today, announced=announced, first=comment.first_on, last=comment.last_on)


def state_on(comment: PublicComment, today: date) -> S:
    """Return the state as the calendar has it, which may be ahead of the row's."""
    if comment.state in (S.ANNOUNCED, S.ACCEPTING):
        if comment.last_on < today:
            return S.CLOSED
        if comment.first_on <= today:
            return S.ACCEPTING
    return S(comment.state)


def shown() -> QuerySet[PublicComment]:
    """Return what the public may see, the latest first."""
    return (
        PublicComment.objects.exclude(state=S.PREPARING)
        .select_related("stage", "version", "revision__plan")
        .order_by("-first_on", "-pk")
    )


def due(today: date) -> QuerySet[PublicComment]:
    """Return those whose state is behind the calendar, but for those called off."""
    behind = Q(state=S.ANNOUNCED, first_on__lte=today) | Q(state=S.ACCEPTING, last_on__lt=today)
    return PublicComment.objects.filter(behind).exclude(stage__state__in=STOPPED)


def is_out(stage: Stage) -> bool:
    """Whether citizens have been told of its period."""
    out = PublicComment.objects.filter(stage=stage).exclude(state=S.PREPARING)
    return stage.kind == StageKind.PUBLIC_COMMENT and out.exists()


def of_stages(stages: Iterable[Stage]) -> dict[int, PublicComment]:
    """Return stage (id) → its public comment."""
    asked = [stage for stage in stages if stage.kind == StageKind.PUBLIC_COMMENT]
    found = PublicComment.objects.filter(stage__in=asked) if asked else ()
    return {comment.stage_id: comment for comment in found}


def answers_due(comments: Iterable[PublicComment]) -> dict[str, date]:
    """Return comment (key) → the day by which answering begins, while that is awaited."""
    asked = running().filter(subject__in=[comment.key for comment in comments], kind=DEADLINE)
    return {row.subject: in_tokyo(row.due_at) for row in asked}


def sent_last_hour(sender: str, at: datetime) -> int:
    return Submission.objects.filter(sender=sender, at__gt=at - timedelta(hours=1)).count()


def opinions_of(comment: PublicComment) -> QuerySet[Opinion]:
    return Opinion.objects.filter(stage=comment.stage_id)


def published_opinions(comment: PublicComment) -> QuerySet[Opinion]:
    """Return the published answers, each once, with the number of like opinions (`like`)."""
    elsewhere = Q(similar_to=None) | ~Q(similar_to__stage=comment.stage_id)
    like = Count("similar", filter=Q(similar__stage=comment.stage_id)) + 1
    found = opinions_of(comment).filter(elsewhere).only(*RESULT)
    return found.annotate(like=like).order_by("number")


def counts_of(comment: PublicComment) -> dict[str, list[tuple[str, int]]]:
    """Return (word, how many) by the way in, by state and by disposition, in one statement."""
    opinions = list(opinions_of(comment).only("medium", "state", "disposition"))
    drafted = [opinion for opinion in opinions if opinion.state != OpinionState.RECEIVED]
    return {
        "medium": _counted(Medium.choices, [opinion.medium for opinion in opinions]),
        "state": _counted(OpinionState.choices, [opinion.state for opinion in opinions]),
        "disposition": _counted(Disposition.choices, [opinion.disposition for opinion in drafted]),
    }


def _counted(choices: Iterable[tuple[str, Any]], values: list[str]) -> list[tuple[str, int]]:
    found = Counter(values)
    return [(str(word), found[value]) for value, word in choices if found[value]]
