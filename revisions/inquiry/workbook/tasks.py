from typing import Any

from celery import shared_task
from django.utils.timezone import now

from revisions.inquiry.workbook.commands import forget_workbooks
from workflow.outbox.heartbeat import ran


@shared_task
def forget_uploads(**_: Any) -> None:
    """Throw away the workbooks that nobody accepted in time; beat runs it every night."""
    with ran("inquiry.forget_uploads", now) as run:
        run.handled = forget_workbooks(at=now())
