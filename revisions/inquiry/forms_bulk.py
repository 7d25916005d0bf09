"""What is asked before an act on many addressees."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from revisions.inquiry.forms import ClosedDay, MoreTime, prose
from workflow.deadline.fields import DayField


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


class BulkReasonForm(PickedForm):
    """Why many need not answer."""

    reason = forms.CharField(label=_("理由"), max_length=2000, widget=prose(3))


class BulkExtendForm(PickedForm, MoreTime):
    """By when many have more time."""

    field_order = ("ids", "due_on", "accept_closed_day", "reason")


class BulkReturnForm(BulkReasonForm, ClosedDay):
    """Why many answers go back, and by when they are to come again."""

    field_order = ("ids", "due_on", "accept_closed_day", "reason")
    due_on = DayField(
        label=_("新しい期限"),
        required=False,
        help_text=_("空欄のときは、課ごとの今の期限のままです。期限が過ぎている課は返せません。"),
    )
