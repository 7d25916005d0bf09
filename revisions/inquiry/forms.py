"""What the pages of an inquiry ask. `seen` (Act) is the chain_length that a page was made from."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from revisions.inquiry.states import InquiryKind, TargetState
from workflow.deadline.fields import DayField
from workflow.signoff.forms import Act, ReasonForm

Choices = Iterable[tuple[str, str]]


def prose(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ClosedDay(forms.Form):
    """A due day that may be meant to be on a closed day."""

    due_on = DayField(label=_("期限"))
    accept_closed_day = forms.BooleanField(
        label=_("閉庁日でも、この日を期限にする"), required=False
    )


class InquiryForm(Act, ClosedDay):
    field_order = ("seen", "kind", "title", "text", "due_on", "accept_closed_day")
    kind = forms.ChoiceField(label=_("種類"), choices=InquiryKind, widget=forms.RadioSelect)
    title = forms.CharField(label=_("件名"), max_length=200)
    text = forms.CharField(
        label=_("依頼の文"),
        required=False,
        max_length=10_000,
        widget=prose(6),
        help_text=_("何を、どのように確かめて回答してほしいか"),
    )


class IssueForm(Act):
    """照会先: sections."""

    ids = forms.TypedMultipleChoiceField(
        label=_("照会先"), coerce=int, error_messages={"required": _("課を1つ以上選んでください。")}
    )

    def __init__(self, *args: Any, ids: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ids"].choices = [(pk, "") for pk in ids]  # type: ignore[attr-defined]


class TargetFilter(forms.Form):
    """しぼり込み of the addressees, sent in the address."""

    state = forms.ChoiceField(label=_("状態"), required=False)
    department = forms.ChoiceField(label=_("部"), required=False)
    late = forms.BooleanField(label=_("期限超過のみ"), required=False)

    def __init__(self, data: Mapping[str, Any], *, departments: Choices) -> None:
        super().__init__(data, auto_id="filter_%s")
        blank = [("", _("すべて"))]
        self.fields["state"].choices = [*blank, *TargetState.choices]  # type: ignore[attr-defined]
        self.fields["department"].choices = [*blank, *departments]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """Return what the list is filtered by; nothing for an address that makes no sense."""
        return self.cleaned_data if self.is_valid() else {}


class SubmitForm(Act):
    note = forms.CharField(
        label=_("課長と事務局への連絡"), required=False, max_length=2000, widget=prose(3)
    )


class WhyForm(forms.Form):
    """The reason and, for a new project, its place; stands beside a SheetForm."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    place = forms.ChoiceField(label=_("掲載する事業推進計画"))
    reason = forms.CharField(label=_("変更・掲載の理由"), max_length=2000, widget=prose(3))

    def __init__(self, *args: Any, places: Mapping[str, str] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if places is None:
            del self.fields["place"]
            return
        choices = [(number, f"{number} {name}") for number, name in places.items()]
        self.fields["place"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]


class RemarkForm(Act):
    project_uid = forms.ChoiceField(label=_("個別事業"), required=False)
    place = forms.CharField(
        label=_("箇所"),
        required=False,
        max_length=120,
        help_text=_("例：概要の2文目、評価指標、計画の全体"),
    )
    text = forms.CharField(label=_("意見"), max_length=10_000, widget=prose(4))
    proposal = forms.CharField(
        label=_("修正案"), required=False, max_length=10_000, widget=prose(3)
    )

    def __init__(self, *args: Any, projects: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = [("", _("計画の全体、またはその他"))]
        self.fields["project_uid"].choices = [*whole, *projects]  # type: ignore[attr-defined]


class ExtendForm(ReasonForm, ClosedDay):
    """期限延長."""

    field_order = ("seen", "due_on", "accept_closed_day", "reason")


class ReturnForm(ReasonForm, ClosedDay):
    """差戻し, by the day it had or by a later one."""

    field_order = ("seen", "reason", "due_on", "accept_closed_day")
    due_on = DayField(
        label=_("新しい期限"),
        required=False,
        help_text=_("空欄のときは、いまの期限のままです。期限が過ぎているときは入れてください。"),
    )


class AcceptForm(Act):
    over = forms.BooleanField(required=False, widget=forms.HiddenInput)


class PickedField(forms.Field):
    """Rows picked from a list, each as 12.5: its id and the chain_length that the list showed."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: list[str] | None) -> dict[int, int]:
        try:
            picked = {int(pk): int(seen) for pk, seen in (one.split(".") for one in value or [])}
        except ValueError as error:
            raise ValidationError(_("選び直してください。")) from error
        if any(not 0 < pk < 2**63 for pk in picked):
            raise ValidationError(_("選び直してください。"))
        return picked


class PickedForm(forms.Form):
    ids = PickedField(label=_("課"))


class RemindForm(PickedForm, Act):
    """督促; `seen` is of the inquiry, to whose history a reminder belongs."""


class BulkReasonForm(PickedForm):
    """Why many addressees need not answer."""

    reason = forms.CharField(label=_("理由"), max_length=2000, widget=prose(3))


class BulkExtendForm(BulkReasonForm, ClosedDay):
    """By when and why many addressees have more time."""

    field_order = ("ids", "due_on", "accept_closed_day", "reason")
