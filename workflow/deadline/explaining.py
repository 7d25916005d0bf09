"""Why somebody was or was not told of a deadline: its moments, and what became of each."""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.audit.models import AuditEntry
from workflow.audit.queries import told
from workflow.deadline.calendar import end_of_day, in_tokyo
from workflow.deadline.era import era_date
from workflow.deadline.ladder import Office
from workflow.deadline.models import Deadline, ReminderRule
from workflow.deadline.parts import HANDED_OVER
from workflow.deadline.parts_remind import TELLING
from workflow.deadline.queries import Timetables, rules, stands, steps_in_force
from workflow.deadline.registry import has_receipt, kind_of
from workflow.deadline.schedule import Moment
from workflow.deadline.states import DeadlineState, Tier
from workflow.outbox.models import OutboxEvent
from workflow.people.queries import group_names

AHEAD = timedelta(days=60)
SWEPT_BY = timedelta(minutes=6)
"""The sweep runs every minute; later than that it stands."""
_STARTS = ("deadline.set", "deadline.extended", HANDED_OVER)
_ACTS = {
    "deadline.set": gettext_lazy("期限を%(day)sと定めました（%(by)s）。"),
    "deadline.extended": gettext_lazy("期限を%(day)sに改めました（%(by)s）。"),
    "deadline.brought_forward": gettext_lazy("期限を%(day)sに早めました（%(by)s）。"),
    "deadline.put_off": gettext_lazy("期限を%(day)sに繰り下げました（%(by)s）。"),
    HANDED_OVER: gettext_lazy("%(whose)sに移しました。期限は%(day)sです（%(by)s）。"),
    "deadline.received": gettext_lazy("受け取りました（%(by)s）。"),
    "deadline.met": gettext_lazy("対応が済みました（%(by)s）。この後は、誰にも知らせません。"),
    "deadline.lifted": gettext_lazy("期限を解除しました（%(by)s）。この後は、誰にも知らせません。"),
}


@dataclass(frozen=True)
class Line:
    """A moment and what became of it.

    to     tier to be told; "" of an act
    event  asks for the people to be told; None when nobody was
    """

    at: datetime
    to: str
    outcome: str
    event: OutboxEvent | None = None


