from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from workflow.deadline.fields import ClockField, CountField, DayField
from workflow.deadline.gates_rules import LONGEST, MOST_STEPS, check_step
from workflow.deadline.queries import Steps
from workflow.deadline.schedule import Step
from workflow.deadline.states import Tier, When
from workflow.errors import Invalid
from workflow.people.models import Section


class StepForm(forms.Form):
    """One line of a rule for a kind of deadlines; without `when` it is no line."""

    when = forms.ChoiceField(
        label=_("いつ"), choices=[("", _("（使わない行）")), *When.choices], required=False
    )
    days = CountField(label=_("何開庁日"), min_value=0, max_value=LONGEST, required=False)
    every = CountField(
        label=_("その後、何開庁日ごと"), min_value=0, max_value=LONGEST, required=False
    )
    to = forms.ChoiceField(label=_("誰に"), choices=Tier.choices, required=False)
    unreceived = forms.BooleanField(label=_("受け取るまで"), required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def clean(self) -> dict[str, Any]:
        """Say what is wrong with the line beside the field that it is about."""
        given = super().clean() or {}
        if not self.errors and self.step:
            try:
                check_step(self.kind, self.step)
            except Invalid as refused:
                self.add_error(refused.field, str(refused))
        return given

    @property
    def step(self) -> Step | None:
        """The line as it was typed, when the form is valid."""
        typed = self.cleaned_data
        if not typed.get("when"):
            return None
        return Step(
            typed["when"],
            typed["days"] or 0,
            typed["every"] or 0,
            typed["to"] or Tier.HOLDER,
            typed["unreceived"],
        )


class RuleForm(forms.Form):
    """Beside the lines: the page's own fields."""

    due_on = DayField(label=_("試す期限"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    previewed = forms.CharField(widget=forms.HiddenInput, required=False)


Lines: Any = formset_factory(
    StepForm, extra=2, max_num=MOST_STEPS, absolute_max=MOST_STEPS, validate_max=True
)


def initial_of(steps: Iterable[Step]) -> list[dict[str, Any]]:
    return [asdict(step) for step in steps]


def steps_typed(lines: Any) -> Steps:
    return tuple(form.step for form in lines if form.step)


class HoursForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    section_id = forms.ModelChoiceField(
        Section.objects.all(), label=_("どこの"), empty_label=_("市全体"), required=False
    )
    opens = ClockField(label=_("執務の始まり"))
    closes = ClockField(label=_("執務の終わり"))
    remind_at = ClockField(
        label=_("督促の時刻"),
        help_text=_("メールをまとめて受ける人には、この後の、その人のまとめの時刻に届きます。"),
    )
    accept_long = forms.BooleanField(label=_("12時間を超える執務時間を認める"), required=False)
