import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from notifications.catalog import notice_of
from notifications.hooks.models import HookDelivery, Webhook
from notifications.states import DeliveryState
from workflow.models import OutboxEvent

WAITING = Q(state__in=[DeliveryState.QUEUED, DeliveryState.RETRYING])
DEAD = Q(state=DeliveryState.DEAD)


def waiting_hooks(at: datetime) -> QuerySet[HookDelivery]:
    """Return what is to be sent by now, the longest waiting first; not of one that is stopped."""
    due = HookDelivery.objects.filter(WAITING, next_at__lte=at, hook__active=True)
    return due.order_by("next_at", "id")


def with_counts() -> QuerySet[Webhook]:
    """Return every webhook with `waiting` and `dead`: how many messages of it."""
    return Webhook.objects.annotate(waiting=_count(WAITING), dead=_count(DEAD))


def _count(which: Q) -> Coalesce:
    """Counted apart, by the index of those alone: what was sent stays in the table."""
    theirs = HookDelivery.objects.filter(which, hook=OuterRef("pk")).order_by().values("hook")
    return Coalesce(Subquery(theirs.annotate(n=Count("pk")).values("n")), 0)


def message_id(event: OutboxEvent) -> str:
    """The same at every attempt: whoever receives it twice can tell."""
    return f"msg_{event.pk}_{event.entry.hash[:16]}"


def message_of(event: OutboxEvent, names: Mapping[int, str], days: Mapping[int, str]) -> bytes:
    """Return the JSON that is sent: of what happened, and of posts and sections; of no person.

    names  of the groups, by id
    days   by which what events (ids) ask for is due
    """
    return encoded(
        message_id(event),
        event.kind,
        event.entry.at,
        happened=notice_of(event).happened,
        title=str(event.facts.get("title", "")),
        link=settings.BASE_URL + event.link,
        due_on=days.get(event.pk) or event.facts.get("due_on"),
        to=[names[group] for group in event.groups if group in names],
    )


def encoded(id_: str, kind: str, at: datetime, **told: Any) -> bytes:
    message = {"id": id_, "kind": kind, "at": at.isoformat(timespec="seconds"), **told}
    return json.dumps(message, ensure_ascii=False).encode()
