"""届かなかった通知: sent anew, or withdrawn. Who did so stands with whom it was for, or,
where nobody was told at all, in the history of what it is about."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from notifications.models import Delivery, HookDelivery, Webhook
from notifications.states import DeliveryState
from notifications.undelivered.policies import check_can_clear_undelivered
from notifications.undelivered.queries import dead
from notifications.undelivered.states import Channel
from workflow.audit.trail import record
from workflow.errors import Invalid
from workflow.ledger.command import command
from workflow.people.models import User

Picked = Mapping[int, int]
"""Ids of deliveries, each with its `stamp` when the page was made."""


@command
def resend(*, channel: Channel, picked: Picked, by: User, at: datetime) -> int:
    """Send anew what was given up (再送). Return how many; what is no longer there is left out."""
    rows = _lock(channel, picked, by)  # lock

    check_can_clear_undelivered(by)  # check

    for row in rows:
        row.resend(at=at)  # move

    _record("notifications.resent", rows, channel, by=by, at=at)  # record
    return sum(row.pk in picked for row in rows)


@command
def withdraw(*, channel: Channel, picked: Picked, reason: str, by: User, at: datetime) -> int:
    """Let it be (取下げ): nobody is told any more. Return how many."""
    rows = _lock(channel, picked, by)  # lock

    check_can_clear_undelivered(by)  # check
    if not reason.strip():
        raise Invalid(_("取り下げる理由を入れてください。"), field="reason")

    for row in rows:
        row.withdraw()  # move

    _record("notifications.withdrawn", rows, channel, by=by, at=at, reason=reason.strip())  # record
    return sum(row.pk in picked for row in rows)


def _lock(channel: Channel, picked: Picked, by: User) -> list[Any]:
    """Return what lies there as the page showed it, a digest with all that it tells."""
    rows = dead(by, channel).filter(pk__in=picked).select_for_update(of=("self",))
    rows = rows.select_related("event__entry")
    found = [row for row in rows.order_by("pk") if row.stamp == picked[row.pk]]
    if channel != Channel.EMAIL:
        return found
    followers = Delivery.objects.filter(leader__in=found, state=DeliveryState.DEAD)
    return [*found, *followers.order_by("pk").select_for_update()]


def _record(verb: str, rows: Sequence[Any], channel: Channel, **words: Any) -> None:
    """One entry for each person or webhook that it is for, or event that is for nobody yet."""
    if channel == Channel.EVENT:
        for row in rows:
            record(verb, row, **words, channel=channel.value, events=[row.event_id])
        return
    whose = "hook_id" if channel == Channel.WEBHOOK else "user_id"
    theirs: dict[int, list[Any]] = {}
    for row in rows:
        theirs.setdefault(getattr(row, whose), []).append(row)
    kind: Any = Webhook if rows and isinstance(rows[0], HookDelivery) else User
    subjects = kind.objects.select_for_update(no_key=True).filter(pk__in=theirs).order_by("pk")
    for subject in subjects:
        mine = theirs[subject.pk]
        events = [row.event_id for row in mine]
        record(verb, subject, *mine, **words, channel=channel.value, events=events)
