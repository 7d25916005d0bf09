"""What was typed on a page that was refused, in the words of the forms that read it."""

from collections.abc import Iterable, Iterator
from traceback import walk_tb
from typing import Any

from django.forms import BaseForm, BoundField, CheckboxInput, FileField, PasswordInput, Select
from django.forms.formsets import BaseFormSet
from django.http import QueryDict
from django.utils.translation import gettext as _

DEPTH = 2
"""How far a form may hang on what a view holds: a table of rows on a form, in a mapping."""

Said = tuple[str, str, str]
"""Name in the request, label, text: empty where there is nothing to show. What has the same label
stands together."""


def said_in(refusal: BaseException, post: QueryDict) -> Iterator[Said]:
    """Yield every field of the forms by which a request was read that was refused.

    Whoever refuses knows no form, and whoever answers is given none: the views that were
    interrupted still hold them. So no view has to do anything for it.
    """
    for frame, _line in walk_tb(refusal.__traceback__):
        yield from _among(frame.f_locals.values(), post, DEPTH)


def _among(values: Iterable[Any], post: QueryDict, depth: int) -> Iterator[Said]:
    for value in values:
        if isinstance(value, BaseForm | BaseFormSet) and value.data == post:
            yield from _of_rows(value) if isinstance(value, BaseFormSet) else _of_form(value)
        within: Iterable[Any] = ()
        if isinstance(value, BaseForm | dict):
            within = (value if isinstance(value, dict) else vars(value)).values()
        elif isinstance(value, list | tuple):
            within = value
        if depth:
            yield from _among(within, post, depth - 1)


def _of_rows(rows: BaseFormSet) -> Iterator[Said]:
    """A row of a table stands together; one that is empty but for what it came with, nowhere."""
    for number, row in enumerate(rows.forms, 1):
        empty = not any(_text(bound) for bound in row if not _is_preset(bound))
        place = " ".join([getattr(rows, "title", ""), _("%d行目") % number]).strip()
        itself = _("%(row)d行目の%(label)s") % {"row": number, "label": ""}
        for name, label, text in _of_form(row):
            said = f"{label.removeprefix(itself)}：{text}" if text and not empty else ""
            yield name, place, said


def _of_form(form: BaseForm) -> Iterator[Said]:
    for bound in form:
        yield bound.html_name, str(bound.label), _text(bound)


def _is_preset(bound: BoundField) -> bool:
    """Whether a list stands as it came: its first choice needs no choosing."""
    if not isinstance(bound.field.widget, Select) or bound.field.widget.allow_multiple_selected:
        return False
    first = next(iter(_choices(bound)), "")
    return str(bound.data or "") == first


def _text(bound: BoundField) -> str:
    """Return what stands in a field, a line a value; of a choice its words.

    What has no label of its own is no field to whoever types: a button, a row that was ticked.
    """
    field, widget, data = bound.field, bound.field.widget, bound.data
    unseen = bound.is_hidden or field.label is None
    if unseen or isinstance(widget, PasswordInput) or isinstance(field, FileField):
        return ""
    if isinstance(widget, CheckboxInput):
        return _("はい") if data else ""
    words = _choices(bound)
    lines = [_line(value, words) for value in (data if isinstance(data, list | tuple) else [data])]
    return "\n".join(line for line in lines if line.strip())


def _line(value: Any, words: dict[str, str]) -> str:
    if isinstance(value, list | tuple | dict):  # a row of a table
        cells = value.values() if isinstance(value, dict) else value
        return "　".join(str(cell) for cell in cells if cell)
    return "" if value is None else words.get(str(value), str(value))


def _choices(bound: BoundField) -> dict[str, str]:
    """Return value → words, of a field to choose from."""
    found: dict[str, str] = {}
    for value, label in getattr(bound.field, "choices", ()):
        group = label if isinstance(label, list | tuple) else [(value, label)]
        found |= {str(each): str(words) for each, words in group}
    return found
