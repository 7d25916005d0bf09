"""What waits for webhooks. A slow or broken one takes seconds from nobody but itself."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django_fsm import can_proceed

from notifications.hooks.models import HookDelivery
from notifications.hooks.posting import UNREACHABLE, post
from notifications.hooks.queries import message_id, message_of, waiting_hooks
from notifications.hooks.signing import headers_of
from notifications.queries import names_of
from notifications.sending import ATTEMPTS, pause
from workflow.ledger.command import command

BATCH = 100
LEASE = timedelta(minutes=1)  # longer than a batch takes; then another worker sends what is left
BUDGET = 4.0  # seconds a batch: mails may wait for the same worker
QUIET = timedelta(minutes=1)  # nothing is sent to what could not be reached

log = logging.getLogger(__name__)


def send_hooks(*, at: datetime, limit: int = BATCH) -> int:
    """Send waiting messages, no lock held meanwhile. Return how many were taken.

    A message that is sent twice, since the process died before it wrote so, has the same id.
    """
    if not settings.WEBHOOK_HOSTS:
        return 0
    sent, silent, late, until = 0, set[int](), [], monotonic() + BUDGET
    leased = _lease(at, limit)
    names = names_of(delivery.event for delivery in leased)
    for delivery in leased:
        if delivery.hook_id in silent:
            continue
        if monotonic() > until:
            late.append(delivery.pk)
            continue
        error = _send(delivery, names, at)
        _settle(delivery.pk, error, at)
        sent += not error
        if error in UNREACHABLE:
            silent.add(delivery.hook_id)
    _put_off(silent, late, at)
    return sent


def _send(delivery: HookDelivery, names: dict[int, str], at: datetime) -> str:
    body = message_of(delivery.event, names)
    headers = headers_of(message_id(delivery.event), body, salt=delivery.hook.salt, at=at)
    return post(delivery.hook.url, body, headers)


@command
def _lease(at: datetime, limit: int) -> list[HookDelivery]:
    """Keep messages from other workers for a while."""
    due = waiting_hooks(at).select_for_update(skip_locked=True, of=("self",))
    leased = [delivery.pk for delivery in due[:limit]]
    HookDelivery.objects.filter(pk__in=leased).update(next_at=at + LEASE)
    rows = HookDelivery.objects.filter(pk__in=leased).select_related("event__entry", "hook")
    return list(rows.order_by("pk"))


@command
def _settle(pk: int, error: str, at: datetime) -> None:
    """Write how it went, in a transaction of its own: error "" when it was sent."""
    delivery = HookDelivery.objects.select_for_update().get(pk=pk)
    if not can_proceed(delivery.send):
        return  # the lease ran out, and another worker was quicker
    attempts = delivery.attempts + 1
    if not error:
        delivery.send(at=at)
    elif attempts < ATTEMPTS:
        delivery.retry(next_at=at + pause(attempts, seed=pk), error=error)
    else:
        delivery.give_up(error=error, at=at)
        log.error("notifications.hook_given_up: %d", pk)
    delivery.save()


@command
def _put_off(silent: Iterable[int], late: Iterable[int], at: datetime) -> None:
    """Give back what there was no time for; ask nothing of a silent webhook for a while."""
    HookDelivery.objects.filter(pk__in=late).update(next_at=at)
    waiting = waiting_hooks(at + LEASE).filter(hook__in=silent).order_by()
    HookDelivery.objects.filter(pk__in=waiting.values("pk")).update(next_at=at + QUIET)
