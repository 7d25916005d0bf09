"""Why somebody was or was not told of a deadline: its moments, and what became of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from workflow.audit.models import AuditEntry
from workflow.audit.queries import told
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.ladder import Office
from workflow.deadline.models import Deadline, ReminderRule
from workflow.deadline.parts_remind import TOLD
from workflow.deadline.queries import Timetables, rules, steps_in_force
from workflow.deadline.registry import kind_of
from workflow.deadline.schedule import Moment
from workflow.deadline.states import RUNNING, Tier
from workflow.outbox.models import OutboxEvent

AHEAD = timedelta(days=60)
_STARTS = ("deadline.set", "deadline.extended", "deadline.handed_over")


@dataclass(frozen=True)
class Line:
    """A moment and what became of it.

    event  asks for the people to be told; None when nobody was
    """

    at: datetime
    to: str
    outcome: str
    event: OutboxEvent | None = None


class Explained:
    """A deadline as it stands at a moment."""

    def __init__(self, deadline: Deadline, at: datetime) -> None:
        self.deadline, self.at = deadline, at
        has_own = deadline.kind in steps_in_force()
        self.rule: ReminderRule | None = rules().get(deadline.kind if has_own else "")
        self.timetable = Timetables().of(deadline.kind, deadline.group_id)
        self.office = Office([deadline], in_tokyo(at))
        entries = AuditEntry.objects.filter(subject=deadline.key, at__lte=at).order_by("seq")
        self.history = told(entries)

    @property
    def holder(self) -> str:
        return self.office.telling(self.deadline, "holder").holder

    @property
    def now(self) -> str:
        """Whether anybody could be told right now."""
        opening = self.timetable.opening(self.at)
        if opening == self.at:
            return _("執務時間内です。")
        if self.timetable.calendar.is_closed(in_tokyo(self.at)):
            return _("閉庁日なので、誰にも知らせません。")
        return _("執務時間の外なので、誰にも知らせません。")

    def lines(self) -> list[Line]:
        """Return what was told ever, and the moments since the day or the rule last changed."""
        found = [*self._told(), *self._others()]
        return sorted(found, key=lambda line: line.at)

    def _told(self) -> Iterator[Line]:
        entries = [entry for entry in self.history if entry["verb"] in _TELLING]
        kept = OutboxEvent.objects.filter(entry__in=[entry["entry"].pk for entry in entries])
        events = {event.entry_id: event for event in kept}
        for entry in entries:
            facts = entry["facts"]
            said = {"to": facts["to"], "seq": entry["seq"], "when": facts["moment"][:16]}
            words = _("%(to)sに知らせました（証跡%(seq)s番、%(when)sの分）") % said
            if why := facts.get("why"):
                words = f"{words} {why}"
            event = events.get(entry["entry"].pk)
            yield Line(entry["at"], str(Tier(facts["tier"]).label), words, event)

    def _others(self) -> Iterator[Line]:
        due_on, since = in_tokyo(self.deadline.due_at), self._since()
        kept = [e for e in self.history if e["verb"] in _TELLING]
        done = {e["facts"]["moment"] for e in kept}
        for moment in self.timetable.moments(
            due_on, after=since, until=self.at + AHEAD, received=False
        ):
            if moment.at.isoformat() not in done:
                yield Line(moment.at, str(Tier(moment.step.to).label), self._why_not(moment, kept))

    def _since(self) -> datetime:
        starts = [entry["at"] for entry in self.history if entry["verb"] in _STARTS]
        if self.rule:
            starts.append(self.rule.set_at)
        return max(starts)

    def _why_not(self, moment: Moment, kept: list[dict[str, Any]]) -> str:
        deadline = self.deadline
        if spared := self._spared(moment):
            return spared
        if self._was_told_before_it_moved(moment, kept):
            return _("知らせません。日か時刻が動く前に、この分を知らせています。")
        if moment.at > self.at:
            return self._to_come(moment)
        if deadline.attempts:
            words = {"n": deadline.attempts, "error": deadline.error}
            return _("%(n)d回失敗しています（%(error)s）。間をおいて、また試します。") % words
        if any(entry["at"] > moment.at for entry in kept):
            return _("この分は、その後の督促で一度に知らせました。")
        if deadline.state not in RUNNING or deadline.reminded_until >= moment.at:
            return _("知らせませんでした。規則か暦がその後に変わっています。")
        if deadline.next_at and deadline.next_at > self.at:
            return _("時は来ています。次の執務時間に、ほかの分とまとめて一度に知らせます。")
        return _("時は来ています。次の巡回で、ほかの分とまとめて一度に知らせます。")

    def _spared(self, moment: Moment) -> str:
        """Return why nobody is to be told at all; "" when somebody is."""
        if self._is_over_by(moment):
            ended = self.deadline.get_state_display()
            return _("知らせません。その前に終わっています（%s）。") % ended
        if self._on_its_first_day(moment):
            return _("知らせません。順番が来たことを、その日に知らせています。")
        if moment.step.unreceived and self._is_received_by(moment):
            return _("知らせません。その前に受け取られています。")
        return ""

    def _is_received_by(self, moment: Moment) -> bool:
        received = self.deadline.received_at
        return received is not None and received < moment.at

    def _is_over_by(self, moment: Moment) -> bool:
        ended = self.deadline.ended_at
        return ended is not None and ended <= self.at and ended < moment.at

    def _on_its_first_day(self, moment: Moment) -> bool:
        """The act that set it has told whoever is asked."""
        is_first = in_tokyo(moment.at) == in_tokyo(self._since())
        return is_first and kind_of(self.deadline.kind).told

    def _was_told_before_it_moved(self, moment: Moment, kept: list[dict[str, Any]]) -> bool:
        left, due_on = self.deadline.told_left, in_tokyo(self.deadline.due_at)
        is_over = left is not None and moment.at <= self.timetable.after(due_on, left)
        return is_over and all(entry["at"] < moment.at for entry in kept)

    def _to_come(self, moment: Moment) -> str:
        telling = self.office.telling(self.deadline, moment.step.to)
        words = _("%sに知らせる予定です。") % telling.rung.name
        return words + (f"（{'、'.join(telling.skipped)}）" if telling.skipped else "")


_TELLING = {f"deadline.{verb}" for verb in TOLD}
