"""A rule of reminding in plain words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from workflow.deadline.schedule import Step
from workflow.deadline.states import Tier, When


def step_words(step: Step) -> str:
    """期限を3開庁日過ぎて（その後5開庁日ごと） → 課長."""
    when = str(When(step.when).label)
    if step.when == When.BEFORE:
        when = _("期限の%d開庁日前") % step.days
    elif step.when == When.LATE:
        when = _("期限を%d開庁日過ぎて") % step.days
    if step.every:
        when = _("%(when)s（その後%(every)d開庁日ごと）") % {"when": when, "every": step.every}
    words = f"{when} → {Tier(step.to).label}"
    return _("%s（受け取るまで）") % words if step.unreceived else words


def rule_words(steps: Iterable[Step]) -> list[str]:
    return [step_words(step) for step in steps]
