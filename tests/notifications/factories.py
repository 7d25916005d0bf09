from typing import Any

from django.db import transaction

from notifications.models import Preference
from notifications.states import Topic, Way
from tests.factories import NOON, user
from workflow.audit.trail import record
from workflow.models import OutboxEvent
from workflow.outbox.queue import emit


def event(kind: str = "stage.sent_back", *, by: str | None = None, **asked: Any) -> OutboxEvent:
    """An urgent event about a person's row, told as `asked`: to, users, link and facts."""
    with transaction.atomic():
        actor = user(by) if by else None
        entry = record(kind, user("kanri"), by=actor, at=NOON)
        return emit(entry, **{"link": "/revisions/1/", "title": "情報化推進計画"} | asked)


def broken(*to: Any) -> OutboxEvent:
    """An event that cannot be told until it is mended."""
    made = event(to=to)
    OutboxEvent.objects.filter(pk=made.pk).update(facts=["broken"])
    return made


def mend(made: OutboxEvent) -> None:
    OutboxEvent.objects.filter(pk=made.pk).update(facts=made.facts)


def wish(username: str, way: Way, hour: int = 9) -> Preference:
    """One way for every topic."""
    ways = dict.fromkeys(Topic.values, way)
    return Preference.objects.create(user=user(username), ways=ways, digest_hour=hour)