class Explained:
    """A deadline as it stood at a moment, by its entries until then; without any it was not yet.

    The calendar, the hours and who is there are those of today: no entry names them.

    now      moment at which that is asked
    is_past  what no entry tells (failures) is not known any more
    """

    def __init__(self, deadline: Deadline, at: datetime, now: datetime) -> None:
        self.deadline, self.at, self.is_past = deadline, at, at < now
        ever = told(AuditEntry.objects.filter(subject=deadline.key).order_by("seq"))
        self.history = [entry for entry in ever if entry["at"] <= at]
        later = [e["facts"] for e in ever if e["at"] > at and e["verb"] == HANDED_OVER]
        self.holder_is_of_now = bool(later) and "was_group" not in later[0]
        if later and not self.holder_is_of_now:
            self.deadline = copy(deadline)
            self.deadline.group_id = later[0]["was_group"]
        in_force, kept = steps_in_force(at), rules(at)
        kinds = [deadline.kind] if deadline.kind in in_force else ["", deadline.kind]
        self.rule: ReminderRule | None = kept.get(kinds[0])
        self._rules = [kept[kind] for kind in kinds if kind in kept]
        steps = in_force.get(deadline.kind) or in_force[""]
        self.timetable = Timetables(steps={deadline.kind: steps}).of(
            deadline.kind, self.deadline.group_id
        )
        self.office = Office([self.deadline], in_tokyo(at))

    @property
    def holder(self) -> str:
        return self.office.telling(self.deadline, "holder").holder

    @property
    def set_at(self) -> datetime:
        entries = AuditEntry.objects.filter(subject=self.deadline.key)
        return entries.earliest("seq").at

    @property
    def state(self) -> DeadlineState:
        return DeadlineState(self.history[-1]["after"])

    @property
    def due_on(self) -> date:
        told_last = next(e for e in reversed(self.history) if "due_on" in e["facts"])
        return date.fromisoformat(told_last["facts"]["due_on"])

    @property
    def is_late(self) -> bool:
        return end_of_day(self.due_on) < self.at

    @property
    def received_at(self) -> datetime | None:
        return self._by_then(self.deadline.received_at)

    @property
    def next_at(self) -> datetime | None:
        """When somebody is told next, as its rule says; later where telling has failed."""
        if self._ended_at:
            return None
        if self.attempts:
            return self.deadline.next_at
        moment = self.timetable.first(self.due_on, self._told_left, self.received_at is not None)
        if moment is None:
            return None
        return self.timetable.opening(self.at) if moment.at <= self.at else moment.at

    @property
    def attempts(self) -> int:
        return 0 if self.is_past else self.deadline.attempts

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
        """Return what was done and told ever, and the moments since the day or the rule last
        changed, in order: up to its end, else somewhat ahead.
        """
        found = [*self._done(), *self._told(), *self._others()]
        return sorted(found, key=lambda line: line.at)

    def _done(self) -> Iterator[Line]:
        names = group_names({e["facts"]["group"] for e in self.history if "group" in e["facts"]})
        for entry in self.history:
            if words := _ACTS.get(entry["verb"]):
                day = entry["facts"].get("due_on")
                said = {
                    "day": era_date(date.fromisoformat(day)) if day else "",
                    "by": entry["by"]["name"] if entry["by"] else _("自動"),
                    "whose": names.get(entry["facts"].get("group"), _("次の担当")),
                }
                yield Line(entry["at"], "", str(words) % said)

    def _told(self) -> Iterator[Line]:
        entries = [entry for entry in self.history if entry["verb"] in TELLING]
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
        """Moments of which nobody was told; none after the end."""
        done = {entry["facts"]["moment"] for entry in self._tellings}
        until, without = self._ended_at or self.at + AHEAD, not has_receipt(self.deadline.kind)
        for moment in self.timetable.moments(
            self.due_on, after=self._start, until=until, received=without
        ):
            was = self._is_settled(moment) and moment.at <= self._ruled_since
            if not was and moment.at.isoformat() not in done and moment.at != self._ended_at:
                yield Line(moment.at, str(Tier(moment.step.to).label), self._why_not(moment))

    @cached_property
    def _tellings(self) -> list[dict[str, Any]]:
        return [entry for entry in self.history if entry["verb"] in TELLING]

    @cached_property
    def _start(self) -> datetime:
        """When its day was last set."""
        return max(entry["at"] for entry in self.history if entry["verb"] in _STARTS)

    @cached_property
    def _ruled_since(self) -> datetime:
        return max([self._start, *(rule.set_at for rule in self._rules)])

    @cached_property
    def _told_left(self) -> int:
        """Where that is past, by the entries of what was told and by when its rule was set."""
        if not self.is_past:
            return stands(self.deadline, self.timetable)[1]
        told = kind_of(self.deadline.kind).told
        start = end_of_day(in_tokyo(self._start)) if told else self._start
        marks = [start, self._ruled_since, *(entry["at"] for entry in self._tellings)]
        return min(self.timetable.left(self.due_on, at) for at in marks if at >= self._start)

    @property
    def _ended_at(self) -> datetime | None:
        return self._by_then(self.deadline.ended_at)

    def _by_then(self, moment: datetime | None) -> datetime | None:
        return moment if moment and moment <= self.at else None

    def _why_not(self, moment: Moment) -> str:
        if spared := self._spared(moment):
            return spared
        if self._is_settled(moment):
            return self._settled(moment)
        if moment.at > self.at:
            return self._to_come(moment)
        if self.attempts:
            words = {"n": self.attempts, "error": self.deadline.error}
            return _("%(n)d回失敗しています（%(error)s）。間をおいて、また試します。") % words
        if self._ended_at:
            return _("知らせませんでした。見回りが回らないうちに終わっています。")
        return self._awaited(moment)

    def _awaited(self, moment: Moment) -> str:
        """It is due, and nobody was told yet."""
        just = self.at - moment.at <= SWEPT_BY
        why = _("時は来ています。") if just else _("その時に、見回りが動いていませんでした。")
        if self.timetable.opening(self.at) > self.at:
            return why + _("次の執務時間に、ほかの分とまとめて一度に知らせます。")
        return why + _("次の見回りで、ほかの分とまとめて一度に知らせます。")

    def _spared(self, moment: Moment) -> str:
        """Return why nobody is to be told at all; "" when somebody is."""
        if self._on_its_first_day(moment):
            return _("知らせません。順番が来たことを、その日に知らせています。")
        received = self.received_at if moment.step.unreceived else None
        if received and received < moment.at:
            return _("知らせません。その前に受け取られています。")
        if received and not any(moment.at <= e["at"] <= received for e in self._tellings):
            return _("知らせませんでした。見回りの前に受け取られています。")
        return ""

    def _on_its_first_day(self, moment: Moment) -> bool:
        """The act that set it has told whoever is asked."""
        is_first = in_tokyo(moment.at) == in_tokyo(self._start)
        return is_first and kind_of(self.deadline.kind).told

    def _is_settled(self, moment: Moment) -> bool:
        return self.timetable.left(self.due_on, moment.at) >= self._told_left

    def _settled(self, moment: Moment) -> str:
        tellings = [e["at"] for e in self._tellings if e["at"] >= self._start]
        if any(at > moment.at for at in tellings):
            return _("この分は、その後の督促で一度に知らせました。")
        if tellings:
            return _("知らせません。日か時刻が動く前に、この分を知らせています。")
        return _("知らせませんでした。規則か暦がその後に変わっています。")

    def _to_come(self, moment: Moment) -> str:
        telling = self.office.telling(self.deadline, moment.step.to)
        words = _("%sに知らせる予定です。") % telling.rung.name
        return words + (f"（{'、'.join(telling.skipped)}）" if telling.skipped else "")
