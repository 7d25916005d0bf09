"""どちらの言葉か: field by field a person takes one of two wordings, or writes one."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from revisions.plan.cells import initial_of
from revisions.plan.forms import Data, Prose
from revisions.plan.forms_rows import TABLES, Rows, tables_of, value_of
from revisions.plan.merging import NAMED, PLACE, Choice
from revisions.plan.merging_tables import is_writable, written
from revisions.plan.models import Plan
from revisions.plan.queries import Sheet

OWN = "own"
CHOSEN_ONLY = (PLACE, "status", "notes")
"""Fields for which there is nothing to write."""


class DecideForm(forms.Form):
    """`choices()` gives back what was chosen.

    fields  of a sheet, that are to be decided
    sides   the two wordings by name, with what they are called
    own     the sheet that an own wording starts from
    parts   of tables: label and what an own wording starts from, by name (merging_tables.py)
    prefix  tells several forms on a page apart
    """

    def __init__(
        self,
        data: Data = None,
        *,
        plan: Plan,
        fields: Iterable[str],
        sides: Mapping[str, str],
        own: Sheet,
        parts: Mapping[str, tuple[str, str]] | None = None,
        prefix: str,
    ) -> None:
        super().__init__(data, prefix=prefix)
        self.decides = list(fields)
        self.years = range(plan.first_year, plan.last_year + 1)
        initial = initial_of(own) if own else {}
        self.rows: dict[str, Rows] = tables_of(
            plan, self.decides, data, initial=initial, prefix=f"{prefix}-{OWN}"
        )
        told = {name: (_(NAMED[name]), own.get(name, "")) for name in self.decides if name in NAMED}
        for name, (label, text) in (told | dict(parts or {})).items():
            writable = [(OWN, _("自分で書く"))] if _is_writable(name) else []
            self.fields[name] = forms.ChoiceField(
                label=label, choices=[*sides.items(), *writable], widget=forms.RadioSelect
            )
            if writable and name not in TABLES:
                self.fields[f"{OWN}-{name}"] = _wording(name, label, text)

    @property
    def parts(self) -> list[forms.BaseForm | Rows]:
        """Everything that can be wrong, for {% errors %}."""
        return [self, *(rows for name, rows in self.rows.items() if self._writes(name))]

    def questions(self) -> Iterator[dict[str, Any]]:
        """Yield {name, choice, own: an input, rows: a table} of every field to be decided."""
        for name in self.decides:
            own = f"{OWN}-{name}"
            yield {
                "name": name,
                "choice": self[name],
                "own": self[own] if own in self.fields else None,
                "rows": self.rows.get(name),
            }

    def clean(self) -> dict[str, Any]:
        """Nothing written would empty the field, and neither wording says so."""
        given = super().clean() or {}
        for name in filter(self._writes, self.decides):
            rows, own = self.rows.get(name), f"{OWN}-{name}"
            if rows is not None and rows.is_valid() and not rows.filled():
                self.add_error(name, _("自分で書く行を入力してください。"))
            elif rows is None and own in given and not given[own].strip():
                self.add_error(own, _("自分で書く言葉を入力してください。"))
        return given

    def is_valid(self) -> bool:
        tables = [rows.is_valid() for name, rows in self.rows.items() if self._writes(name)]
        return super().is_valid() and all(tables)

    def choices(self) -> dict[str, Choice]:
        """Return field → what was chosen; only of a valid form."""
        return {name: self._choice(name, self.cleaned_data[name]) for name in self.decides}

    def _choice(self, name: str, side: str) -> Choice:
        if side != OWN:
            return Choice(side)
        if name in self.rows:
            return Choice(OWN, value_of(name, self.rows[name]))
        text = self.cleaned_data[f"{OWN}-{name}"]
        return Choice(OWN, written(name, text) if is_writable(name) else text)

    def _writes(self, name: str) -> bool:
        return self.is_bound and self.data.get(self.add_prefix(name)) == OWN


def _is_writable(name: str) -> bool:
    return is_writable(name) if "/" in name else name not in CHOSEN_ONLY


def _wording(name: str, label: str, initial: str) -> forms.CharField:
    """An input that stands below the choice to write it: the choice is its visible label."""
    told: dict[str, Any] = {"label": label, "initial": initial, "required": False}
    is_line = name == "name" or is_writable(name)
    field = forms.CharField(max_length=200, **told) if is_line else Prose(**told)
    field.widget.attrs["aria-label"] = _("自分で書く%(field)s") % {"field": label}
    return field
