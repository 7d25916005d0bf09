from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from notifications.moments import HOURS
from notifications.states import Topic, Way


class ReadForm(forms.Form):
    until = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)


class PreferenceForm(forms.Form):
    """通知の受け方: a way for each topic, and the hour of the digest."""

    digest_hour = forms.TypedChoiceField(
        label=_("まとめた一通が届く時刻"),
        choices=[(hour, format_lazy(_("{}時"), hour)) for hour in HOURS],
        coerce=int,
        help_text=_("閉庁日には届きません。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic in Topic:
            self.fields[topic.value] = forms.ChoiceField(
                label=topic.label, choices=Way.choices, widget=forms.RadioSelect
            )

    @property
    def topics(self) -> list[forms.BoundField]:
        return [self[topic.value] for topic in Topic]

    def chosen(self) -> dict[str, Any]:
        """Return what set_preference() is given."""
        ways = {topic: self.cleaned_data[topic] for topic in Topic.values}
        return {"ways": ways, "digest_hour": self.cleaned_data["digest_hour"]}


class PageForm(forms.Form):
    before = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
