import logging
from typing import Any

from celery import shared_task
from django.utils.timezone import now

from revisions.public_comment import commands, queries
from workflow.deadline.calendar import in_tokyo
from workflow.outbox.heartbeat import ran

log = logging.getLogger(__name__)


@shared_task
def turn(**_: Any) -> None:
    """Bring the states of public comments up to the calendar; beat runs it every five minutes."""
    at = now()
    with ran("public_comment.turn", now) as run:
        for comment_id in queries.due(in_tokyo(at)).values_list("pk", flat=True):
            try:
                commands.turn(comment_id=comment_id, by=None, at=at)
                run.handled += 1
            except Exception:  # one that fails holds up nobody else's first day
                log.exception("public_comment.turn_failed: %d", comment_id)
