"""記録の様式: corrections, decisions taken on paper, and how long and how openly all is kept."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from workflow.authority.about import About
from workflow.authority.states import Disclosure, Retention
from workflow.deadline.fields import DayField
from workflow.people.models import Post
from workflow.people.states import Rank
from workflow.signoff.forms import Act
from workflow.signoff.papers import PaperDecision
from workflow.signoff.scans import LARGEST, media_type_of

CHOOSE = ("", _("選んでください"))
KEEPING = ("retention", "disclosure", "disclosure_ground")


def prose(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class KeepingFields(forms.Form):
    """保存期間と公開区分. Once decided, they change by a correction only."""

    retention = forms.ChoiceField(label=_("保存期間"), choices=[CHOOSE, *Retention.choices])
    disclosure = forms.ChoiceField(label=_("公開区分"), choices=[CHOOSE, *Disclosure.choices])
    disclosure_ground = forms.CharField(
        label=_("公開しない理由と根拠"),
        required=False,
        max_length=200,
        help_text=_("部分公開・非公開のときに書きます。例：情報公開条例第7条第1号（個人情報）"),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        closed = given.get("disclosure") in (Disclosure.PARTLY, Disclosure.CLOSED)
        if closed and not given.get("disclosure_ground", "").strip():
            self.add_error("disclosure_ground", _g("公開しない理由と根拠を入力してください。"))
        return given


class CorrectForm(KeepingFields, Act):
    text = forms.CharField(label=_("正しい本文"), max_length=20000, widget=prose(10))
    reason = forms.CharField(
        label=_("訂正の理由"),
        max_length=2000,
        widget=prose(),
        help_text=_("署名する人が本文とあわせて読み、署名の対象になります。"),
    )

    field_order = ["text", "reason", *KEEPING, "seen"]


class PaperForm(KeepingFields):
    title = forms.CharField(label=_("件名"), max_length=200)
    text = forms.CharField(label=_("決裁された内容"), max_length=20000, widget=prose(6))
    decided_on = DayField(label=_("決裁日（紙に書かれた日）"))
    decider = forms.ModelChoiceField(
        Post.objects.exclude(rank=Rank.COMMISSIONED),
        label=_("決裁者の職"),
        empty_label=_("選んでください"),
    )
    decider_name = forms.CharField(label=_("決裁者の氏名（紙に書かれたとおり）"), max_length=80)
    line = forms.CharField(
        label=_("回議・合議の印（職と氏名を、1行に一人）"),
        required=False,
        max_length=2000,
        widget=prose(),
    )
    number = forms.CharField(
        label=_("紙に付けた文書番号"),
        required=False,
        max_length=60,
        help_text=_("ないときは、決裁日の年度の次の番号が付きます。"),
    )
    reason = forms.CharField(
        label=_("紙で決裁し、後日登録する理由"), max_length=2000, widget=prose(2)
    )
    scan = forms.FileField(
        label=_("原本の写し"),
        max_length=120,
        help_text=_("押印まで写った、PDF、PNG、JPEGで10MBまで"),
    )

    field_order = [
        *("title", "text", "decided_on", "decider", "decider_name", "line", "number"),
        *("reason", "scan", *KEEPING),
    ]

    def __init__(self, *args: Any, corrects: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            again = _g("送り直すときは、もう一度選んでください。")
            self.fields["scan"].help_text = f"{self.fields['scan'].help_text}。{again}"
        if corrects:
            self.fields["reason"].label = _g("前の登録を訂正する理由")

    def clean_scan(self) -> tuple[str, bytes]:
        """Read no more than is taken."""
        upload = self.cleaned_data["scan"]
        try:
            body = upload.read(LARGEST + 1)
            media_type_of(body)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return upload.name, body

    def paper(self) -> PaperDecision:
        given = self.cleaned_data
        same = ("decided_on", "decider", "reason", "scan", "line", "number")
        return PaperDecision(name=given["decider_name"], **{name: given[name] for name in same})

    def words(self) -> dict[str, Any]:
        given = self.cleaned_data
        about = About(**{name: given[name] for name in KEEPING})
        return {"title": given["title"], "text": given["text"], "about": about}
