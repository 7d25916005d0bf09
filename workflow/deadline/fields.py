"""Form fields for days and numbers as officers write them."""

from datetime import date, time
from typing import Any
from unicodedata import normalize

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from workflow.deadline.era import parse_date


class DayField(forms.DateField):
    """A day typed as 2026-12-04, 20261204, R8.12.4 or 令和8年12月4日, full-width too."""

    widget = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("例：2026-12-04、R8.12.4、令和8年12月4日"))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return value or None
        try:
            return parse_date(str(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error


class ClockField(forms.TimeField):
    """A time of day typed as 14:00, 1400, 14時 or 14時30分, full-width too."""

    widget = forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off", "size": 6})
    default_error_messages = {"invalid": _("時刻を 14:00 のように入力してください。")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("例：14:00"))
        super().__init__(input_formats=["%H:%M", "%H%M", "%H時%M分", "%H時"], **kwargs)

    def to_python(self, value: Any) -> time | None:
        return super().to_python(normalize("NFKC", value) if isinstance(value, str) else value)


class CountField(forms.IntegerField):
    """A number typed in any width. A browser's own number field forgets what is no number."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 6})
