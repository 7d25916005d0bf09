"""送信待ち: rows that ask for somebody to be told. A broker that is down loses nothing."""

from collections.abc import Iterable
from contextlib import suppress
from threading import Thread
from typing import Any

from celery import current_app
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet

from workflow.audit.models import AuditEntry
from workflow.ledger.command import add, require_transaction
from workflow.outbox.bell import Bell
from workflow.outbox.models import OutboxEvent

HINT_EXPIRES = 5  # seconds; beat has drained by then


def emit(
    entry: AuditEntry,
    *,
    link: str,
    to: Iterable[Group | int | None] = (),
    users: Iterable[int] = (),
    **facts: Any,
) -> OutboxEvent:
    """Ask for the members of `to` (or ids) and for `users` (ids) to be told of `entry`.

    link    path of the page where the recipient acts or reads
    facts   words of the notice: no personal data
    raises  RuntimeError outside a transaction
    """
    require_transaction("emit")
    event = OutboxEvent(
        entry=entry,
        kind=entry.verb,
        groups=sorted({getattr(group, "pk", group) for group in to if group}),
        users=sorted(set(users)),
        link=link,
        facts=facts,
    )
    add(event)
    transaction.on_commit(_wake, robust=True)
    return event


def waiting_events() -> QuerySet[OutboxEvent]:
    """Return the events of which nobody was told yet, oldest first."""
    return OutboxEvent.objects.filter(fanned_out_at=None).order_by("id")


def claim(waiting: QuerySet[OutboxEvent]) -> list[OutboxEvent]:
    """Lock those of waiting_events(); rows of another worker are skipped."""
    rows = waiting.select_related("entry")
    return list(rows.select_for_update(skip_locked=True, of=("self",)))


def _send_hint() -> None:
    """Over a connection of its own: a pooled one that hangs would be kept for the next."""
    with current_app.connection_for_write() as connection_to_broker:
        current_app.send_task(
            settings.OUTBOX_DRAIN_TASK,
            connection=connection_to_broker,
            retry=False,
            ignore_result=True,
            expires=HINT_EXPIRES,
        )


def length(patience: float) -> int | None:
    """Return how many messages wait at the broker; None when it does not say so in time.

    patience  seconds
    """
    found: list[int] = []
    asking = Thread(target=_ask_length, args=[found], name="outbox-length", daemon=True)
    asking.start()
    asking.join(patience)
    return found[0] if found else None


def _ask_length(found: list[int]) -> None:
    name = current_app.conf.task_default_queue
    channel: Any
    with suppress(Exception), current_app.connection_for_write(connect_timeout=1) as broker:
        channel = broker.default_channel
        try:
            found.append(channel.queue_declare(name, passive=True).message_count)
        except broker.channel_errors:  # there is no such queue until somebody uses it
            found.append(0)


_bell = Bell(_send_hint)


def _wake() -> None:
    if settings.OUTBOX_WAKE:
        _bell.ring()
