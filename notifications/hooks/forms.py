from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.hooks.areas import AREAS
from notifications.hooks.models import Webhook


class WebhookForm(forms.Form):
    name = forms.CharField(
        label=_("名称"),
        max_length=Webhook._meta.get_field("name").max_length,
        help_text=_("例：グループウェアの掲示板"),
    )
    url = forms.CharField(
        label=_("送り先のURL"),
        max_length=Webhook._meta.get_field("url").max_length,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    areas = forms.MultipleChoiceField(
        label=_("知らせる分野"),
        choices=list(AREAS.items()),
        widget=forms.CheckboxSelectMultiple,
    )


class SeenForm(forms.Form):
    """Which state of the webhook the page was made from."""

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
