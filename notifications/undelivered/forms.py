from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from notifications.undelivered.states import Channel

ACTS = ["resend", "resend_all", "withdraw"]
LARGEST = 2**63 - 1


class PickedField(forms.Field):
    """Rows, each as 12.5: its id and its stamp."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: list[str] | None) -> dict[int, int]:
        try:
            picked = {int(pk): int(stamp) for pk, stamp in (one.split(".") for one in value or [])}
        except ValueError as error:
            raise ValidationError(_("選び直してください。")) from error
        if any(not 0 < pk <= LARGEST for pk in picked):
            raise ValidationError(_("選び直してください。"))
        return picked


class ChannelForm(forms.Form):
    channel = forms.TypedChoiceField(choices=Channel.choices, coerce=Channel)


class ActForm(ChannelForm):
    """until: the newest that the page knew of; for all of them, and no other."""

    act = forms.ChoiceField(choices=[(act, act) for act in ACTS])
    ids = PickedField(label=_("通知"), required=False)
    until = forms.IntegerField(min_value=1, max_value=LARGEST, required=False)
    reason = forms.CharField(
        label=_("取り下げる理由"),
        max_length=200,
        required=False,
        help_text=_("取り下げるときだけ入れます。証跡に残ります。"),
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("act") in ("resend", "withdraw") and not given.get("ids"):
            self.add_error("ids", _("1件以上選んでください。"))
        if given.get("act") == "withdraw" and not given.get("reason"):
            self.add_error("reason", _("取り下げる理由を入れてください。"))
        return given
