"""計画の様式: the sheet as a form with its rows, what a chart is searched by, acts on a draft."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from revisions.plan.cells import initial_of
from revisions.plan.content import LONGEST
from revisions.plan.forms_rows import TABLES, Rows, tables_of, value_of
from revisions.plan.gates import faults
from revisions.plan.models import Plan, PlanVersion
from revisions.plan.queries import Sheet
from revisions.plan.states import DropReason, ProjectStatus

MORE = 3  # rows that one press adds

Data = Mapping[str, Any] | None


class Prose(forms.CharField):
    """A text of several lines, kept to the character but for the browser's line ends."""

    def __init__(self, rows: int = 4, max_length: int = LONGEST["text"], **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(strip=False, widget=widget, max_length=max_length, **kwargs)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class DropForm(ReasonForm):
    """廃止: the class of reason for which a project is not carried over, and the reason."""

    field_order = ("dropped_as", "reason")
    dropped_as = forms.TypedChoiceField(
        label=_("理由の区分"), choices=[("", "—"), *DropReason.choices], coerce=DropReason
    )


class SheetForm(forms.Form):
    """個別事業のシート: `sheet()` gives back what `initial_of` was given, but for what was typed.

    plan      gives the fiscal years
    sheet     what the form starts from; None for a new project
    prefix    tells several forms on a page apart
    sections  (code, name) of all, where many forms are made at once
    """

    name = forms.CharField(label=_("名称"), max_length=LONGEST["name"])
    status = forms.ChoiceField(
        label=_("新規・継続"), choices=ProjectStatus, widget=forms.RadioSelect
    )
    overview = Prose(label=_("概要"), required=False)
    aims = Prose(label=_("目指すもの"), required=False)
    rationale = Prose(label=_("指標の考え方"), required=False, rows=3)

    def __init__(
        self,
        data: Data = None,
        *,
        plan: Plan,
        sheet: Sheet | None = None,
        initial: dict[str, Any] | None = None,
        prefix: str = "sheet",
        sections: Iterable[tuple[str, str]] | None = None,
    ) -> None:
        initial = initial or (initial_of(sheet) if sheet else {"status": ProjectStatus.NEW})
        super().__init__(data, initial=initial, prefix=prefix)
        self.plan, self.before, self.names = plan, sheet, dict(sections or ())
        self.years = range(plan.first_year, plan.last_year + 1)
        self.rows = tables_of(
            plan, TABLES, data, initial=initial, prefix=prefix, sections=self.names.items()
        )

    @property
    def parts(self) -> list[forms.BaseForm | Rows]:
        """Everything that can be wrong, for {% errors %}."""
        return [self, *self.rows.values()]

    @property
    def more_name(self) -> str:
        """The name of the buttons that add rows; the value says to which table."""
        return f"{self.prefix}-more"

    @property
    def row_count(self) -> int:
        """Tells apart what a browser keeps of the form before and after rows were added."""
        return sum(len(rows.forms) for rows in self.rows.values())

    def wants_more(self) -> bool:
        return self.is_bound and self.more_name in self.data

    def with_more_rows(self) -> "SheetForm":
        """Return the form as it was typed, unchecked, with blank rows added where asked for."""
        typed: dict[str, Any] = {bound.name: bound.data for bound in self}
        typed |= {name: rows.typed() for name, rows in self.rows.items()}
        form = SheetForm(plan=self.plan, sheet=self.before, initial=typed, prefix=str(self.prefix))
        for name, rows in form.rows.items():
            rows.extra = MORE if name == self.data.get(self.more_name) else 0
        return form

    def is_valid(self) -> bool:
        rows_valid = [rows.is_valid() for rows in self.rows.values()]
        if not super().is_valid() or not all(rows_valid):
            return False
        for field, message in faults(self.plan, {**self.sheet(), "uid": "-"}, self.names):
            self.refuse(field, message)
        return self._is_clean()

    def refuse(self, field: str, message: str) -> None:
        """Put what a check or a command found wrong beside the field or table it is about."""
        if field in self.rows:
            self.rows[field].non_form_errors().append(ValidationError(message))
        else:
            self.add_error(field if field in self.fields else None, message)

    def sheet(self) -> Sheet:
        """Return the sheet as typed, in the shape of content.py; only of a valid form."""
        before = self.before or {"uid": "", "notes": []}
        plain = ("name", "status", "overview", "aims", "rationale")
        tables = {name: value_of(name, rows) for name, rows in self.rows.items()}
        typed = {name: self.cleaned_data[name] for name in plain} | tables
        return {"uid": before["uid"], "notes": before["notes"]} | typed

    def _is_clean(self) -> bool:
        return not self.errors and not any(r.non_form_errors() for r in self.rows.values())


class ChartFilter(forms.Form):
    """しぼり込み of a chart, sent in the address."""

    section = forms.ChoiceField(label=_("主管課・関係課"), required=False)
    words = forms.CharField(label=_("言葉"), required=False, max_length=100)

    def __init__(self, data: Data, *, sections: Iterable[tuple[str, str]]) -> None:
        super().__init__(data, auto_id="filter_%s")
        self.fields["section"].choices = [("", _("すべて")), *sections]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """Return what the chart is filtered by; nothing for an address that makes no sense."""
        return self.cleaned_data if self.is_valid() else {}


class HeadingForm(ReasonForm):
    """見出し: the philosophy, a policy's name, or a program's name and aim."""

    field_order = ("name", "aim", "reason")
    name = forms.CharField(label=_("見出し"), max_length=120)
    aim = Prose(label=_("ねらい"), required=False)

    def __init__(self, *args: Any, has_aim: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_aim:
            del self.fields["aim"]


class PlaceForm(ReasonForm):
    """掲載先 and reason of a new project."""

    field_order = ("place", "reason")
    place = forms.ChoiceField(label=_("掲載する事業推進計画"))

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [("", "—"), *places]  # type: ignore[attr-defined]


class PickForm(forms.Form):
    """Which two versions to compare."""

    before = forms.TypedChoiceField(label=_("前の版"), coerce=int)
    after = forms.TypedChoiceField(label=_("後の版"), coerce=int)

    def __init__(self, *args: Any, versions: Iterable[PlanVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(v.pk, _("第%d版 %s") % (v.number, v.label)) for v in versions]
        for field in self.fields.values():
            field.choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if "after" in given and given.get("before") == given["after"]:
            self.add_error("after", _("前の版とは別の版を選んでください。"))
        return given
