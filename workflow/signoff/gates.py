"""When. What must be there before a step may be skipped, or gone back to."""

from collections.abc import Container, Sequence

from django.utils.translation import gettext as _

from workflow.authority.states import StepRole
from workflow.errors import Invalid, Missing, Unmet
from workflow.signoff.circulation import dissents, firm, passed_by, returnable
from workflow.signoff.models import Request, Step
from workflow.signoff.states import RETURNING


def check_opened(request: Request, read: Container[int]) -> None:
    """Nobody signs, or has read, what they have not opened in its present content.

    read  ids of the requests that they have opened so
    """
    if request.pk not in read:
        raise Unmet(_("まだ開いていないため、まとめて処理できません。開いて読んでください。"))


def check_undisputed(step: Step, steps: Sequence[Step]) -> None:
    """A dissent may be younger than the opening: who decides in its face does so on its page."""
    if step.role == StepRole.DECIDER and dissents(steps):
        raise Unmet(_("合議に不同意があります。開いて理由を読み、この件だけで決裁してください。"))


def check_can_pass(step: Step, steps: Sequence[Step]) -> list[Step]:
    """Return what a pull-up to `step` passes over: the line's, and what nobody holds.

    raises  Unmet, listing the others
    """
    passed = passed_by(step, steps)
    if stays := firm(step, steps):
        raise Unmet(
            _(
                "引き上げ承認で飛ばせるのは、回議の欄だけです。合議と署名は、済むまで先に進めません。"
            ),
            [Missing(f"{s.post.name}（{s.get_role_display()}・{s.word}）") for s in stays],
        )
    return passed


def check_can_return_to(step: Step, step_id: int, steps: Sequence[Step]) -> Step:
    """Return the earlier step that is chosen.

    raises  Invalid (to_step)
    """
    targets = returnable(step, steps) if step.role in RETURNING else []
    chosen = next((s for s in targets if s.pk == step_id), None)
    if chosen is None:
        raise Invalid(
            _("差戻し先は、この回議で先に署名した欄から選んでください。"), field="to_step"
        )
    return chosen


def check_reason(text: str, *, field: str = "reason") -> None:
    """raises  Invalid: whoever is told must learn why"""
    if not text.strip():
        raise Invalid(_("理由か意見の内容を入力してください。"), field=field)
