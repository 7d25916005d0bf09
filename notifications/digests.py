"""A day's digest of a person: one mail of all that did not need to be told at once."""

from collections.abc import Iterable
from datetime import datetime

from notifications.models import Delivery
from notifications.moments import may_go, next_digest
from notifications.queries import wishes
from notifications.queries_mail import held_mails, needless, whose_digest, with_read
from workflow.deadline.calendar import Calendar, in_tokyo
from workflow.deadline.queries import calendar
from workflow.ledger.command import command, move

PEOPLE = 50


@command
def gather(*, at: datetime, limit: int = PEOPLE) -> int:
    """Make the digests whose moment has come. Return of how many people.

    1. Lock the people: two workers make one digest of a person, and one a day.
    2. Drop what was read on screen or settled in the meantime; of nothing, no mail is made.
    3. Let the first of the rest lead: from here on the mail tells these, however often it is tried.

    A digest that is late, since no worker was there, waits for the office to open; one whose person
    had theirs today already waits for tomorrow.
    """
    people = whose_digest(at).select_for_update(skip_locked=True, no_key=True)[:limit]
    ids = [user.pk for user in people]
    rows = list(with_read(held_mails(at).filter(user__in=ids)).order_by("event", "pk"))
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
    return len(ids)


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
