"""日程: which days a stage may be given, and when that takes a reason."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.translation import gettext as _

from revisions.plan.models import Revision
from revisions.plan.states import RevisionState
from revisions.public_comment.gates import check_days_of_stage
from revisions.public_comment.queries import of_stages
from workflow.errors import Invalid, Unmet
from workflow.path.models import Stage
from workflow.path.states import Precision, StageKind, StageState

Days = tuple[date, date]


def check_planned(stage: Stage) -> None:
    if stage.state != StageState.PLANNED:
        state = stage.get_state_display()
        raise Unmet(_("日程を変えられるのは、始まる前の段階だけです（今は%s）。") % state)


def check_days(
    revision: Revision,
    stages: Iterable[Stage],
    days: Mapping[int, Days],
    *,
    reason: str,
    today: date,
) -> list[Stage]:
    """Return the stages whose days would change; none of them has begun.

    raises  Unmet when a stage is not, or no longer, to be planned, or its public comment is
            announced; Invalid (reason) when others rely on the days already; Invalid
            (planned_from, planned_until) for days that a comment cannot have; Invalid when
            nothing changes
    """
    own = {stage.pk: stage for stage in stages}
    if days.keys() - own.keys():
        raise Unmet(_("この改定にない段階が含まれています。日程を作り直してください。"))
    for pk in days:
        check_planned(own[pk])
    changed = [own[pk] for pk in days if planned_days(own[pk]) != days[pk]]
    if not changed:
        raise Invalid(_("どの段階の日程も、いまと同じです。"))
    _check_comments({stage: days[stage.pk] for stage in changed}, today)
    _check_told(revision, changed, reason)
    return changed


def check_stage_days(
    revision: Revision, stage: Stage, days: Days, precision: str, *, reason: str, today: date
) -> None:
    """Hold one stage's days, as they will be kept, against the same rules; raises as check_days."""
    check_planned(stage)
    if (days, precision) == ((stage.planned_from, stage.planned_until), stage.precision):
        raise Invalid(_("日程は、いまと同じです。"))
    _check_comments({stage: days if precision == Precision.DAY else None}, today)
    _check_told(revision, [stage], reason)


def _check_comments(days: Mapping[Stage, Days | None], today: date) -> None:
    comments = of_stages(days)
    for stage, asked in days.items():
        if stage.kind == StageKind.PUBLIC_COMMENT:
            check_days_of_stage(stage, asked, comments.get(stage.pk), today)


def _check_told(revision: Revision, changed: Iterable[Stage], reason: str) -> None:
    """Once a stage has begun, to change days that are known takes a reason."""
    relied_on = revision.state != RevisionState.DRAFTING
    if relied_on and not reason.strip() and any(stage.planned_from for stage in changed):
        raise Invalid(_("知らせてある日程を改めます。理由を書いてください。"), field="reason")


def planned_days(stage: Stage) -> Days | None:
    """Return the planned days; None when there are none, or when only the month is known."""
    if not stage.planned_from or not stage.planned_until or stage.precision != Precision.DAY:
        return None
    return stage.planned_from, stage.planned_until
