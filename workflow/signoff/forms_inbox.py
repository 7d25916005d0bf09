"""しぼり込み of the lists of 決裁, sent in the address."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from workflow.deadline.calendar import Calendar
from workflow.people.models import Section
from workflow.signoff import kinds
from workflow.signoff.queries_inbox import Sort, Tab, Urgency
from workflow.signoff.states import GATING, RequestState

SOON = 3
"""Open days left from which something is urgent, as the badge of a due day has it."""

FIELDS = {
    Tab.TURN: ["words", "urgency", "kind", "section", "role", "whose", "step", "sort"],
    Tab.REVIEW: ["words", "kind", "section", "sort"],
    Tab.INFORMED: ["words", "kind", "section", "sort"],
    Tab.RETURNED: ["words", "kind"],
    Tab.DRAFTED: ["words", "kind", "state"],
    Tab.DONE: ["words", "kind", "section", "state"],
    Tab.INVOLVED: ["words", "kind", "section", "state"],
}

MOST = 500
"""Items that are picked at once."""

PK = re.compile(r"[0-9]{1,18}")

Choices = Iterable[tuple[Any, Any]]


def _choices() -> dict[str, Choices]:
    return {
        "urgency": Urgency.choices,
        "kind": kinds.choices(),
        "section": Section.objects.values_list("pk", "name"),
        "role": [(role.value, role.label) for role in GATING],
        "whose": [("own", _("自分の職の件")), ("lent", _("代理の件"))],
        "step": [("active", _("保留を除く")), ("held", _("保留だけ"))],
        "state": RequestState.choices,
    }


def soon(on: date, calendar: Calendar) -> date:
    """Return the last day that is near."""
    return calendar.working_day_after(on, SOON)


class InboxFilter(forms.Form):
    words = forms.CharField(
        label=_("件名・文書番号・課"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    urgency = forms.ChoiceField(label=_("期限"), required=False)
    kind = forms.ChoiceField(label=_("種類"), required=False)
    section = forms.ChoiceField(label=_("起案課"), required=False)
    role = forms.ChoiceField(label=_("区分"), required=False)
    whose = forms.ChoiceField(label=_("だれの件"), required=False)
    step = forms.ChoiceField(label=_("保留"), required=False)
    state = forms.ChoiceField(label=_("状態"), required=False)
    sort = forms.ChoiceField(label=_("並べ方"), required=False, choices=Sort.choices)

    def __init__(self, data: Mapping[str, Any], *, tab: Tab) -> None:
        super().__init__(data, auto_id="filter_%s")
        for name in set(self.fields).difference(FIELDS[tab]):
            del self.fields[name]
        for name, choices in _choices().items():
            if name in self.fields:
                every = ("", _("すべて"))
                self.fields[name].choices = [every, *choices]  # type: ignore[attr-defined]

    def chosen(self, on: date, calendar: Calendar) -> dict[str, Any]:
        """Return what is asked for, as sought() takes it; nothing for an address without sense."""
        given = {name: value for name, value in self._given().items() if value and name != "sort"}
        match given.pop("urgency", ""):
            case Urgency.OVERDUE:
                given["due_until"] = on - timedelta(days=1)
            case Urgency.SOON:
                given |= {"due_from": on, "due_until": soon(on, calendar)}
        return given

    @property
    def shown(self) -> list[BoundField]:
        return [self[name] for name in ("words", "sort") if name in self.fields]

    @property
    def folded(self) -> list[BoundField]:
        return [self[name] for name in self.fields if name not in ("words", "sort")]

    @property
    def narrowed(self) -> bool:
        """Whether something folded away is asked for."""
        return any(self._given().get(bound.name) for bound in self.folded)

    @property
    def order(self) -> Sort:
        return Sort(self._given().get("sort") or Sort.URGENT)

    def _given(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_valid() else {}


class PickedForm(forms.Form):
    """What was ticked in a list of steps."""

    ids = forms.TypedMultipleChoiceField(coerce=int)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        picked = [pk for pk in data.getlist("ids") if PK.fullmatch(pk)][:MOST]
        self.fields["ids"].choices = [(pk, pk) for pk in picked]  # type: ignore[attr-defined]
