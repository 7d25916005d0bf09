"""Reminders timed anew: what a change of the calendar, the hours or a rule moves."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db.models import Value
from django.db.models.functions import Greatest

from workflow.deadline.effect import reminders_under
from workflow.deadline.models import Deadline
from workflow.deadline.queries import Timetables, not_due, timed_by
from workflow.ledger.command import BATCH


def reschedule(at: datetime) -> None:
    """Time the reminders still to come anew, after the calendar or the hours changed.

    What now should have been told already is due at once; what was told is not told again.
    """
    waiting = list(not_due(at).order_by("pk").select_for_update())
    moved = defaultdict(list)
    for deadline, next_at in zip(waiting, reminders_under(Timetables(), waiting, at), strict=True):
        if next_at != deadline.next_at:
            moved[next_at].append(deadline.pk)
    _move(moved)


def apply_rule(kind: str, was: Timetables, at: datetime) -> None:
    """Time the reminders of a kind anew, after its rule changed: from now on, not for the past.

    was  what was read before the change
    """
    timetables, moved = Timetables(), defaultdict(list)
    for deadline in timed_by(kind).order_by("pk").select_for_update().iterator():
        if not was.owes(deadline, at):
            since = max(deadline.reminded_until, at)
            moved[timetables.next_at(deadline, since)].append(deadline.pk)
    _move(moved, reminded_until=Greatest("reminded_until", Value(at)))


def _move(moved: Mapping[datetime | None, list[int]], **also: Greatest) -> None:
    for next_at, pks in moved.items():
        for start in range(0, len(pks), BATCH):
            rows = Deadline.objects.filter(pk__in=pks[start : start + BATCH])
            rows.update(next_at=next_at, **also)
