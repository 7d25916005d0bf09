from django import forms
from django.utils.translation import gettext_lazy as _


class Act(forms.Form):
    """An act on a page: `seen` is the length of the chain that the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class ApproveForm(Act):
    comment = forms.CharField(
        label=_("意見"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReasonForm(Act):
    reason = forms.CharField(
        label=_("理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
