"""意見の様式: keying in, the city's answer, and what the ledger is searched by."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from revisions.opinion.states import Channel, Disposition, Medium, OpinionState
from revisions.plan.forms import Prose
from workflow.deadline.fields import DayField
from workflow.people.models import Section
from workflow.signoff.forms import Act
from workflow.signoff.scans import LARGEST

Choices = Iterable[tuple[Any, Any]]

CHOOSE = ("", _("選んでください"))


class LedgerFilter(forms.Form):
    """しぼり込み of the ledger, sent in the address."""

    stage = forms.ChoiceField(label=_("段階"), required=False)
    channel = forms.ChoiceField(label=_("経路"), required=False)
    state = forms.ChoiceField(label=_("状態"), required=False)
    disposition = forms.ChoiceField(label=_("対応区分"), required=False)
    section = forms.ChoiceField(label=_("担当課"), required=False)
    words = forms.CharField(label=_("言葉"), required=False, max_length=100)

    def __init__(self, data: Mapping[str, Any], *, stages: Choices, sections: Choices) -> None:
        super().__init__(data, auto_id="filter_%s")
        choices = {
            "stage": stages,
            "channel": Channel.choices,
            "state": OpinionState.choices,
            "disposition": Disposition.choices,
            "section": sections,
        }
        for name, values in choices.items():
            self.fields[name].choices = [("", _("すべて")), *values]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """Return what is asked for; nothing for an address that makes no sense."""
        given = self.cleaned_data if self.is_valid() else {}
        return {name: value for name, value in given.items() if value}


class KeyInForm(forms.Form):
    """意見の受付. `text` is kept to the character."""

    stage_id = forms.TypedChoiceField(label=_("どの段階の意見か"), coerce=int)
    channel = forms.ChoiceField(label=_("経路"), choices=[CHOOSE, *Channel.choices])
    medium = forms.ChoiceField(label=_("届き方"), choices=[CHOOSE, *Medium.choices])
    received_on = DayField(label=_("受け付けた日"))
    text = Prose(
        label=_("意見（届いたままの文）"),
        rows=8,
        help_text=_("誤字も直さず、届いたとおりに写します。あとから変えることはできません。"),
    )
    same_as = forms.IntegerField(label=_("同じ文の意見の番号"), required=False, min_value=1)
    project_uid = forms.ChoiceField(label=_("どの個別事業についてか"), required=False)
    place = forms.CharField(label=_("計画案のどこについてか"), required=False, max_length=120)
    source = forms.CharField(
        label=_("誰の意見か（団体や会議の名称）"), required=False, max_length=120
    )
    scan = forms.FileField(
        label=_("原本の写し"),
        required=False,
        max_length=120,
        help_text=_("PDF、PNG、JPEGで10MBまで"),
    )
    name = forms.CharField(label=_("氏名"), required=False, max_length=80)
    address = forms.CharField(label=_("住所"), required=False, max_length=200)
    contact = forms.CharField(label=_("連絡先"), required=False, max_length=120)

    PERSONAL = ("name", "address", "contact")
    QUIET = (*PERSONAL, "same_as")

    def __init__(self, *args: Any, stages: Choices, projects: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage_id"].choices = [CHOOSE, *stages]  # type: ignore[attr-defined]
        self.fields["project_uid"].choices = [  # type: ignore[attr-defined]
            ("", _("個別事業に限らない")),
            *projects,
        ]

    def open_fields(self) -> list[forms.BoundField]:
        """Return what is not personal; `same_as` once there is an opinion in the same words."""
        hidden = self.PERSONAL if self["same_as"].errors or self["same_as"].data else self.QUIET
        return [bound for bound in self if bound.name not in hidden]

    def personal_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.PERSONAL]

    def given(self) -> dict[str, Any]:
        """Return the arguments of receive_opinion, the upload as its name and bytes."""
        upload = self.cleaned_data["scan"]
        scan = (upload.name, upload.read(LARGEST + 1)) if upload else None
        return self.cleaned_data | {"scan": scan}


class AnswerForm(Act):
    disposition = forms.ChoiceField(label=_("対応区分"), choices=[CHOOSE, *Disposition.choices])
    summary = Prose(
        label=_("意見の要旨"), help_text=_("公表する文です。個人が分かる記述は除きます。")
    )
    response = Prose(label=_("市の考え方"), rows=6)
    change = Prose(label=_("計画案の修正内容"), rows=3, required=False)


class AssignForm(Act):
    section_id = forms.ModelChoiceField(
        Section.objects.all(), label=_("担当課"), empty_label=_("選んでください")
    )


class SimilarForm(Act):
    number = forms.IntegerField(label=_("まとめ先の意見の番号"), min_value=1)
