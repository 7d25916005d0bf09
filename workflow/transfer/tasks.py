import logging
from datetime import datetime
from typing import Any

from celery import shared_task
from django.utils.timezone import now
from django_fsm import TransitionNotAllowed

from workflow.deadline.calendar import in_tokyo
from workflow.errors import Refused, Unmet
from workflow.outbox.heartbeat import ran
from workflow.transfer.commands import apply, report_failure
from workflow.transfer.queries import due

log = logging.getLogger(__name__)


@shared_task
def apply_due(**_: Any) -> None:
    """Carry out the transfers whose day has come; beat runs it just after midnight.

    1. One command a transfer, in a transaction of its own: one that fails stops no other.
    2. The command locks it, so two workers and two runs carry it out once.
    3. One that does not fit stays scheduled, and who administers is told once a day.
    """
    at = now()
    with ran("transfer.apply_due", now) as run:
        for pk in list(due(in_tokyo(at)).values_list("pk", flat=True)):
            _apply(pk, at)
            run.handled += 1


def _apply(pk: int, at: datetime) -> None:
    try:
        apply(transfer_id=pk, at=at)
    except Unmet:
        _report(pk, at)
    except TransitionNotAllowed:
        log.debug("transfer.not_due: %d", pk)
    except Exception:
        log.exception("transfer.apply_failed: %d", pk)


def _report(pk: int, at: datetime) -> None:
    try:
        report_failure(transfer_id=pk, at=at)
    except (Refused, TransitionNotAllowed):
        log.debug("transfer.nothing_to_report: %d", pk)
