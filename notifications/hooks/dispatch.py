"""What waits for webhooks. A slow or broken one takes seconds from nobody but itself."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings

from notifications.asked import days_of
from notifications.hooks.models import HookDelivery
from notifications.hooks.posting import UNREACHABLE, post
from notifications.hooks.queries import message_id, message_of, waiting_hooks
from notifications.hooks.signing import headers_of
from notifications.queries import names_of
from notifications.sending import ATTEMPTS, IN_HAND, INTERRUPTED
from workflow.ledger.command import command, move
from workflow.outbox.backoff import pause

BATCH = 100
LEASE = timedelta(minutes=1)  # longer than a batch takes; then another worker sends what is left
BUDGET = 4.0  # seconds a batch: mails may wait for the same worker
QUIET = timedelta(minutes=1)  # nothing is sent to what could not be reached

log = logging.getLogger(__name__)


def send_hooks(*, at: datetime, limit: int = BATCH) -> int:
    """Send waiting messages, no lock held meanwhile. Return how many were taken.

    It is written down that one is in hand before it is. One that is sent twice, since the process
    died in it, has the same id.
    """
    if not settings.WEBHOOK_HOSTS:
        return 0
    sent, silent, late, until = 0, set[int](), [], monotonic() + BUDGET
    leased = _lease(at, limit)
    events = [delivery.event for delivery in leased]
    known = names_of(events), days_of(events, at)
    for delivery in leased:
        if delivery.hook_id in silent:
            continue
        if monotonic() > until:
            late.append(delivery.pk)
            continue
        if not _hand(delivery, at):
            continue
        error = _send(delivery, known, at)
        _settle(delivery.pk, error, at)
        sent += not error
        if error in UNREACHABLE:
            silent.add(delivery.hook_id)
    _put_off(silent, late, at)
    return sent


def _send(
    delivery: HookDelivery, known: tuple[dict[int, str], dict[int, str]], at: datetime
) -> str:
    """Tell what went wrong: a message that cannot be made must not keep back the others.

    known  names of groups, and days of events, by id
    """
    hook, event = delivery.hook, delivery.event
    try:
        body = message_of(event, *known)
        headers = headers_of(message_id(event), body, salts=hook.salts(at), at=at)
    except Exception as failed:
        log.exception("notifications.no_message: %d", delivery.pk)
        return type(failed).__name__
    return post(hook.url, body, headers)


@command
def _lease(at: datetime, limit: int) -> list[HookDelivery]:
    """Keep messages from other workers for a while. What has failed before comes last."""
    due = waiting_hooks(at).select_for_update(skip_locked=True, of=("self",))
    leased = [delivery.pk for delivery in due[:limit]]
    HookDelivery.objects.filter(pk__in=leased).update(next_at=at + LEASE)
    found = HookDelivery.objects.filter(pk__in=leased).select_related("event__entry", "hook")
    rows = list(found.order_by("attempts", "pk"))
    for left in [row for row in rows if row.handed]:
        rows.remove(left)
        _end(left, INTERRUPTED, at)
    return rows


def _hand(delivery: HookDelivery, at: datetime) -> bool:
    """Write that it is in hand. False when it is ours no more: this process slept."""
    ours = HookDelivery.objects.filter(pk=delivery.pk, next_at=at + LEASE)
    return bool(ours.update(handed=IN_HAND))


@command
def _settle(pk: int, error: str, at: datetime) -> None:
    """Write how it went, in a transaction of its own: error "" when it was sent."""
    delivery = HookDelivery.objects.select_for_update().get(pk=pk)
    if delivery.next_at == at + LEASE:  # else it took so long that another took over
        _end(delivery, error, at)


def _end(delivery: HookDelivery, error: str, at: datetime) -> None:
    attempts = delivery.attempts + 1
    if not error:
        delivery.send(at=at)
    elif attempts < ATTEMPTS:
        delivery.retry(next_at=at + pause(attempts, seed=delivery.pk), error=error)
    else:
        delivery.give_up(error=error, at=at)
        log.error("notifications.hook_given_up: %d", delivery.pk)
    move(delivery)


@command
def _put_off(silent: Iterable[int], late: Iterable[int], at: datetime) -> None:
    """Give back what there was no time for; ask nothing of a silent webhook for a while."""
    HookDelivery.objects.filter(pk__in=late).update(next_at=at)
    waiting = waiting_hooks(at + LEASE).filter(hook__in=silent).order_by()
    HookDelivery.objects.filter(pk__in=waiting.values("pk")).update(next_at=at + QUIET)
