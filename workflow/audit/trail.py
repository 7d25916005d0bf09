"""証跡を書く: the only place where a moved row is saved, together with the entry that says so."""

from datetime import datetime
from typing import Any, Protocol

from django.db import connection, models

from workflow.audit.chain import canonical, digest
from workflow.audit.models import AuditEntry, Audited


class Actor(Protocol):
    pk: int
    name: str


class Capacity(Protocol):
    """The post in whose name somebody acts."""

    pk: int
    name: str


def record(
    verb: str,
    subject: Audited,
    *moved: models.Model,
    by: Actor | None,
    at: datetime,
    post: Capacity | None = None,
    before: str = "",
    after: str = "",
    reason: str = "",
    **facts: Any,
) -> AuditEntry:
    """Save `subject` and `moved`, and chain the entry to the subject's last.

    subject  locked by the caller, or new
    by       None when the clock acts (期日の到来)
    facts    str, int, bool, None, and lists and dicts of them
    raises   RuntimeError outside a transaction
    """
    if not connection.in_atomic_block:
        raise RuntimeError("record() belongs inside a command")
    if subject.pk is None:
        subject.save()
    body = {
        "subject": subject.key,
        "seq": subject.chain_length + 1,
        "within": subject.within,
        "verb": verb,
        "by": _signature(by),
        "post": _signature(post),
        "at": at.isoformat(),
        "before": before,
        "after": after,
        "reason": reason,
        "facts": facts,
        "prev": subject.chain_head,
    }
    text = canonical(body)
    prev, subject.chain_head = subject.chain_head, digest(text)
    subject.chain_length += 1
    for row in (subject, *moved):
        row.save()
    return AuditEntry.objects.create(
        subject=subject.key,
        seq=subject.chain_length,
        within_key=subject.within,
        verb=verb,
        by_id=by.pk if by else None,
        at=at,
        body=text,
        prev=prev,
        hash=subject.chain_head,
    )


def _signature(who: Actor | Capacity | None) -> dict[str, int | str] | None:
    """Names are kept as they were: posts and people change."""
    return {"id": who.pk, "name": who.name} if who else None
