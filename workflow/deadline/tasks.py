import logging
from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils.timezone import now

from workflow.deadline.commands import remind
from workflow.deadline.queries import to_remind
from workflow.errors import Refused

BATCH = 500

log = logging.getLogger(__name__)


@shared_task
def sweep(**_: Any) -> None:
    """Remind whoever is to be reminded by now.

    1. Read the ids that are due, 500 at a time, each once: a row that fails stops nobody.
    2. One command a row, in a transaction of its own, which skips a row that somebody has locked.
    3. The command asks again whether the row is due, so two workers and two sweeps remind once.
    """
    at, last = now(), 0
    while ids := _due_after(last, at):
        for pk in ids:
            _remind(pk, at)
        last = ids[-1]


def _due_after(last: int, at: datetime) -> list[int]:
    due = to_remind(at).filter(pk__gt=last).order_by("pk")
    return list(due.values_list("pk", flat=True)[:BATCH])


def _remind(pk: int, at: datetime) -> None:
    try:
        remind(deadline_id=pk, at=at)
    except Refused:
        log.debug("deadline.not_due: %d", pk)
    except Exception:
        log.exception("deadline.remind_failed: %d", pk)
