"""証跡を書く: the only place where a moved row is saved, together with the entry that says so."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db import models

from workflow.audit.chain import link
from workflow.audit.models import Audited, AuditEntry
from workflow.errors import Stale
from workflow.ledger.command import BATCH, add, move, number, require_transaction


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
    """Write `subject` and `moved`, and chain the entry to the subject's last.

    subject  locked by the caller, or new
    moved    rows that exist already
    by       None when the clock acts (期日の到来)
    facts    str, int, bool, None, and lists and dicts of them
    raises   RuntimeError outside a transaction
    """
    require_transaction("record")
    if subject.pk is None:
        subject.save()
    entry = _chained(
        subject, verb, by, at, post=post, before=before, after=after, reason=reason, facts=facts
    )
    for row in (subject, *moved):
        move(row)
    add(entry)
    return entry


def record_all(
    verb: str,
    rows: Sequence[tuple[Audited, dict[str, Any]]],
    *,
    by: Actor | None,
    at: datetime,
    post: Capacity | None = None,
    before: str = "",
    after: str = "",
    reason: str = "",
) -> list[AuditEntry]:
    """Save many new rows of one table, each with the first entry of its chain and its own facts.

    A constant number of statements per 500 rows.
    """
    require_transaction("record_all")
    if not rows:
        return []
    entries = []
    words: dict[str, Any] = {"post": post, "before": before, "after": after, "reason": reason}
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        number([subject for subject, _ in some])
        for subject, facts in some:
            entries.append(_chained(subject, verb, by, at, facts=facts, **words))
            add(subject)
            add(entries[-1])
    return entries


def _chained(
    subject: Audited,
    verb: str,
    by: Actor | None,
    at: datetime,
    *,
    post: Capacity | None,
    **words: Any,
) -> AuditEntry:
    """Move the head of the subject's chain on and return the entry, both yet to be saved."""
    body = {
        "subject": subject.key,
        "within": subject.within,
        "verb": verb,
        "by": _name(by),
        "post": _name(post),
        "at": at.isoformat(),
        **words,
    }
    prev = subject.chain_head
    subject.chain_length += 1
    text, subject.chain_head = link(body, prev=prev, seq=subject.chain_length)
    return AuditEntry(
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


def check_seen(subject: Audited, seen: int | None) -> None:
    """Refuse an act on a page older than the row.

    seen    `chain_length` that the page was made from; None when no page was
    raises  Stale
    """
    if seen is not None and seen != subject.chain_length:
        raise Stale(subject.key, seen)


def _name(who: Actor | Capacity | None) -> dict[str, int | str] | None:
    """Names are kept as they were: posts and people change."""
    return {"id": who.pk, "name": who.name} if who else None
