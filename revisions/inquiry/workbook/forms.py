"""What the page of a workbook asks: the file, and which text wins where both sides changed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from revisions.inquiry.workbook.review import Clash
from workflow.signoff.forms import Act

MINE, NOW = "mine", "now"
SIDES = [(NOW, _("いまの回答のまま")), (MINE, _("Excelの内容にする"))]


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("記入した照会票"),
        help_text=_("この画面からダウンロードした.xlsx。ファイルの名前は変えて構いません。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )

    def clean_file(self) -> UploadedFile:
        """Refuse by the size told before anything is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.WORKBOOK_MAX_BYTES:
            most = settings.WORKBOOK_MAX_BYTES // 2**20
            raise ValidationError(_("ファイルが大きすぎます（上限%dMB）。") % most)
        return file


class AcceptForm(Act):
    """One choice a conflict, by its place, or one for all of them.

    file  SHA-256 of the workbook that the page shows
    """

    file = forms.CharField(widget=forms.HiddenInput)
    every = forms.ChoiceField(
        label=_("まとめて選ぶ"),
        required=False,
        choices=[("", _("一つずつ選ぶ")), *SIDES],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, clashes: Sequence[Clash], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clashes = clashes
        for n, clash in enumerate(clashes):
            self.fields[f"pick_{n}"] = forms.ChoiceField(
                label=clash.label,
                choices=SIDES,
                widget=forms.RadioSelect,
                required=len(clashes) == 1,  # with more, one choice may do for all
            )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        for n in range(len(self.clashes)):
            name = f"pick_{n}"
            given[name] = given.get(name) or given.get("every")
            if not given[name] and name not in self.errors:
                self.add_error(name, _("どちらにするか選んでください。"))
        return given

    def picks(self) -> frozenset[str]:
        """Return the keys of the conflicts that the workbook wins."""
        chosen = enumerate(self.clashes)
        return frozenset(c.key for n, c in chosen if self.cleaned_data.get(f"pick_{n}") == MINE)

    def pairs(self) -> list[tuple[Clash, forms.BoundField]]:
        return [(clash, self[f"pick_{n}"]) for n, clash in enumerate(self.clashes)]
