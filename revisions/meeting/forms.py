"""会議の様式. `seen` (Act) is the chain_length that a page was made from."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from revisions.meeting.models import AgendaItem, Attendance
from revisions.meeting.parts import BY_CHOICE, Agenda, Presences
from revisions.meeting.states import Presence
from revisions.plan.forms import Prose
from workflow.deadline.fields import ClockField, DayField
from workflow.people.models import Body, Post
from workflow.signoff.forms import Act, ReasonForm

Choices = Iterable[tuple[Any, str]]


class DayForm(forms.Form):
    """When and where a meeting is held."""

    held_on = DayField(label=_("開催日"))
    starts_at = ClockField(label=_("開始時刻"), required=False)
    place = forms.CharField(label=_("場所"), required=False, max_length=80)
    accept_day = forms.BooleanField(label=_("閉庁日でも、この日に開く"), required=False)


class MeetingForm(DayForm):
    field_order = ("body", "title")
    body = forms.ModelChoiceField(Body.objects.all(), label=_("会議体"), empty_label=None)
    title = forms.CharField(label=_("会議の名称"), max_length=120)


class MoveForm(ReasonForm, DayForm):
    """日時・場所の変更."""

    field_order = ("seen", "held_on", "starts_at", "place", "accept_day", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accept_day"].label = _("閉庁日でも、招集の定めより遅くなっても、この日に開く")
        self.fields["reason"].label = _("変える理由")


class ConveneForm(Act):
    """The rest of a convening beside its agenda: whom the meeting invites."""

    invited = forms.TypedMultipleChoiceField(
        label=_("招く職"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("構成員ではなく、議題に関わる部等の長。議決と定足数には数えません。"),
    )

    def __init__(self, *args: Any, directors: Iterable[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(post.pk, post.name) for post in directors]
        self.fields["invited"].choices = choices  # type: ignore[attr-defined]


class ItemRow(forms.Form):
    title = forms.CharField(label=_("議題"), required=False, max_length=200)
    needs_vote = forms.BooleanField(label=_("採決する"), required=False)


AgendaRows = forms.formset_factory(ItemRow, extra=4, max_num=50)


def agenda_of(rows: Iterable[ItemRow]) -> Agenda:
    """Return the rows that have a title, in order."""
    given = [row.cleaned_data for row in rows if row.cleaned_data.get("title")]
    return [(row["title"], row["needs_vote"]) for row in given]


class AttendanceForm(Act):
    """出欠: one row a person of the day's roster."""

    def __init__(self, *args: Any, rows: Iterable[Attendance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attendance = list(rows)
        for row in self.attendance:
            self.fields[f"presence-{row.post_id}"] = forms.ChoiceField(
                label=row.post.name, choices=Presence, initial=row.presence
            )
            self.fields[f"proxy-{row.post_id}"] = forms.CharField(
                label=_("%sの代理") % row.post.name,
                required=False,
                max_length=80,
                initial=row.proxy,
            )

    def rows(self) -> list[tuple[Attendance, forms.BoundField, forms.BoundField]]:
        return [
            (row, self[f"presence-{row.post_id}"], self[f"proxy-{row.post_id}"])
            for row in self.attendance
        ]

    def presences(self, *, unknown: str = Presence.UNKNOWN) -> Presences:
        """Return who came; `unknown` is what is taken of those nobody has marked."""
        given = self.cleaned_data
        marked = {
            row.post_id: (given[f"presence-{row.post_id}"], given[f"proxy-{row.post_id}"])
            for row in self.attendance
        }
        return {
            pk: (unknown if presence == Presence.UNKNOWN else presence, proxy)
            for pk, (presence, proxy) in marked.items()
        }


class OutcomeForm(Act):
    """What the presiding officer stated."""

    outcome = forms.ChoiceField(
        label=_("結果"),
        choices=[(outcome.value, outcome.label) for outcome in BY_CHOICE],
        widget=forms.RadioSelect,
    )
    note = Prose(label=_("補足"), required=False, rows=2, max_length=2000)

    def result(self) -> dict[str, Any]:
        return {"outcome": self.cleaned_data["outcome"]}


class VoteForm(Act):
    """The count of an item that is voted on."""

    yes = forms.IntegerField(label=_("賛成"), min_value=0, max_value=999)
    no = forms.IntegerField(label=_("反対"), min_value=0, max_value=999)
    abstain = forms.IntegerField(label=_("棄権"), min_value=0, max_value=999, initial=0)
    presiding_vote = forms.ChoiceField(
        label=_("議長の決"),
        required=False,
        choices=[("", _("可否同数ではない")), ("yes", _("可とする")), ("no", _("否とする"))],
        help_text=_("可否同数のときだけ選びます。"),
    )
    note = Prose(label=_("補足"), required=False, rows=2, max_length=2000)

    def result(self) -> dict[str, Any]:
        given = self.cleaned_data
        votes = (given["yes"], given["no"], given["abstain"])
        return {"votes": votes, "casting": given["presiding_vote"] or None}


def item_form(item: AgendaItem, data: Any = None, *, seen: int) -> OutcomeForm | VoteForm:
    form_class = VoteForm if item.needs_vote else OutcomeForm
    recorded = {name: getattr(item, name, None) for name in form_class.base_fields}
    initial = {name: value for name, value in recorded.items() if value is not None}
    return form_class(data, initial=initial | {"seen": seen}, auto_id=f"item-{item.pk}-%s")


class MinutesForm(Act):
    text = Prose(
        label=_("要点"),
        rows=20,
        max_length=100_000,
        help_text=_("日時、出席者、議題の結果は自動で付きます。ここには議論の要点を書きます。"),
    )


class FixForm(Act):
    """議事録の確定; `second` only where a member signs beside the chair."""

    second = forms.TypedChoiceField(
        label=_("議長が指名した署名委員"), coerce=int, empty_value=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, members: Iterable[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(post.pk, post.name) for post in members]
        if choices:
            self.fields["second"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["second"]


class RemarkForm(Act):
    text = Prose(label=_("発言の内容"), rows=5, max_length=10_000)
    source = forms.CharField(
        label=_("発言した人"),
        required=False,
        max_length=120,
        help_text=_("空欄のときは会議体の名称になります。"),
    )
    project_uid = forms.ChoiceField(label=_("個別事業"), required=False)
    place = forms.CharField(
        label=_("箇所"), required=False, max_length=120, help_text=_("例：概要、評価指標")
    )

    def __init__(self, *args: Any, projects: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = [("", _("計画の全体、またはその他"))]
        self.fields["project_uid"].choices = [*whole, *projects]  # type: ignore[attr-defined]
