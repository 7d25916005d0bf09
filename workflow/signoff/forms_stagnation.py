"""しぼり込み of 滞留, sent in the address."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.people.models import Section
from workflow.signoff import kinds
from workflow.tables import Encoding


class StagnationFilter(forms.Form):
    words = forms.CharField(label=_("件名・課"), required=False, max_length=100)
    post = forms.ChoiceField(label=_("どの職に"), required=False)
    section = forms.ChoiceField(label=_("起案課"), required=False)
    kind = forms.ChoiceField(label=_("種類"), required=False)
    who = forms.ChoiceField(label=_("署名できる人"), required=False)

    def __init__(self, data: Mapping[str, Any], *, posts: list[tuple[int, str]]) -> None:
        super().__init__(data, auto_id="filter_%s")
        offered = {
            "post": posts,
            "section": Section.objects.values_list("pk", "name"),
            "kind": kinds.choices(),
            "who": [("nobody", _("いない"))],
        }
        for name, choices in offered.items():
            every = ("", _("すべて"))
            self.fields[name].choices = [every, *choices]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """Return what is asked for; nothing for an address that makes no sense."""
        given = self.cleaned_data if self.is_valid() else {}
        return {name: value for name, value in given.items() if value}


class EncodingForm(forms.Form):
    encoding = forms.TypedChoiceField(
        coerce=Encoding, choices=[(e.value, e.value) for e in Encoding], empty_value=Encoding.UTF8
    )
