"""新旧対照表の様式: what of it is shown, and in which order."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from revisions.documents.table import places_of
from revisions.plan.content import Content
from revisions.plan.reading import sections_on

PLAN, SECTION = "plan", "section"
ORDERS = [(PLAN, _("計画の順")), (SECTION, _("主管課ごと"))]


class TableForm(forms.Form):
    """Sent in the address; what makes no sense there counts as not sent."""

    scope = forms.ChoiceField(label=_("範囲"), required=False)
    order = forms.ChoiceField(label=_("順序"), required=False, choices=ORDERS)

    def __init__(self, data: Mapping[str, Any], *, content: Content) -> None:
        super().__init__(data, auto_id="table_%s")
        self.scopes: dict[Any, list[tuple[str, Any]]] = {
            _("変更"): [("changed", _("変わったところ")), ("all", _("計画の全体"))],
            _("基本方針"): _places(content, is_program=False),
            _("事業推進計画"): _places(content, is_program=True),
            _("主管課"): [(f"section:{code}", name) for code, name in sections_on(content)],
        }
        self.fields["scope"].choices = list(self.scopes.items())  # type: ignore[attr-defined]

    def chosen(self) -> tuple[str, str]:
        """Return scope and order."""
        self.is_valid()
        return self.cleaned_data.get("scope") or "changed", self.cleaned_data.get("order") or PLAN

    def words(self) -> tuple[str, str]:
        """Return scope and order as the form calls them."""
        scope, order = self.chosen()
        scopes = dict(choice for choices in self.scopes.values() for choice in choices)
        return str(scopes[scope]), str(dict(ORDERS)[order])


def _places(content: Content, *, is_program: bool) -> list[tuple[str, str]]:
    return [
        (f"place:{number}", f"{number}　{name}")
        for number, name in places_of(content)
        if ("-" in number) == is_program
    ]
