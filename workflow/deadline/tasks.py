import logging
from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils.timezone import now

from workflow.deadline.commands import put_off, remind
from workflow.deadline.queries import to_remind
from workflow.ledger.command import BATCH
from workflow.outbox.heartbeat import ran

log = logging.getLogger(__name__)


@shared_task
def sweep(**_: Any) -> None:
    """Tell whoever is to be told by now.

    1. Read the ids that are due, the longest due first.
    2. One command for every 500, which skips rows that somebody has locked and asks again whether
       each is due: two workers and two sweeps tell once.
    3. Where a command fails, one for each of its rows. A row that fails alone is logged and waits;
       it stops nobody.
    """
    at = now()
    with ran("deadline.sweep", now) as run:
        due = list(to_remind(at).order_by("next_at").values_list("pk", flat=True))
        for start in range(0, len(due), BATCH):
            run.handled += _remind(due[start : start + BATCH], at)


def _remind(ids: list[int], at: datetime) -> int:
    try:
        return remind(deadline_ids=ids, at=at)
    except Exception as error:
        if len(ids) == 1:
            log.exception("deadline.remind_failed: %d", ids[0])
            put_off(deadline_id=ids[0], error=type(error).__name__, at=at)
            return 0
    return sum(_remind([pk], at) for pk in ids)
