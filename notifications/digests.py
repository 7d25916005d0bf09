"""A day's digest of a person: one mail of all that did not need to be told at once."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import OperationalError

from notifications.models import Delivery
from notifications.moments import may_go, next_digest
from notifications.queries import wishes
from notifications.queries_mail import held_mails, needless, whose_digest, with_read
from workflow.deadline.calendar import Calendar, in_tokyo
from workflow.deadline.queries import calendar
from workflow.ledger.command import command, move

PEOPLE = 50
PAUSE = timedelta(hours=1)

log = logging.getLogger(__name__)


def gather(*, at: datetime, limit: int = PEOPLE) -> int:
    """Make the digests whose moment has come. Return of how many people it was.

    People that fail together are taken one by one; whose digest fails alone waits for an hour and
    keeps back no other.
    """
    ids = list(whose_digest(at).values_list("pk", flat=True)[:limit])
    return _gather_some(ids, at) if ids else 0


def _gather_some(ids: list[int], at: datetime) -> int:
    try:
        return _gather(ids, at)
    except OperationalError:  # it is the database that fails
        raise
    except Exception:
        if len(ids) == 1:
            log.exception("notifications.digest_failed: %d", ids[0])
            held_mails(at).filter(user__in=ids).update(next_at=at + PAUSE)
            return 0
    return sum(_gather_some([user], at) for user in ids)


@command
def _gather(ids: list[int], at: datetime) -> int:
    """1. Lock the people: two workers make one digest of a person, and one a day.
    2. Drop what was read on screen or settled in the meantime; of nothing, no mail is made.
    3. Let the first of the rest lead: from here on the mail tells these, however often it is tried.

    A digest that is late, since no worker was there, waits for the office to open; one whose person
    had theirs today already waits for tomorrow.
    """
    people = whose_digest(at).filter(pk__in=ids).select_for_update(skip_locked=True, no_key=True)
    locked = [user.pk for user in people]
    rows = list(with_read(held_mails(at).filter(user__in=locked)).order_by("event", "pk"))
    unwanted, days = needless(rows), calendar()
    wanted: dict[int, list[Delivery]] = {}
    for row in rows:
        if row.pk in unwanted:
            row.drop()
            move(row)
        else:
            wanted.setdefault(row.user_id, []).append(row)
    later = set(wanted) if not may_go(at, days) else _had_theirs(wanted, at)
    _put_off([row for user in later for row in wanted[user]], at, days)
    for user in wanted.keys() - later:
        _lead(wanted[user], at)
    return len(locked)


def _lead(rows: list[Delivery], at: datetime) -> None:
    leader, *others = rows
    leader.lead(on=in_tokyo(at), at=at)
    for row in others:
        row.follow(leader)
    for row in rows:
        move(row)


def _had_theirs(users: Iterable[int], at: datetime) -> set[int]:
    made = Delivery.objects.filter(user__in=users, digest_on=in_tokyo(at))
    return set(made.values_list("user", flat=True))


def _put_off(rows: list[Delivery], at: datetime, days: Calendar) -> None:
    wished = wishes({row.user_id for row in rows})
    for row in rows:
        row.hold(until=next_digest(at, wished[row.user_id].hour, days))
        move(row)
