"""From the outbox to people: at least once by mail, exactly once on screen."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django_fsm import can_proceed

from notifications.channels import email
from notifications.models import Delivery
from notifications.queries import recipients, waiting_mails
from notifications.states import ChannelCode
from workflow.models import OutboxEvent
from workflow.outbox.queue import claim

EVENTS = 20
MAILS = 50
LEASE = timedelta(minutes=5)  # longer than a batch takes; then another worker sends what is left
ATTEMPTS = 8
FIRST_PAUSE, GROWTH, SPREAD = timedelta(minutes=1), 3, 0.2  # 8 attempts in about 18 hours

log = logging.getLogger(__name__)


@transaction.atomic(durable=True)
def fan_out(*, at: datetime, limit: int = EVENTS) -> int:
    """Turn waiting events into deliveries, once for each person and channel. Return how many."""
    events = claim(limit)
    Delivery.objects.bulk_create(_deliveries(events, at), ignore_conflicts=True, batch_size=500)
    OutboxEvent.objects.filter(pk__in=[e.pk for e in events]).update(fanned_out_at=at)
    return len(events)


def send_mails(*, at: datetime, limit: int = MAILS) -> int:
    """Send waiting mails, no lock held meanwhile. Return how many went out.

    Whatever is not settled, since the process died or the server is gone, is sent once its lease
    ends; a mail sent twice has the same Message-ID.
    """
    sent = 0
    for delivery, error in email.send_each(_lease(at, limit)):
        _settle(delivery.pk, error, at)
        sent += not error
    return sent


def pause(attempts: int, *, seed: int) -> timedelta:
    """Return how long to wait after so many attempts; spread, so that mails do not come at once."""
    spread = Random(seed).uniform(1 - SPREAD, 1 + SPREAD)  # noqa: S311
    return FIRST_PAUSE * GROWTH ** (attempts - 1) * spread


def _deliveries(events: list[OutboxEvent], at: datetime) -> Iterator[Delivery]:
    told = recipients(events)
    for event in events:
        for user, by_mail in told[event.pk].items():
            shown = Delivery(event=event, user_id=user, channel=ChannelCode.APP)
            shown.send(at=at)
            yield shown
            if by_mail:
                yield Delivery(event=event, user_id=user, channel=ChannelCode.EMAIL, next_at=at)


@transaction.atomic(durable=True)
def _lease(at: datetime, limit: int) -> list[Delivery]:
    """Keep mails from other workers for a while."""
    due = waiting_mails(at).select_for_update(skip_locked=True)
    leased = [delivery.pk for delivery in due[:limit]]
    Delivery.objects.filter(pk__in=leased).update(next_at=at + LEASE)
    rows = Delivery.objects.filter(pk__in=leased).select_related(
        "event__entry", "user", "user__preference"
    )
    return list(rows.prefetch_related("user__groups").order_by("pk"))


@transaction.atomic(durable=True)
def _settle(pk: int, error: str, at: datetime) -> None:
    delivery = Delivery.objects.select_for_update().get(pk=pk)
    if not can_proceed(delivery.send):
        return  # the lease ran out, and another worker was quicker
    attempts = delivery.attempts + 1
    if not error:
        delivery.send(at=at)
    elif attempts < ATTEMPTS:
        delivery.retry(next_at=at + pause(attempts, seed=pk), error=error)
    else:
        delivery.give_up(error=error)
        log.error("notifications.mail_given_up: %d", pk)
    delivery.save()
