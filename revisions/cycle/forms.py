"""進行の様式. `seen` (Act) is the revision's chain_length that a page was made from."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from revisions.cycle.parts import Turn
from revisions.plan.models import Plan
from revisions.plan.states import RevisionKind
from workflow.deadline.fields import DayField
from workflow.path.models import Stage
from workflow.path.routes import ROUTES
from workflow.path.states import Asks, Precision, StageKind
from workflow.people.models import Body, Post
from workflow.people.states import Rank
from workflow.signoff.forms import Act, ReasonForm
from workflow.signoff.states import StepRole

__all__ = ["Act", "ReasonForm"]

LINE = 4
"""How many posts a proposal can pass one after another before its decider."""

Choices = Iterable[tuple[Any, Any]]


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
        label=_("期間を短くする理由"),
        required=False,
        max_length=2000,
        widget=prose(2),
        help_text=_("標準の日数より短くするときだけ書きます。逸脱として記録します。"),
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


class ProposeForm(Act):
    """伺い: up to four posts in turn, then any side by side, then who decides."""

    title = forms.CharField(label=_("件名"), max_length=200)
    text = forms.CharField(label=_("伺いの本文"), max_length=20000, widget=prose(8))

    def __init__(self, *args: Any, posts: Sequence[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(post.pk, post.name) for post in posts]
        for number in range(1, LINE + 1):
            self.fields[f"line_{number}"] = _post(
                _("回議 %(number)d人目") % {"number": number}, choices, required=False
            )
        self.fields["concurrences"] = forms.TypedMultipleChoiceField(
            label=_("合議（回議のあと、並行して）"),
            coerce=int,
            required=False,
            choices=[(post.pk, post.name) for post in posts if post.rank == Rank.SECTION_CHIEF],
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["decider"] = _post(_("決裁者"), choices, required=True)

    def steps(self) -> list[Turn]:
        given = self.cleaned_data
        line = [post for n in range(1, LINE + 1) if (post := given[f"line_{n}"])]
        turns: list[Turn] = [(n, StepRole.LINE, post) for n, post in enumerate(line, 1)]
        side = len(line) + 1
        turns += [(side, StepRole.CONCURRENCE, post) for post in given["concurrences"]]
        return [*turns, (side + 1, StepRole.DECIDER, given["decider"])]


def _post(label: Any, choices: list[tuple[int, str]], *, required: bool) -> forms.Field:
    return forms.TypedChoiceField(
        label=label,
        choices=[("", _("選んでください") if required else _("なし")), *choices],
        coerce=int,
        empty_value=None,
        required=required,
    )
