from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.deadline.fields import DayField
from workflow.deadline.models import ClosedDay
from workflow.people.models import Post
from workflow.people.states import UserKind


class PersonForm(forms.Form):
    username = forms.CharField(label=_("利用者名"), max_length=150, help_text=_("半角の英数字と-"))
    name = forms.CharField(label=_("氏名"), max_length=80)
    kind = forms.ChoiceField(label=_("種類"), choices=UserKind.choices)
    email = forms.EmailField(label=_("電子メール"), required=False)
    password = forms.CharField(
        label=_("最初のパスワード"), widget=forms.PasswordInput, help_text=_("12文字以上")
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


class ClosedDayForm(forms.Form):
    day = DayField(label=_("日"))
    name = forms.CharField(label=_("名称"), max_length=ClosedDay.NAME_LENGTH)
    is_open = forms.BooleanField(
        label=_("この日は開庁する（市の休日を開庁日にする）"), required=False
    )
