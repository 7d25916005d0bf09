"""配れなかった出来事: an event that cannot be told is tried again by itself, and then given up."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from notifications.models import Untold
from notifications.sending import ATTEMPTS, WAITING
from workflow.ledger.command import add, command, move
from workflow.models import OutboxEvent
from workflow.outbox.backoff import pause
from workflow.outbox.queue import claim, waiting_events

log = logging.getLogger(__name__)


def due_events(at: datetime) -> QuerySet[OutboxEvent]:
    """Return what is to be told by now, oldest first: neither what waits for its next try nor what
    was given up.
    """
    resting = Untold.objects.filter(event=OuterRef("pk"))
    resting = resting.exclude(state__in=WAITING, next_at__lte=at)
    return waiting_events().filter(~Exists(resting))


@command
def put_off(event_id: int, error: str, at: datetime) -> None:
    """Write that telling has failed, unless another worker has written it already."""
    for event in claim(due_events(at).filter(pk=event_id)):
        kept = Untold.objects.select_for_update().filter(event=event).first()
        row = kept or Untold(event=event)
        if row.attempts + 1 < ATTEMPTS:
            row.retry(next_at=at + pause(row.attempts + 1, seed=event.pk), error=error)
        else:
            row.give_up(error=error, at=at)
            log.error("notifications.event_given_up: %d", event.pk)
        (move if kept else add)(row)


def note_told(events: Sequence[OutboxEvent], at: datetime) -> None:
    """Write of those that have failed before that they were told. Only inside a command."""
    ids = [event.pk for event in events]
    rows = Untold.objects.filter(event__in=ids, state__in=WAITING).order_by("pk")
    for row in rows.select_for_update():
        row.send(at=at)
        move(row)
