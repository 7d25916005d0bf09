from typing import Any

from celery import shared_task
from django.utils.timezone import now

from notifications.digests import gather
from notifications.dispatch import fan_out, send_mails
from workflow.outbox.heartbeat import Run, ran


@shared_task
def drain(**_: Any) -> None:
    """Tell people of what has happened, until nothing waits. Safe on many workers at once.

    Between two batches of mails whatever happened meanwhile goes on screen.
    """
    with ran("notifications.drain", now) as run:
        _show(run)
        while gather(at=now()):
            pass
        while send_mails(at=now()):
            _show(run)


def _show(run: Run) -> None:
    run.handled += fan_out(at=now())
