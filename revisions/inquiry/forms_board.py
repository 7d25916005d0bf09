"""What the board of an inquiry asks."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from revisions.inquiry.forms import Choices
from revisions.inquiry.states import TargetState

LATE = [
    ("", _("すべて")),
    ("1", _("期限超過")),
    ("3", _("3開庁日以上の超過")),
    ("5", _("5開庁日以上の超過")),
    ("10", _("10開庁日以上の超過")),
]


class BoardFilter(forms.Form):
    """しぼり込み, sent in the address. late: overdue by that many open days, or more."""

    department = forms.ChoiceField(label=_("部"), required=False)
    state = forms.ChoiceField(label=_("状態"), required=False)
    late = forms.TypedChoiceField(
        label=_("期限"), required=False, choices=LATE, coerce=int, empty_value=None
    )
    news = forms.BooleanField(label=_("新着のみ"), required=False)

    def __init__(self, data: Mapping[str, Any], *, departments: Choices) -> None:
        super().__init__(data, auto_id="filter_%s")
        blank = [("", _("すべて"))]
        self.fields["state"].choices = [*blank, *TargetState.choices]  # type: ignore[attr-defined]
        self.fields["department"].choices = [*blank, *departments]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """Return what chosen_of() takes; nothing for an address that makes no sense."""
        return self.cleaned_data if self.is_valid() else {}


class SeenForm(forms.Form):
    """ここまで見た: up to which entry the page was made."""

    upto = forms.IntegerField(min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)
