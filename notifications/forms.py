from django import forms
from django.utils.translation import gettext_lazy as _


class ReadForm(forms.Form):
    until = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)


class PreferenceForm(forms.Form):
    email = forms.BooleanField(
        label=_("お知らせを電子メールでも受け取る"),
        help_text=_("受け取らなくても、この画面にはすべて届きます。"),
        required=False,
    )


class PageForm(forms.Form):
    before = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
