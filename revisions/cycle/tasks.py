import logging
from typing import Any

from celery import shared_task
from django.utils.timezone import now

from revisions.cycle.commands_schedule import reckon_ahead
from revisions.plan.models import Revision
from revisions.plan.states import RUNNING
from workflow.outbox.heartbeat import ran

log = logging.getLogger(__name__)


@shared_task
def reckon(**_: Any) -> None:
    """Reckon anew what is to be made known ahead, of every revision; beat runs it in the night."""
    with ran("revision.reckon", now) as run:
        for pk in Revision.objects.filter(state__in=RUNNING).values_list("pk", flat=True):
            try:
                reckon_ahead(revision_id=pk, by=None, at=now())
                run.handled += 1
            except Exception:  # one that fails leaves the others theirs
                log.exception("revision.reckon_failed: %d", pk)
