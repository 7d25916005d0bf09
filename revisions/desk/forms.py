from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class UrgingFilter(forms.Form):
    """しぼり込み, sent in the address."""

    which = forms.ChoiceField(
        label=_("期限"),
        required=False,
        choices=[("", _("過ぎたもの")), ("soon", _("過ぎたものと、あと3開庁日までのもの"))],
    )
    order = forms.ChoiceField(
        label=_("並び"),
        required=False,
        choices=[("", _("課の順")), ("late", _("期限の古い順"))],
    )

    def chosen(self) -> dict[str, Any]:
        """Return what owing() takes; what makes no sense is not asked for."""
        given = self.cleaned_data if self.is_valid() else {}
        return {"soon": bool(given.get("which")), "by_day": bool(given.get("order"))}
