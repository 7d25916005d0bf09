"""Form fields for days and numbers as officers write them."""

from datetime import date
from typing import Any

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


class CountField(forms.IntegerField):
    """A number typed in any width. A browser's own number field forgets what is no number."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 6})
