"""日程の様式: the month of adoption, the days of every stage, and what slips if one does."""

from collections.abc import Container, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from revisions.cycle.forms import prose
from revisions.cycle.planning import Days
from revisions.public_comment.gates import too_few
from workflow.deadline.era import era_month, parse_month
from workflow.deadline.fields import CountField, DayField
from workflow.path.gates import far_away, is_near
from workflow.path.models import Stage
from workflow.path.states import ENDED
from workflow.signoff.forms import Act


class MonthField(forms.CharField):
    """A month typed as 2027-03, R9.3 or 令和9年3月; its first day."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("例：令和9年3月、R9.3、2027-03"))
        super().__init__(max_length=20, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return era_month(value) if isinstance(value, date) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        try:
            return parse_month(typed) if typed else None
        except ValueError as error:
            raise ValidationError(str(error)) from error


class MonthForm(forms.Form):
    month = MonthField(label=_("策定する月"))

    def clean(self) -> dict[str, Any]:
        """It has not passed, and is not many years away."""
        given = super().clean() or {}
        if (month := given.get("month")) and not is_near(month, self.today):
            self.add_error("month", far_away())
        elif month and month < self.today.replace(day=1):
            self.add_error("month", _("今月以後の月にしてください。"))
        return given

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today


class DaysForm(MonthForm, Act):
    """Two days a stage. One typed by hand is kept; one emptied goes back to what is proposed.

    settled  stages (id) whose days are known outside: a meeting convened, a comment announced
    least    stages (id) of public comments → the least days of their periods
    """

    reason = forms.CharField(
        label=_("日程を改める理由"),
        required=False,
        max_length=2000,
        widget=prose(2),
        help_text=_("段階が始まったあとに日程を改めるとき、標準の日数より短くするときに書きます。"),
    )

    def __init__(
        self,
        *args: Any,
        stages: Iterable[Stage],
        settled: Container[int],
        least: Mapping[int, int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].widget = forms.HiddenInput()
        self.settled, self.least = settled, least
        self.ids = [stage.pk for stage in stages]
        for stage in stages:
            for name, label in ((first(stage.pk), _("始める日")), (last(stage.pk), _("終える日"))):
                words = f"{stage.name}　{label}"
                self.fields[name] = DayField(label=words, required=False, help_text="")
                self.fields[name].widget.attrs |= {"aria-label": words, "size": 12}
                self.fields[name].widget.attrs["readonly"] = stage.pk in settled
            self.fields[shown(stage.pk)] = forms.CharField(
                required=False, max_length=40, widget=forms.HiddenInput
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        for pk in self.ids:
            begins, ends = given.get(first(pk)), given.get(last(pk))
            for name in (first(pk), last(pk)):
                if given.get(name) and not is_near(given[name], self.today):
                    self.add_error(name, far_away())
            if first(pk) in self.errors or last(pk) in self.errors:
                continue
            if begins and ends and ends < begins:
                self.add_error(last(pk), _("終わりの日は、始めの日以後にしてください。"))
            elif bool(begins) != bool(ends):
                self.add_error(last(pk) if begins else first(pk), _("両方の日を入力してください。"))
            elif begins and ends and pk not in self.settled:
                self._check_can_be(pk, begins, ends)
        return given

    def _check_can_be(self, pk: int, begins: date, ends: date) -> None:
        if ends < self.today:
            self.add_error(last(pk), _("過ぎた日です。今日以後の日にしてください。"))
        elif pk in self.least and (few := too_few(begins, ends, self.least[pk])):
            self.add_error(last(pk), few)

    def of(self, pk: int) -> dict[str, Any] | None:
        """Return the fields of one stage, as the page shows them; None when it is not to be set."""
        if pk not in self.ids:
            return None
        mark = self[shown(pk)]
        by_hand = str(mark.value() or "").startswith(HAND)
        return {"days": [self[first(pk)], self[last(pk)]], "shown": mark, "by_hand": by_hand}

    def by_hand(self) -> dict[int, Days]:
        """Return the days that somebody has settled, on this page or on the one before."""
        return {
            pk: days
            for pk, days in self.days().items()
            if self.cleaned_data[shown(pk)] != as_shown(days)
        }

    def days(self) -> dict[int, Days]:
        given = self.cleaned_data
        return {pk: (given[first(pk)], given[last(pk)]) for pk in self.ids if given[first(pk)]}

    def is_as_shown(self) -> bool:
        """Whether nothing was typed since the page was made."""
        days, given = self.days(), self.cleaned_data
        return all(
            pk in days and given[shown(pk)].removeprefix(HAND) == as_shown(days[pk])
            for pk in self.ids
        )


class SlipForm(forms.Form):
    stage = forms.TypedChoiceField(label=_("遅れる段階"), coerce=int)
    days = CountField(label=_("遅れる開庁日の数"), min_value=1, max_value=250, initial=5)

    def __init__(self, *args: Any, stages: Iterable[Stage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live = [stage for stage in stages if stage.state not in ENDED]
        choices = [(stage.pk, f"{stage.round.name}　{stage.name}") for stage in live]
        self.fields["stage"].choices = choices  # type: ignore[attr-defined]


HAND = "hand "


def first(pk: int) -> str:
    return f"first_{pk}"


def last(pk: int) -> str:
    return f"last_{pk}"


def shown(pk: int) -> str:
    return f"shown_{pk}"


def as_shown(days: Days) -> str:
    return f"{days[0]}/{days[1]}"


def initial_of(days: Mapping[int, Days], by_hand: Iterable[int]) -> dict[str, Any]:
    """Return what a form shows; a page that follows tells by it what was typed."""
    settled = set(by_hand)
    found: dict[str, Any] = {}
    for pk, (begins, ends) in days.items():
        mark = HAND if pk in settled else ""
        found |= {first(pk): begins, last(pk): ends, shown(pk): mark + as_shown((begins, ends))}
    return found
