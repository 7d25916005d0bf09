from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow.signoff.models import Step


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


class CommentForm(ApproveForm):
    """A remark, which has to say something."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comment"].required = True


class ReasonForm(Act):
    reason = forms.CharField(
        label=_("理由"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SendBackForm(ReasonForm):
    """To the drafter, or to one of `targets`, who signed before."""

    to_step_id = forms.TypedChoiceField(
        label=_("差戻し先"),
        coerce=int,
        empty_value=None,
        initial="",
        required=False,
        widget=forms.RadioSelect,
    )
    rerun = forms.ChoiceField(
        label=_("途中の欄に差し戻したあと"),
        required=False,
        initial="all",
        choices=[
            ("all", _("間の人も、もう一度署名する")),
            ("one", _("差戻し先だけが署名し直し、すぐ私に戻る")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, targets: Iterable[Step] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not targets:
            del self.fields["to_step_id"], self.fields["rerun"]
            return
        to_step: Any = self.fields["to_step_id"]
        to_step.choices = [
            ("", _("起案者（ここまでの署名は、すべてやり直し）")),
            *((step.pk, f"{step.post.name}（{step.get_role_display()}）") for step in targets),
        ]

    def clean_rerun(self) -> bool:
        """Whoever says nothing lets all sign again, which is the more careful of the two."""
        return self.cleaned_data["rerun"] != "one"
