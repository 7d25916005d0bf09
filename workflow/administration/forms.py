import re
import unicodedata
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from workflow.deadline.fields import CountField, DayField
from workflow.deadline.models import ClosedDay
from workflow.path.gates import LONGEST_LEAD
from workflow.path.models import GazetteRule
from workflow.people.gates_office import LONGEST
from workflow.people.models import (
    Absence,
    BodyRule,
    ClassMember,
    Department,
    Deputy,
    Post,
    Section,
)
from workflow.people.regular import Regular
from workflow.people.states import DeputyKind, UserKind
from workflow.signoff.forms import Act
from workflow.signoff.kinds import choices


class PersonForm(forms.Form):
    username = forms.CharField(label=_("利用者名"), max_length=150, help_text=_("半角の英数字と-"))
    name = forms.CharField(label=_("氏名"), max_length=80)
    kind = forms.ChoiceField(label=_("種類"), choices=UserKind.choices)
    email = forms.EmailField(label=_("電子メール"), required=False)
    password = forms.CharField(
        label=_("最初のパスワード"), widget=forms.PasswordInput, help_text=_("12文字以上")
    )


class EmailForm(Act):
    email = forms.EmailField(
        label=_("電子メールの宛先"),
        required=False,
        help_text=_("空にすると、お知らせは画面だけに届きます"),
    )


