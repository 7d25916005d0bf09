"""意見公募の様式: the secretariat's, and the citizens'."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from revisions.plan.forms import Prose
from revisions.public_comment.gates import LENGTHS, LONGEST
from workflow.deadline.fields import DayField
from workflow.signoff.forms import Act


class CommentForm(Act):
    title = forms.CharField(label=_("件名"), max_length=200)
    text = Prose(
        label=_("募集の説明"), rows=6, required=False, help_text=_("市民の画面の初めに出ます。")
    )
    first_on = DayField(label=_("募集の初日"))
    last_on = DayField(label=_("募集の最終日"))
    short_reason = Prose(
        label=_("期間を短くする理由"),
        rows=2,
        max_length=2000,
        required=False,
        help_text=_("定めの日数より短いときだけ書きます。市民の画面にも出ます。"),
    )


class PublishForm(Act):
    result = Prose(
        label=_("結果のまとめ"),
        rows=4,
        required=False,
        help_text=_("市民の画面の初めに出ます。意見が無かったときは、その旨を書きます。"),
    )


class OpinionForm(forms.Form):
    """意見の提出. `website` is for machines that fill in whatever they find."""

    text = Prose(label=_("意見"), rows=10, max_length=LONGEST, help_text=_("5,000文字まで"))
    place = forms.CharField(
        label=_("計画のどの部分についてか"),
        required=False,
        max_length=LENGTHS["place"],
        help_text=_("例：1-1-(2)、計画の全体"),
    )
    name = forms.CharField(
        label=_("氏名"), required=False, max_length=LENGTHS["name"], help_text=_("公表しません。")
    )
    address = forms.CharField(
        label=_("住所"),
        required=False,
        max_length=LENGTHS["address"],
        help_text=_("公表しません。"),
    )
    contact = forms.CharField(
        label=_("連絡先"),
        required=False,
        max_length=LENGTHS["contact"],
        help_text=_("公表しません。内容を確かめるときに使います。"),
    )
    form_id = forms.UUIDField(widget=forms.HiddenInput)
    website = forms.CharField(
        label=_("この欄には何も書かないでください"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("この欄を空にして、もう一度送ってください。"))
        return ""

    def opinion(self) -> dict[str, Any]:
        """Return what submit_opinion takes of the form."""
        given = {**self.cleaned_data, "form_id": str(self.cleaned_data["form_id"])}
        del given["website"]
        return given
