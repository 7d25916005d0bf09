"""送信待ち: rows that ask for somebody to be told. A broker that is down loses nothing."""

from collections.abc import Iterable
from typing import Any

from celery import current_app
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection, transaction

from workflow.audit.models import AuditEntry
from workflow.outbox.bell import Bell
from workflow.outbox.models import OutboxEvent

HINT_EXPIRES = 5  # seconds; beat has drained by then


def emit(
    entry: AuditEntry,
    *,
    link: str,
    to: Iterable[Group | None] = (),
    users: Iterable[int] = (),
    **facts: Any,
) -> OutboxEvent:
    """Ask for the members of `to` and for `users` (ids) to be told of `entry`.

    link    path of the page where the recipient acts or reads
    facts   words of the notice: no personal data
    raises  RuntimeError outside a transaction
    """
    if not connection.in_atomic_block:
        raise RuntimeError("emit() belongs inside a command")
    event = OutboxEvent.objects.create(
        entry=entry,
        kind=entry.verb,
        groups=sorted({group.pk for group in to if group}),
        users=sorted(set(users)),
        link=link,
        facts=facts,
    )
    transaction.on_commit(_wake, robust=True)
    return event


def claim(limit: int) -> list[OutboxEvent]:
    """Lock up to `limit` waiting events, oldest first; rows of another worker are skipped."""
    waiting = OutboxEvent.objects.filter(fanned_out_at=None).select_related("entry")
    return list(waiting.select_for_update(skip_locked=True, of=("self",)).order_by("id")[:limit])


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


_bell = Bell(_send_hint)


def _wake() -> None:
    if settings.OUTBOX_WAKE:
        _bell.ring()
