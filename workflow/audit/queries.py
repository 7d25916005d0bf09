import json
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from workflow.audit.models import AuditEntry


def since(subject: str, seq: int) -> list[dict[str, Any]]:
    """Return what happened to a subject after its entry `seq`, oldest first, as told()."""
    return told(AuditEntry.objects.filter(subject=subject, seq__gt=seq).order_by("seq"))


def told(entries: Iterable[AuditEntry]) -> list[dict[str, Any]]:
    """Return each entry's body, with the entry itself under `entry`: names are those of then."""
    return [{**json.loads(entry.body), "entry": entry, "at": entry.at} for entry in entries]


def history_of(subject: str, limit: int = 100) -> list[dict[str, Any]]:
    """Return the subject's latest entries, newest first, as told()."""
    return told(AuditEntry.objects.filter(subject=subject).order_by("-seq")[:limit])


Page = tuple[list[dict[str, Any]], int | None, int | None]


def page_of(
    entries: QuerySet[AuditEntry], *, before: int | None, after: int | None, size: int = 50
) -> Page:
    """Return at most `size` entries, newest first, as told(), and the cursors on both sides.

    before, after  id of the first or last entry of the page that one comes from
    """
    if before is not None:
        rows = list(entries.filter(pk__gt=before).order_by("pk")[: size + 1])
        newer, older = len(rows) > size, True
        rows = rows[:size][::-1]
    else:
        asked = entries.filter(pk__lt=after) if after is not None else entries
        rows = list(asked.order_by("-pk")[: size + 1])
        newer, older = after is not None, len(rows) > size
        rows = rows[:size]
    if not rows:
        return [], None, None
    return told(rows), rows[0].pk if newer else None, rows[-1].pk if older else None
