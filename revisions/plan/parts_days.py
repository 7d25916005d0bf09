"""Planned days of stages: as the trail keeps them, and who is told. For commands only."""

from collections.abc import Iterable, Mapping
from typing import Any

from revisions.plan.models import Revision
from revisions.plan.states import RevisionState
from workflow.access import groups_with
from workflow.audit.models import AuditEntry
from workflow.outbox.queue import emit
from workflow.path.models import Stage
from workflow.path.states import Precision


def dates(stage: Stage) -> str:
    """2026-12-21～2027-01-08, to the month 2021-04～2021-05, "" without days (read_period)."""
    if not stage.planned_from or not stage.planned_until:
        return ""
    cut = 7 if stage.precision == Precision.MONTH else 10
    return "～".join(day.isoformat()[:cut] for day in (stage.planned_from, stage.planned_until))


def moves(changed: Iterable[Stage], before: Mapping[int, str]) -> list[dict[str, Any]]:
    """Return the days of stages that were moved; `before` is stage (id) → dates()."""
    return [
        {"stage": s.pk, "name": s.name, "before": before[s.pk], "after": dates(s)} for s in changed
    ]


def tell_days(
    entry: AuditEntry, revision: Revision, moved: list[dict[str, Any]], *, reason: str
) -> None:
    """Tell of new days: the secretariat, and all who read the revision once a stage has begun."""
    told = "steer_revision" if revision.state == RevisionState.DRAFTING else "read_revision"
    emit(
        entry,
        to=groups_with(told, revision),
        link=f"/revisions/{revision.pk}/schedule/",
        title=revision.title,
        new_days=moved,
        reason=reason,
    )
