"""What the pages of an inquiry ask. `seen` (Act) is the chain_length that a page was made from."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from revisions.inquiry.limits import LIMITS
from revisions.inquiry.states import InquiryKind, TargetState
from revisions.inquiry.tiers import Tiers
from revisions.plan.states import DropReason
from workflow.deadline.fields import DayField
from workflow.signoff.forms import Act, ReasonForm

Choices = Iterable[tuple[str, str]]


def prose(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ClosedDay(forms.Form):
    """A due day that may be meant to be on a closed day."""

    due_on = DayField(label=_("期限"))
    accept_closed_day = forms.BooleanField(
        label=_("閉庁日でも、この日を期限にする"), required=False
    )


class TiersForm(forms.Form):
    """Past whom the answers go, and how many open days each tier keeps them."""

    through_coordinating = forms.BooleanField(
        label=_("部の庶務担当課がまとめてから、事務局に届ける"),
        required=False,
        help_text=_("庶務担当課のない部と、庶務担当課の回答は、課長の承認で事務局に届きます。"),
    )
    chief_days = forms.IntegerField(
        label=_("課長の確認（開庁日）"), required=False, min_value=0, max_value=30
    )
    compiling_days = forms.IntegerField(
        label=_("庶務担当課のまとめ（開庁日）"), required=False, min_value=0, max_value=30
    )
    secretariat_days = forms.IntegerField(
        label=_("事務局の確認（開庁日）"), required=False, min_value=0, max_value=30
    )

    def tiers(self) -> Tiers:
        given = {field.name: self.cleaned_data.get(field.name) for field in fields(Tiers)}
        return Tiers(**{name: value for name, value in given.items() if value is not None})


class InquiryForm(Act, ClosedDay, TiersForm):
    field_order = ("seen", "kind", "title", "text", "due_on", "accept_closed_day")
    kind = forms.ChoiceField(label=_("種類"), choices=InquiryKind, widget=forms.RadioSelect)
    title = forms.CharField(label=_("件名"), max_length=200)
    text = forms.CharField(
        label=_("依頼の文"),
        required=False,
        max_length=10_000,
        widget=prose(6),
        help_text=_("何を、どのように確かめて回答してほしいか"),
    )

    def words(self) -> dict[str, Any]:
        names = ("seen", "kind", "title", "text", "due_on", "accept_closed_day")
        return {name: self.cleaned_data[name] for name in names} | {"tiers": self.tiers()}


class AddresseeForm(forms.Form):
    """照会先の選び方, sent in the address: choices as addressees.py has them, as of a day."""

    to = forms.MultipleChoiceField(
        label=_("照会先の選び方"), required=False, widget=forms.CheckboxSelectMultiple
    )
    on = DayField(label=_("いつの組織で"), help_text="")

    def __init__(self, data: Mapping[str, Any], *, choices: Choices) -> None:
        super().__init__(data, auto_id="choose_%s")
        self.fields["to"].choices = choices  # type: ignore[attr-defined]


class IssueForm(Act):
    """照会先: sections, and the choices by which they were picked on a day."""

    on = DayField(widget=forms.HiddenInput)
    ids = forms.TypedMultipleChoiceField(
        label=_("照会先"), coerce=int, error_messages={"required": _("課を1つ以上選んでください。")}
    )

    def __init__(self, *args: Any, ids: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ids"].choices = [(pk, "") for pk in ids]  # type: ignore[attr-defined]


class TargetFilter(forms.Form):
    """しぼり込み of the addressees, sent in the address."""

    state = forms.ChoiceField(label=_("状態"), required=False)
    department = forms.ChoiceField(label=_("部"), required=False)
    late = forms.BooleanField(label=_("期限超過のみ"), required=False)
    wanted = forms.BooleanField(label=_("延長の申出のみ"), required=False)

    def __init__(self, data: Mapping[str, Any], *, departments: Choices) -> None:
        super().__init__(data, auto_id="filter_%s")
        blank = [("", _("すべて"))]
        self.fields["state"].choices = [*blank, *TargetState.choices]  # type: ignore[attr-defined]
        self.fields["department"].choices = [*blank, *departments]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """Return what the list is filtered by; nothing for an address that makes no sense."""
        return self.cleaned_data if self.is_valid() else {}


class SubmitForm(Act):
    note = forms.CharField(
        label=_("課長と事務局への連絡"), required=False, max_length=2000, widget=prose(3)
    )


class WhyForm(forms.Form):
    """The reason and, for a new project, its place; stands beside a SheetForm.

    was  marks of what the page was made of (typed.py), as JSON
    """

    was = forms.CharField(widget=forms.HiddenInput)
    place = forms.ChoiceField(label=_("掲載する事業推進計画"))
    reason = forms.CharField(
        label=_("変更・掲載の理由"), max_length=LIMITS["reason"], widget=prose(3)
    )

    def __init__(self, *args: Any, places: Mapping[str, str] | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if places is None:
            del self.fields["place"]
            return
        choices = [(number, f"{number} {name}") for number, name in places.items()]
        self.fields["place"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]


class RemarkForm(Act):
    project_uid = forms.ChoiceField(label=_("個別事業"), required=False)
    place = forms.CharField(
        label=_("箇所"),
        required=False,
        max_length=120,
        help_text=_("例：概要の2文目、評価指標、計画の全体"),
    )
    text = forms.CharField(label=_("意見"), max_length=10_000, widget=prose(4))
    reason = forms.CharField(
        label=_("意見の理由"), required=False, max_length=10_000, widget=prose(2)
    )
    proposal = forms.CharField(
        label=_("修正案"), required=False, max_length=10_000, widget=prose(3)
    )

    def __init__(self, *args: Any, projects: Choices, whole: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = _("計画の全体、またはその他") if whole else "—"
        self.fields["project_uid"].choices = [("", first), *projects]  # type: ignore[attr-defined]
        self.fields["project_uid"].required = not whole


class MoreTime(ClosedDay):
    """期限延長: why, where it is less than was asked for or than there was."""

    reason = forms.CharField(
        label=_("理由"),
        required=False,
        max_length=2000,
        widget=prose(3),
        help_text=_("課の申出より、またはいまの期限より早い日にするときは、入れてください。"),
    )


class ExtendForm(Act, MoreTime):
    field_order = ("seen", "due_on", "accept_closed_day", "reason")


class AskExtensionForm(ReasonForm, ClosedDay):
    """期限延長の申出."""

    field_order = ("seen", "due_on", "accept_closed_day", "reason")
    due_on = DayField(label=_("延ばしてほしい期限"))


class ReopenForm(ReasonForm, ClosedDay):
    """再開."""

    field_order = ("seen", "due_on", "accept_closed_day", "reason")
    due_on = DayField(label=_("新しい期限"))


class DiscontinueForm(ReasonForm):
    """廃止: as plan/forms.py asks the secretariat."""

    field_order = ("dropped_as", "reason")
    dropped_as = forms.ChoiceField(label=_("理由の区分"), choices=[("", "—"), *DropReason.choices])


class ForwardForm(ReasonForm):
    """所管違いの転送."""

    field_order = ("seen", "section_id", "reason")
    section_id = forms.TypedChoiceField(label=_("所管する課"), coerce=int)

    def __init__(self, *args: Any, sections: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["section_id"].choices = [("", "—"), *sections]  # type: ignore[attr-defined]


class ReturnForm(ReasonForm, ClosedDay):
    """差戻し, by the day it had or by a later one."""

    field_order = ("seen", "reason", "due_on", "accept_closed_day")
    due_on = DayField(
        label=_("新しい期限"),
        required=False,
        help_text=_("空欄のときは、いまの期限のままです。期限が過ぎているときは入れてください。"),
    )
