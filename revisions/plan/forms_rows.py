"""Tables of inputs on a sheet: sections, yearly actions, indicators. A blank row is not there."""

from collections.abc import Iterable, Mapping
from functools import partial
from secrets import token_hex
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from revisions.plan.cells import CONTINUED, actions_of, parse_cell
from revisions.plan.content import LONGEST
from revisions.plan.diff import LABELS
from revisions.plan.models import Plan
from workflow.deadline.days import fiscal_year_words
from workflow.people.models import Section

EXTRAS = ("ROW", "AFTER", "ORDER", "DELETE")
"""Inputs of a row that say nothing of what stands in it."""


class Row(forms.Form):
    """One row; `needs` is the field that a row with anything in it must have."""

    needs = ""

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not self.is_blank() and self.needs and not given.get(self.needs):
            self.add_error(self.needs, _("入力してください。"))
        return given

    def is_blank(self) -> bool:
        return not any(v for name, v in self.cleaned_data.items() if name not in EXTRAS)


class SectionRow(Row):
    """課, or a class of sections by its name (各施設所管課等)."""

    section = forms.ChoiceField(label=_("課"), required=False)
    class_name = forms.CharField(label=_("課の総称"), required=False, max_length=LONGEST["class"])

    def __init__(self, *args: Any, sections: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = [("", "—"), *sections]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("section") and given.get("class_name"):
            self.add_error("class_name", _("課か総称の、どちらか一方にしてください。"))
        return given


class ActionRow(Row):
    """年度ごとの取組: a text and one span of it; the same text below it is its next span."""

    needs = "text"
    text = forms.CharField(label=_("取組"), required=False, max_length=LONGEST["row"])
    first = forms.TypedChoiceField(label=_("から"), required=False, coerce=int, empty_value=None)
    last = forms.TypedChoiceField(label=_("まで"), required=False, coerce=int, empty_value=None)
    note = forms.CharField(label=_("矢印に添える言葉"), required=False, max_length=LONGEST["note"])

    def __init__(self, *args: Any, years: range, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—"), *((year, fiscal_year_words(year)) for year in years)]
        for name in ("first", "last"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        first, last = given.get("first"), given.get("last")
        if first is None and (last is not None or given.get("note")):
            self.add_error("first", _("始まりの年度を選んでください。"))
        elif first is not None and last is not None and last < first:
            self.add_error("last", _("終わりの年度が始まりの年度より前です。"))
        return given

    def row(self) -> dict[str, Any]:
        given = self.cleaned_data
        last = given["first"] if given["last"] is None else given["last"]
        return {"text": given["text"], "from": given["first"], "to": last, "note": given["note"]}


class IndicatorRow(Row):
    """評価指標: one text a fiscal year; CONTINUED lets the cell before run on."""

    needs = "name"
    name = forms.CharField(label=_("指標"), required=False, max_length=LONGEST["row"])
    cumulative = forms.BooleanField(label=_("累計"), required=False)

    def __init__(self, *args: Any, years: range, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for year in years:
            label = fiscal_year_words(year)
            self.fields[f"y{year}"] = forms.CharField(
                label=label, required=False, max_length=LONGEST["row"]
            )
        self.years = years

    def clean(self) -> dict[str, Any]:
        given, before = super().clean(), ""
        for year in self.years:
            text = given.get(f"y{year}", "")
            if text == CONTINUED and not before:
                self.add_error(f"y{year}", _("前の年度に値がないため、続けられません。"))
            before = text
        return given

    def indicator(self) -> dict[str, Any]:
        given = self.cleaned_data
        cells: list[dict[str, Any]] = []
        for year in self.years:
            text = given[f"y{year}"]
            if text == CONTINUED:
                cells[-1]["to"] = year
            elif cell := parse_cell(text):
                cells.append({"from": year, "to": year} | cell)
        return {"name": given["name"], "cumulative": given["cumulative"], "cells": cells}

    def year_fields(self) -> list[forms.BoundField]:
        return [self[f"y{year}"] for year in self.years]


class Rows(BaseFormSet):
    """A table of inputs. Its rows stand by their number, and of two alike the upper one first.

    ROW, AFTER  a row's name, and the row it was put after, where several people write the table
    """

    title = ""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        for name, label in (("ORDER", gettext("順")), ("DELETE", gettext("消す"))):
            if name in form.fields:
                form.fields[name].label = label
        for field in form.fields.values():
            field.label = gettext("%(row)d行目の%(label)s") % {
                "row": (index or 0) + 1,
                "label": field.label,
            }
            field.widget.attrs["aria-label"] = field.label
        for name, initial in (("ROW", partial(token_hex, 4)), ("AFTER", "")):
            form.fields[name] = forms.CharField(
                required=False, initial=initial, widget=forms.HiddenInput
            )

    def filled(self) -> list[Any]:
        """Return the rows that are there, in their order."""
        rows = self.ordered_forms if self.can_order else self.forms
        return [row for row in rows if row.cleaned_data and not row.is_blank()]

    def typed(self) -> list[dict[str, Any]]:
        """Return the rows as they were typed, right or wrong."""
        return [{bound.name: bound.data for bound in row} for row in self.forms]


def _titled(rows: Rows, name: str) -> Rows:
    rows.title = gettext(LABELS[name])
    return rows


SectionRows = formset_factory(SectionRow, formset=Rows, extra=2, max_num=40)
ActionRows = formset_factory(
    ActionRow, formset=Rows, extra=2, can_order=True, can_delete=True, max_num=100
)
IndicatorRows = formset_factory(
    IndicatorRow, formset=Rows, extra=1, can_order=True, can_delete=True, max_num=100
)

TABLES: dict[str, type[Any]] = {
    "lead": SectionRows,
    "related": SectionRows,
    "actions": ActionRows,
    "indicators": IndicatorRows,
}


def tables_of(
    plan: Plan,
    names: Iterable[str],
    data: Any,
    *,
    initial: Mapping[str, Any],
    prefix: str,
    sections: Iterable[tuple[str, str]] | None = None,
) -> dict[str, Rows]:
    """Return tables of a sheet by name.

    initial   rows as initial_of (forms.py) gives them
    sections  (code, name) of all, where many forms are made at once
    """
    asked = [name for name in TABLES if name in names]
    if not asked:
        return {}
    years = {"years": range(plan.first_year, plan.last_year + 1)}
    codes = {"sections": list(sections or Section.objects.values_list("code", "name"))}
    return {
        name: _titled(
            TABLES[name](
                data,
                initial=None if data else initial.get(name),
                prefix=f"{prefix}-{name}",
                form_kwargs=codes if name in ("lead", "related") else years,
            ),
            name,
        )
        for name in asked
    }


def value_of(name: str, rows: Rows) -> list[Any]:
    """Return a valid table as content.py writes it."""
    match name:
        case "actions":
            return actions_of(row.row() for row in rows.filled())
        case "indicators":
            return [row.indicator() for row in rows.filled()]
    return [
        row.cleaned_data["section"] or {"class": row.cleaned_data["class_name"]}
        for row in rows.filled()
    ]
