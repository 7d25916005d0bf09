from typing import Any

from django.db import transaction

from tests.factories import NOON, user
from workflow.audit.trail import record
from workflow.models import OutboxEvent
from workflow.outbox.queue import emit


def event(kind: str = "stage.opened", *, by: str | None = None, **asked: Any) -> OutboxEvent:
    """An event about a person's row, told as `asked`: to, users, link and facts."""
    with transaction.atomic():
        actor = user(by) if by else None
        entry = record(kind, user("kanri"), by=actor, at=NOON)
        return emit(entry, **{"link": "/revisions/1/", "title": "情報化推進計画"} | asked)
