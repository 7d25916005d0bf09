from typing import Any

from celery import shared_task
from django.utils.timezone import now

from revisions.inquiry.commands_drafts import forget_presence
from workflow.outbox.heartbeat import ran


@shared_task
def forget(**_: Any) -> None:
    """Forget who had which sheet open; beat runs it every five minutes."""
    with ran("inquiry.forget_presence", now) as run:
        run.handled = forget_presence(by=None, at=now())