class PasswordForm(Act):
    password = forms.CharField(
        label=_("新しいパスワード"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("12文字以上"),
    )


class AppointmentForm(forms.Form):
    post_id = forms.ModelChoiceField(
        Post.objects.all(), label=_("職"), empty_label=_("選んでください")
    )
    since = DayField(label=_("始まりの日"))
    until = DayField(label=_("終わりの日（この日まで）"), required=False)
    is_concurrent = forms.BooleanField(label=_("兼務"), required=False)


class EndForm(forms.Form):
    until = DayField(label=_("終わりの日（この日まで）"))


class SymbolForm(forms.Form):
    symbol = forms.CharField(
        label=_("文書記号"),
        max_length=Section._meta.get_field("symbol").max_length,
        required=False,
        help_text=_("例：情シ。空にすると、この課の起案には文書番号が付きません"),
    )


class ExtensionForm(forms.Form):
    extension = forms.CharField(
        label=_("内線番号"),
        max_length=Section._meta.get_field("extension").max_length,
        required=False,
        help_text=_("例：2345、2346。督促の一覧に載ります"),
    )


class OrganForm(forms.Form):
    organ = forms.CharField(
        label=_("執行機関"),
        max_length=Department._meta.get_field("organ").max_length,
        required=False,
        help_text=_("例：教育委員会。空は市長部局です"),
    )


class StandingForm(forms.Form):
    since = DayField(label=_("始まりの日"), required=False)
    until = DayField(label=_("終わりの日（この日まで）"), required=False)


class ClassForm(forms.Form):
    class_name = forms.CharField(
        label=_("課の総称"),
        max_length=ClassMember._meta.get_field("class_name").max_length,
        help_text=_("例：各施設所管課等。シートの主管課等・関係課等に書く言葉と同じにします"),
    )
    section_id = forms.ModelChoiceField(
        Section.objects.select_related("department"),
        label=_("課"),
        empty_label=_("選んでください"),
    )
    since = DayField(label=_("始まりの日"))


class NoticeForm(forms.Form):
    notice_days = CountField(
        label=_("会議の何日前までに招集するか"),
        min_value=0,
        max_value=LONGEST,
        help_text=_("0は、定めがないことを表します"),
    )
    since = DayField(label=_("始まりの日"))
    source = forms.CharField(
        label=_("根拠とする規程"),
        max_length=BodyRule._meta.get_field("source").max_length,
        help_text=_("例：推進会議設置要綱第9条"),
    )


WEEKDAYS = [(n, f"{name}曜日") for n, name in enumerate("月火水木金")]
WEEKS = [(n, f"第{n}") for n in range(1, 6)]
MONTHS = [(n, f"{n}月") for n in (*range(4, 13), *range(1, 4))]


class BodyForm(NoticeForm):
    """The notice, and the regular days; without a weekday there are none."""

    weekday = forms.TypedChoiceField(
        label=_("定例の曜日"),
        choices=[("", _("定例日なし（必要の都度）")), *WEEKDAYS],
        coerce=int,
        empty_value=None,
        required=False,
    )
    weeks = forms.TypedMultipleChoiceField(
        label=_("第何週か"),
        choices=WEEKS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("閉庁日に当たるときは、次の開庁日に開くものとして逆算します"),
    )
    months = forms.TypedMultipleChoiceField(
        label=_("開く月"),
        choices=MONTHS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("選ばなければ毎月です"),
    )
    field_order = ["notice_days", "weekday", "weeks", "months", "since", "source"]

    def clean(self) -> dict[str, Any]:
        """Turn the three into one."""
        given = {**(super().clean() or {})}
        weekday, weeks, months = (given.pop(name, None) for name in ("weekday", "weeks", "months"))
        given["regular"] = (
            None if weekday is None else Regular(weekday, tuple(weeks or ()), tuple(months or ()))
        )
        return given


class GazetteForm(forms.Form):
    days = forms.CharField(
        label=_("発行する日"), max_length=40, help_text=_("毎月の日を読点で区切ります。例：1、15")
    )
    lead = CountField(
        label=_("入稿の期限（発行日の何開庁日前か）"), min_value=0, max_value=LONGEST_LEAD
    )
    since = DayField(label=_("始まりの日"))
    source = forms.CharField(
        label=_("根拠"),
        max_length=GazetteRule._meta.get_field("source").max_length,
        help_text=_("例：広報紙発行要領"),
    )

    def clean_days(self) -> list[int]:
        typed = unicodedata.normalize("NFKC", self.cleaned_data["days"])
        found = [part.removesuffix("日") for part in re.split(r"[、,・\s]+", typed) if part]
        if not all(part.isdecimal() for part in found):
            raise forms.ValidationError(
                _("毎月の日を数で入力し、複数は読点で区切ってください。例：1、15")
            )
        return [int(part) for part in found]


class ShiftForm(forms.Form):
    """What is confirmed with the effect in sight."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    bring_forward = forms.BooleanField(
        label=_("動かせる期限を、移る先の開庁日に動かす"),
        required=False,
        help_text=_("担当に知らせます。選ばなければ、期限の日はそのままです"),
    )


class ClosedDayForm(ShiftForm):
    first = DayField(label=_("日"))
    last = DayField(label=_("終わりの日（続けて何日も登録するとき。この日まで）"), required=False)
    name = forms.CharField(
        label=_("名称"),
        max_length=ClosedDay.NAME_LENGTH,
        help_text=_("例：台風による臨時閉庁、マイナンバーカードの休日開庁"),
    )
    is_open = forms.BooleanField(label=_("開庁する（市の休日を開庁日にする）"), required=False)


class AbsenceForm(forms.Form):
    """`posts`: those whose absence the reader may register."""

    post_id = forms.ModelChoiceField(
        Post.objects.none(), label=_("不在になる職"), empty_label=_("選んでください")
    )
    since = DayField(label=_("不在の始まり"))
    until = DayField(label=_("不在の終わり（この日まで）"))
    reason = forms.CharField(
        label=_("理由"),
        max_length=Absence._meta.get_field("reason").max_length,
        help_text=_("例：出張、研修、休暇。本人、課長、人事の担当課だけに見えます"),
    )

    def __init__(self, *args: Any, posts: QuerySet[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post_id"].queryset = posts  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=200)


class DeputyForm(forms.Form):
    post_id = forms.ModelChoiceField(
        Post.objects.all(), label=_("代理される職"), empty_label=_("選んでください")
    )
    deputy_id = forms.ModelChoiceField(
        Post.objects.all(), label=_("代理する職"), empty_label=_("選んでください")
    )
    kind = forms.ChoiceField(
        label=_("区分"),
        choices=DeputyKind.choices,
        help_text=_("代決は決裁だけを代わって行い、職務代理は職務のすべてを代わって行います"),
    )
    order = forms.IntegerField(label=_("順位"), min_value=1, max_value=99, initial=1)
    since = DayField(label=_("始まりの日"))
    until = DayField(label=_("終わりの日（この日まで）"), required=False)
    scope = forms.MultipleChoiceField(
        label=_("範囲（選ばなければすべての決裁）"),
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    source = forms.CharField(
        label=_("根拠とする規程"),
        max_length=Deputy._meta.get_field("source").max_length,
        help_text=_("例：事務決裁規程第8条第1項"),
    )
