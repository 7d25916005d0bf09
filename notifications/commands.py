"""What a person does with notices. Reading leaves no audit entry."""

from datetime import datetime

from django.db import transaction

from notifications.models import Preference
from notifications.queries import unread
from workflow.models import User


@transaction.atomic(durable=True)
def read_notice(*, event_id: int, by: User, at: datetime) -> str:
    """Mark a notice as read; return the path that it leads to.

    raises  Delivery.DoesNotExist when they were not told of the event
    """
    delivery = by.deliveries.select_related("event").get(event=event_id, channel="app")
    unread(by).filter(pk=delivery.pk).update(read_at=at)
    return delivery.event.link


@transaction.atomic(durable=True)
def read_notices(*, until: int, by: User, at: datetime) -> int:
    """Mark what has been told up to event `until`; what came since stays unread."""
    return unread(by).filter(event__lte=until).update(read_at=at)


@transaction.atomic(durable=True)
def set_preference(*, email: bool, by: User, at: datetime) -> Preference:
    """Choose whether notices also come by mail (通知の受け方)."""
    return Preference.objects.update_or_create(user=by, defaults={"email": email})[0]
