"""What the renderer draws is what Django's templates draw, but for blanks."""

import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from config.renderer import DRAWN, Renderer

NASTY = "<script>'\"&"
FLAT = [("", "—"), (1, NASTY), ("a&b", "甲")]
GROUPED = [("組<1>", [(1, "甲"), (2, "乙")]), (3, "丙")]

WIDGETS: list[tuple[forms.Widget, list[Any]]] = [
    (forms.TextInput({"maxlength": 5, "required": True, "disabled": False}), ["", NASTY, 7, None]),
    (forms.NumberInput({"min": 0}), [0, 12]),
    (forms.EmailInput(), ["a@b"]),
    (forms.PasswordInput(), ["x"]),
    (forms.HiddenInput(), [3]),
    (forms.TimeInput(), ["14:00"]),
    (forms.DateInput(), ["2026-12-04"]),
    (forms.FileInput(), [None]),
    (forms.CheckboxInput(), [True, False]),
    (forms.Textarea({"rows": 3, "aria-label": NASTY}), ["", NASTY, None]),
    (forms.Select({"class": "a"}, FLAT), ["", 1, "a&b", None]),
    (forms.Select({}, GROUPED), [2]),
    (forms.SelectMultiple({}, FLAT), [[1, "a&b"]]),
    (forms.RadioSelect({"class": "a"}, FLAT), [1, None]),
    (forms.CheckboxSelectMultiple({}, GROUPED), [[1, 3]]),
]


def squeezed(html: str) -> str:
    """Without blanks beside tags; those inside a text area or a value stay."""
    return re.sub(r">\s+", ">", re.sub(r"\s+<", "<", html)).strip()


@pytest.mark.parametrize("widget, values", WIDGETS, ids=lambda given: type(given).__name__)
@pytest.mark.parametrize("attrs", [{}, {"id": "id_x", "aria-describedby": "a b"}])
def test_it_draws_what_django_draws(
    widget: forms.Widget, values: list[Any], attrs: dict[str, str]
) -> None:
    for value in values:
        own = widget.render("x<y", value, attrs, renderer=Renderer())
        theirs = widget.render("x<y", value, attrs, renderer=DjangoTemplates())
        assert squeezed(own) == squeezed(theirs)


def test_every_drawing_was_compared() -> None:
    compared = {widget.template_name for widget, _values in WIDGETS}
    assert compared >= set(DRAWN)
