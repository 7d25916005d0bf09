from typing import Any

from celery import shared_task
from django.utils.timezone import now

from workflow.outbox.heartbeat import ran
from workflow.people.commands import follow_appointments


@shared_task
def refresh(**_: Any) -> None:
    """Let the groups follow the new day's appointments; beat runs it just after midnight."""
    with ran("people.refresh", now):
        follow_appointments(by=None, at=now())
