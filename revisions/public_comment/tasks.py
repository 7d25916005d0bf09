from typing import Any

from celery import shared_task
from django.utils.timezone import localdate, now

from revisions.public_comment import commands, queries


@shared_task
def turn(**_: Any) -> None:
    """Bring the states of public comments up to the calendar; beat runs it every five minutes."""
    at = now()
    for comment_id in queries.due(localdate(at)).values_list("pk", flat=True):
        commands.turn(comment_id=comment_id, by=None, at=at)
