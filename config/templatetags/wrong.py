"""What is wrong with a form, in the office's words."""

from collections.abc import Iterable
from typing import Any

from django.forms import BaseForm, BoundField, ChoiceField, FileField
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext as _


def errors_of(form: BaseForm | BaseFormSet) -> Iterable[dict[str, Any]]:
    if isinstance(form, BaseFormSet):
        yield from ({"text": text} for text in form.non_form_errors())
        for number, member in enumerate(form.forms, 1):
            for error in errors_of(member):
                yield error | {"label": _in_row(form, number, error.get("label", ""))}
        return
    yield from ({"text": text} for text in form.non_field_errors())
    for bound in form:
        target = f"{bound.auto_id}_0" if bound.use_fieldset else bound.auto_id
        yield from ({"target": target, "label": bound.label, "text": e} for e in wrong_with(bound))


def _in_row(rows: BaseFormSet, number: int, label: str) -> str:
    """Say which row of which table; the labels of a table with a title name the row themselves."""
    if title := getattr(rows, "title", ""):
        return _("%(table)sの%(label)s") % {"table": title, "label": label}
    return _("%(row)d行目の%(label)s") % {"row": number, "label": label}


def wrong_with(bound: BoundField) -> list[str]:
    """What is wrong with one field; a missing answer is asked for in the office's words."""
    chosen = isinstance(bound.field, (ChoiceField, FileField))
    ask = _("選んでください。") if chosen else _("入力してください。")
    return [
        ask if error.code == "required" else text
        for error in bound.errors.as_data()
        for text in error.messages
    ]
