"""When somebody is told, reckoned anew after an act, a change of the calendar, hours or a rule."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import connection

from workflow.deadline.models import Deadline
from workflow.deadline.queries import Timetables, not_due, timed_by
from workflow.ledger.command import BATCH

TIMING = 0x4B616974  # of the database's advisory locks


def lock_timing(*, alone: bool = True) -> None:
    """Hold by what deadlines are timed as it is, until the transaction ends.

    alone  it is to be changed: nobody else changes it, and no sweep goes on
    """
    if connection.vendor == "postgresql":  # the other database has one writer
        shared = "" if alone else "_shared"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(%s)", [TIMING])


def start_anew(deadline: Deadline, since: datetime, at: datetime) -> None:
    """Let nobody be told of what fell due by `since`; the next sweep reckons when somebody is.

    So nobody who acts waits for the calendar and the rules to be read, or reads those of before.
    """
    deadline.reminded_until, deadline.next_at, deadline.told_left = since, at, None
    deadline.attempts, deadline.error = 0, ""


def reschedule(at: datetime) -> None:
    """Time the reminders still to come anew, after the calendar or the hours changed.

    What now should have been told already is due at once; what was told is not told again.
    """
    timetables, moved = Timetables(), defaultdict[datetime | None, list[int]](list)
    for deadline in not_due(at).order_by("pk").select_for_update().iterator():
        if (next_at := timetables.next_at(deadline, at)) != deadline.next_at:
            moved[next_at].append(deadline.pk)
    for next_at, pks in moved.items():
        _update(pks, next_at=next_at)


def apply_rule(kind: str, was: Timetables, at: datetime) -> None:
    """Time the reminders of a kind anew, after its rule changed: from now on, not for the past.

    was  what was read before the change
    """
    timetables, moved = Timetables(), defaultdict[tuple[int, Any], list[int]](list)
    for deadline in timed_by(kind).order_by("pk").select_for_update().iterator():
        owes = was.owed(deadline, at)
        deadline.told_left = was.settled(deadline, at)
        next_at = deadline.next_at if owes else timetables.next_at(deadline, at)
        moved[deadline.told_left, next_at].append(deadline.pk)
    for (told_left, next_at), pks in moved.items():
        _update(pks, told_left=told_left, next_at=next_at)


def _update(pks: list[int], **to: Any) -> None:
    for start in range(0, len(pks), BATCH):
        Deadline.objects.filter(pk__in=pks[start : start + BATCH]).update(**to)
