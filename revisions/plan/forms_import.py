"""計画案の取込み: the files and what was read from them, and the choice between two readings."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core import signing
from django.core.files import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from revisions.plan.exchange import book
from revisions.plan.exchange.layout import Tables
from revisions.plan.exchange.parse import Place
from revisions.plan.exchange.settle import Disagreement
from workflow.errors import Invalid

SALT = "revisions.plan.import"
KEPT_SECONDS = 24 * 60 * 60
KEPT_BYTES = 4 * 2**20
"""Of what was read, compressed; it goes through the page and back."""
CHOICE = "choice-"
FEW_DIGITS = 10


class Files(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several; the cleaned value is a list."""

    widget = Files(attrs={"multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[File]:
        several = data if isinstance(data, list | tuple) else [data]
        return [file for one in several if (file := super(FilesField, self).clean(one, initial))]


class ImportForm(forms.Form):
    """What is read stays in the page, signed, so that it is looked at and taken over as one."""

    file = FilesField(
        label=gettext_lazy("ファイル"),
        required=False,
        help_text=gettext_lazy(
            "様式のブック（.xlsx）を一つ、またはシートごとのCSV（UTF-8かシフトJIS）。合わせて10MBまで。"
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("取り込むときに書きます。記録に残ります。"),
    )
    given = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].required = not self.is_bound  # once read, the page has it

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.fields["reason"].required = True  # from here on; what is only looked at needs none
        try:
            given["is_new"] = bool(given.get("file"))
            given["tables"] = self._read(given)
        except Invalid as refused:
            self.add_error("file", str(refused))
            self._keep("", given)  # not what was read before from another file
        return given

    def _read(self, given: Mapping[str, Any]) -> Tables:
        if not given["is_new"]:
            return self._kept(given.get("given", ""))
        tables = book.read(given["file"])
        kept = signing.dumps(tables, salt=SALT, compress=True)
        if len(kept) > KEPT_BYTES:
            raise Invalid(_("中身が多すぎます。使わない行を除いてください。"))
        self._keep(kept, given)
        return tables

    def _keep(self, kept: str, given: Mapping[str, Any]) -> None:
        self.data = {"given": kept, "reason": given.get("reason", "")}

    def _kept(self, text: str) -> Tables:
        if not text:
            raise Invalid(_("ファイルを選んでください。"))
        try:
            tables: Tables = signing.loads(text, salt=SALT, max_age=KEPT_SECONDS)
        except signing.BadSignature as broken:
            raise Invalid(_("時間がたったため、ファイルを選び直してください。")) from broken
        return tables


class ChoiceForm(forms.Form):
    """どちらの記載を採るか: one question for every disagreement, named by its key."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, disagreements: Iterable[Disagreement]
    ) -> None:
        super().__init__(data)
        for found in disagreements:
            self.fields[CHOICE + found.key] = forms.TypedChoiceField(
                label=f"{found.number}　{_(found.label)}",
                coerce=int,
                choices=[
                    (n, f"{_line(reading.text)}（{places_text(reading.places)}）")
                    for n, reading in enumerate(found.readings)
                ],
                widget=forms.RadioSelect,
            )


def choices_in(data: Mapping[str, Any]) -> dict[str, int]:
    """Return key of a disagreement → index of the reading that was chosen."""
    return {
        name.removeprefix(CHOICE): int(value)
        for name, value in data.items()
        if name.startswith(CHOICE) and value.isdecimal() and len(value) < FEW_DIGITS
    }


def places_text(places: Iterable[Place]) -> str:
    """個別事業 22行、体系 29行."""
    return "、".join(
        _("%(sheet)s %(row)d行") % {"sheet": place.sheet, "row": place.row}
        if place.row
        else place.sheet
        for place in places
    )


def _line(text: str) -> str:
    return " / ".join(text.splitlines())
