import json
from collections.abc import Iterable
from typing import Any

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
