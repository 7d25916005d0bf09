"""What a person does with notices. Reading leaves no audit entry."""

from datetime import datetime

from notifications.models import Preference
from notifications.moments import next_digest
from notifications.queries import unread
from notifications.states import DeliveryState
from workflow.deadline.queries import calendar
from workflow.ledger.command import command, move
from workflow.models import User


@command
def read_notice(*, event_id: int, by: User, at: datetime) -> str:
    """Mark a notice as read; return the path that it leads to.

    raises  Delivery.DoesNotExist when they were not told of the event
    """
    delivery = by.deliveries.select_related("event").get(event=event_id, channel="app")
    unread(by).filter(pk=delivery.pk).update(read_at=at)
    return delivery.event.link


@command
def read_notices(*, until: int, by: User, at: datetime) -> int:
    """Mark what has been told up to event `until`; what came since stays unread."""
    return unread(by).filter(event__lte=until).update(read_at=at)


@command
def set_preference(*, ways: dict[str, str], digest_hour: int, by: User, at: datetime) -> Preference:
    """通知の受け方: choose a way for each topic, and when the digest goes.

    What waits for a digest already waits for the new hour; what is for the screen alone by then is
    left out of it.
    """
    days = calendar()
    for row in by.deliveries.filter(state=DeliveryState.HELD, next_at__gt=at).select_for_update():
        row.hold(until=next_digest(at, digest_hour, days))
        move(row)
    wish = {"ways": ways, "digest_hour": digest_hour}
    return Preference.objects.update_or_create(user=by, defaults=wish)[0]
