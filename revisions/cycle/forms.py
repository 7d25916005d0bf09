"""進行の様式. `seen` (Act) is the revision's chain_length that a page was made from."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from revisions.plan.models import Plan
from revisions.plan.states import RevisionKind
from workflow.deadline.fields import DayField
from workflow.path.models import Stage
from workflow.path.routes import ROUTES
from workflow.path.states import Asks, Precision, StageKind
from workflow.people.models import Body
from workflow.signoff.forms import Act, ReasonForm

__all__ = ["Act", "ReasonForm"]


def prose(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class StartForm(forms.Form):
    plan = forms.ModelChoiceField(Plan.objects.none(), label=_("計画"), empty_label=None)
    kind = forms.ChoiceField(label=_("改定の種類"), choices=RevisionKind.choices)
    route = forms.ChoiceField(
        label=_("経路"),
        choices=[(route.code, route.name) for route in ROUTES.values()],
        help_text=_("ひな形を写します。始めたあと、段階を加えたり省いたりできます。"),
    )
    title = forms.CharField(label=_("件名"), max_length=200)
    starts_on = DayField(label=_("最初の段階を始める日"))

    def __init__(self, *args: Any, plans: Sequence[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Plan.objects.filter(pk__in=[plan.pk for plan in plans])
        self.fields["plan"].queryset = found  # type: ignore[attr-defined]


class PlanForm(Act):
    planned_from = DayField(label=_("始める日"))
    planned_until = DayField(label=_("終える日"))
    precision = forms.ChoiceField(
        label=_("日付の細かさ"),
        choices=Precision.choices,
        help_text=_("「月」を選ぶと、その月とだけ示します。"),
    )
    reason = forms.CharField(
        label=_("日程を改める理由"),
        required=False,
        max_length=2000,
        widget=prose(2),
        help_text=_(
            "知らせてある日程を改めるとき、標準の日数より短くするときに書きます。"
            "短くすると、逸脱として記録します。"
        ),
    )


class ConcludeForm(Act):
    outcome = forms.CharField(widget=forms.HiddenInput)
    remarks = forms.CharField(
        label=_("結果に添えること"), required=False, max_length=2000, widget=prose()
    )


class SendBackForm(Act):
    to_stage_id = forms.TypedChoiceField(label=_("差戻し先"), coerce=int)
    between = forms.TypedMultipleChoiceField(
        label=_("あわせてやり直す段階"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("差戻し先とこの段階は、必ずやり直します。"),
    )
    reason = forms.CharField(label=_("理由"), max_length=2000, widget=prose())

    def __init__(self, *args: Any, earlier: Sequence[Stage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(stage.pk, f"{stage.round.name}　{stage.name}") for stage in reversed(earlier)]
        self.fields["to_stage_id"].choices = choices  # type: ignore[attr-defined]
        self.fields["between"].choices = choices  # type: ignore[attr-defined]
        if len(choices) < 2:
            del self.fields["between"]


class AddForm(Act):
    kind = forms.ChoiceField(
        label=_("段階の種類"),
        choices=[choice for choice in StageKind.choices if choice[0] != StageKind.ADOPTION],
    )
    asks = forms.ChoiceField(
        label=_("求めること"),
        choices=[choice for choice in Asks.choices if choice[0] != Asks.DECISION],
    )
    body = forms.ModelChoiceField(
        Body.objects.all(), label=_("会議体"), required=False, help_text=_("会議のときに選びます。")
    )
    name = forms.CharField(label=_("名前"), max_length=80)
    reason = forms.CharField(
        label=_("加える理由"),
        max_length=2000,
        widget=prose(),
        help_text=_("経路にない段階なので、逸脱として記録します。"),
    )
