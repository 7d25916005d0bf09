"""掲載先の様式: where a project is to stand, and which two become one."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from revisions.plan.content import Content, number_text
from revisions.plan.forms import ReasonForm

Groups = list[tuple[str, list[tuple[str, str]]]]


class SlotForm(ReasonForm):
    """A place between others, and the reason; `slot` is (program, number), ("1-2", 3)."""

    field_order = ("seen", "slot", "reason")
    seen = forms.CharField(widget=forms.HiddenInput)
    slot = forms.TypedChoiceField(
        label=gettext_lazy("掲載する場所"), coerce=lambda value: _read(value), empty_value=None
    )

    def __init__(self, *args: Any, slots: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = [("", "—"), *slots]  # type: ignore[attr-defined]


def _read(value: str) -> tuple[str, int]:
    program, _colon, number = value.partition(":")
    return program, int(number)


def slots(content: Content, *, moving: str = "", without: Collection[str] = ()) -> Groups:
    """Return every place between two others, by program.

    moving   the place of what is to move: it makes no room, nor is its own place offered
    without  programs that are left out: 1-2
    """
    names = {project["uid"]: project["name"] for project in content["projects"]}
    groups = []
    for policy in content["policies"]:
        for program in policy["programs"]:
            path = number_text((policy["number"], program["number"]))
            if path not in without:
                offered = list(_offered(path, program, names, moving))
                groups.append((f"{path} {program['name']}", offered))
    return groups


def _offered(
    path: str, program: dict[str, Any], names: dict[str, str], moving: str
) -> Iterator[tuple[str, str]]:
    number, own = 1, 0
    for place in program["placements"]:
        here = f"{path}-({place['number']})"
        if here == moving:
            own = number
            continue
        if number != own:
            told = {"place": here, "name": names[place["project"]]}
            yield f"{path}:{number}", _("%(place)s %(name)sの前") % told
        number += 1
    if number != own:
        yield f"{path}:{number}", _("%s の最後") % path


class UnlistForm(ReasonForm):
    field_order = ("seen", "place", "reason")
    seen = forms.CharField(widget=forms.HiddenInput)
    place = forms.CharField(widget=forms.HiddenInput)


class OtherForm(forms.Form):
    """Which project is to go into another."""

    other = forms.ChoiceField(label=gettext_lazy("統合する相手"))

    def __init__(self, *args: Any, others: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = [("", "—"), *others]  # type: ignore[attr-defined]
