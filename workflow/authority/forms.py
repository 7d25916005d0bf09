from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from workflow.authority.queries import checked
from workflow.authority.reading import MAX_BYTES, text_of
from workflow.authority.states import Flag, Scope
from workflow.authority.words import yen
from workflow.errors import Invalid

LONGEST = 15
"""Digits of an amount."""


class YenField(forms.CharField):
    """An amount written as 5000000, 5,000,000円, 500万円, full-width too."""

    widget = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("例：5,000,000、500万円"))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            amount = yen(text)
        except ValueError as error:
            raise ValidationError(
                _("「%(text)s」は金額として読めません。") % {"text": text}
            ) from error
        if amount is not None and len(str(amount)) > LONGEST:
            raise ValidationError(_("金額が大きすぎます。"))
        return amount


class FactsForm(forms.Form):
    """区分の別: the facts by which a table is asked who decides."""

    flags = forms.MultipleChoiceField(
        label=_("重要・異例などの別"),
        choices=Flag.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("当たるものがあると専決できず、上位の決裁者に上がります。代決もできません。"),
    )
    amount = YenField(
        label=_("金額"),
        required=False,
        help_text=_("支出を伴うときだけ書きます。例：5,000,000、500万円"),
    )
    scope = forms.ChoiceField(
        label=_("関わる範囲"),
        choices=Scope.choices,
        required=False,
        help_text=_("はじめは、計画案の主管課から求めています。"),
    )

    def given(self) -> dict[str, Any]:
        """Return the facts as far as they can be read; before anything was sent, the first ones."""
        facts: dict[str, Any] = {"flags": [], "amount": None, "scope": "", **self.initial}
        if not self.is_bound:
            return facts
        self.full_clean()
        sent = {"flags": [], "amount": None} | self.cleaned_data
        return sent | {"scope": sent.get("scope") or facts["scope"]}


class TableForm(forms.Form):
    """A table as a file, or as the text that a dry run showed."""

    file = forms.FileField(
        label=_("ファイル"),
        required=False,
        help_text=_("CSV（UTF-8かシフトJIS）またはYAML、1MBまで。"),
    )
    text = forms.CharField(
        label=_("内容"),
        required=False,
        max_length=MAX_BYTES,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "class": "mono", "spellcheck": "false"}),
        help_text=_("ファイルを選ぶと、その内容に替わります。ここで直して確かめ直せます。"),
    )

    def clean(self) -> dict[str, Any]:
        """What was in the file stands in `text` from now on, to be mended and sent again."""
        given = super().clean() or {}
        try:
            if given.get("file"):
                given["text"] = text_of(given["file"].read(MAX_BYTES + 1))
                self.data = {"text": given["text"]}
            if not given.get("text", "").strip():
                raise Invalid(str(_("ファイルを選んでください。")), field="file")
            given["checked"] = checked(given["text"])
        except Invalid as refused:
            self.add_error("file", str(refused))
        return given


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("理由"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
