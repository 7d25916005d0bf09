"""伺いの様式: the words, and the line: as a table lays it, or chosen by hand where none does."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from revisions.cycle.forms import prose
from revisions.cycle.parts import Asked
from revisions.inquiry.forms import ClosedDay
from workflow.authority.changes import Change, changed, renumbered
from workflow.authority.laying import Laid
from workflow.authority.line import Line, Turn
from workflow.authority.states import Retention, StepRole
from workflow.deadline.fields import DayField
from workflow.people.models import Post
from workflow.people.states import Rank
from workflow.signoff.forms import Act
from workflow.signoff.forms_record import KEEPING, KeepingFields

LINE = 4
"""How many places for 回議 a form by hand begins with; there is no limit."""

Choices = list[tuple[int, str]]


class ProposeForm(KeepingFields, ClosedDay, Act):
    """asking  only to see the line: nothing is required yet"""

    title = forms.CharField(label=_("件名"), max_length=200)
    text = forms.CharField(label=_("伺いの本文"), max_length=20000, widget=prose(8))
    due_on = DayField(
        label=_("決裁の期限"),
        required=False,
        help_text=_(
            "この日までに決裁されるよう、順番の人に知らせます。空欄のときは、期限を定めません。"
            "例：2026-12-04、R8.12.4"
        ),
    )

    def __init__(
        self,
        *args: Any,
        posts: Sequence[Post],
        laid: Laid | None,
        rows: int = LINE,
        asking: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.laid, self.posts, self.rows = laid, {post.pk: post for post in posts}, rows
        self.asking = asking
        chiefs = [(post.pk, post.name) for post in posts if post.rank == Rank.SECTION_CHIEF]
        above = [(post.pk, post.name) for post in posts if post.rank != Rank.STAFF]
        everybody = [(post.pk, post.name) for post in posts]
        if laid:
            self._by_rule(everybody, chiefs)
        else:
            self._by_hand(everybody, chiefs)
        self.fields["informed"] = _several(
            _("供覧（決裁のあとに知らせる）"), above, help_text=_("読んだことが記録に残ります。")
        )
        self.order_fields([*(name for name in self.fields if name not in KEEPING), *KEEPING])
        for field in self.fields.values():
            field.required = field.required and not asking

    def _by_rule(self, everybody: Choices, chiefs: Choices) -> None:
        """Choices are wider than the line: other facts lay another one."""
        if self.kept_by_rule:
            retention: Any = self.fields["retention"]
            retention.choices = [("", _("区分表のとおり")), *Retention.choices]
            retention.required = False
        self.fields["dropped"] = _several(_("経路から外す"), everybody)
        self.fields["deviation"] = forms.CharField(
            label=_("外す理由"),
            required=False,
            max_length=500,
            widget=prose(2),
            help_text=_("区分表より短くするときだけ書きます。伺いに載り、決裁者が読みます。"),
        )
        self.fields["concurrences"] = _several(_("合議に加える"), chiefs)

    def _by_hand(self, everybody: Choices, chiefs: Choices) -> None:
        for number in range(1, self.rows + 1):
            self.fields[f"line_{number}"] = _post(
                _("回議 %(number)d人目") % {"number": number}, everybody, required=False
            )
        self.fields["concurrences"] = _several(_("合議（回議のあと、並行して）"), chiefs)
        self.fields["decider"] = _post(_("決裁者"), everybody, required=True)

    @property
    def kept_by_rule(self) -> str:
        """保存期間 as the rule says it; "" when it says none."""
        said = self.laid.rule.retention if self.laid else ""
        return str(Retention(said).label) if said else ""

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data if self.asking else super().clean()

    def keeping(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in KEEPING}

    def line(self) -> Line:
        """Return the line as far as it is known."""
        if self.laid is None:
            return self._chosen()
        names = ("concurrences", "informed", "dropped")
        return changed(self.laid.line, Change(*(self._given(n) or () for n in names)), self.posts)

    def _chosen(self) -> Line:
        line = [self._given(f"line_{number}") for number in range(1, self.rows + 1)]
        after = self.rows + 1
        turns = [(n, Turn(n, StepRole.LINE, self.posts[pk])) for n, pk in enumerate(line) if pk]
        for order, role, chosen in (
            (after, StepRole.CONCURRENCE, self._given("concurrences") or []),
            (after + 1, StepRole.DECIDER, [self._given("decider")]),
            (after + 2, StepRole.INFORMED, self._given("informed") or []),
        ):
            turns += [(order, Turn(order, role, self.posts[pk])) for pk in chosen if pk]
        return renumbered(turns)

    def _given(self, name: str) -> Any:
        if not self.is_bound:
            return self.get_initial_for_field(self.fields[name], name)
        self.errors  # noqa: B018  cleans
        return self.cleaned_data.get(name)

    def left_out(self) -> Line:
        """Return the turns of the rule that the drafter leaves out."""
        signing = {turn.post.pk for turn in self.line()}
        return [t for t in self.laid.line if t.post.pk not in signing] if self.laid else []

    def by_hand(self) -> list[forms.BoundField]:
        return [self[f"line_{number}"] for number in range(1, self.rows + 1)]

    def steps(self) -> list[Asked]:
        return [(t.order, t.role, t.post.pk, t.needed) for t in self.line()]


def _several(label: Any, choices: Choices, **more: Any) -> forms.Field:
    return forms.TypedMultipleChoiceField(
        label=label,
        coerce=int,
        required=False,
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        **more,
    )


def _post(label: Any, choices: Choices, *, required: bool) -> forms.Field:
    return forms.TypedChoiceField(
        label=label,
        choices=[("", _("選んでください") if required else _("なし")), *choices],
        coerce=int,
        empty_value=None,
        required=required,
    )
