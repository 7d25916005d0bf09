from typing import Any

from celery import shared_task
from django.utils.timezone import now

from notifications.hooks.dispatch import send_hooks
from workflow.outbox.heartbeat import ran


@shared_task
def send(**_: Any) -> None:
    """Tell other systems; a task of its own, so that mails wait for none of them."""
    at = now()
    with ran("hooks.send", now) as run:
        run.handled = send_hooks(at=at)
