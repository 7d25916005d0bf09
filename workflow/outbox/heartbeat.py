"""脈: that a task of beat ran, and how it went, for whoever watches over the installation."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from workflow.outbox.models import TaskRun


@dataclass
class Run:
    """handled: counted up by the task."""

    handled: int = 0


@contextmanager
def ran(name: str, clock: Callable[[], datetime]) -> Iterator[Run]:
    """Keep when the task began and ended, what it handled, and what stopped it; one row a task.

    name   of the task
    clock  read at the beginning and at the end
    """
    begun = {"started_at": clock(), "finished_at": None, "handled": 0, "error": ""}
    row = TaskRun.objects.filter(name=name)
    if not row.update(**begun):
        TaskRun.objects.bulk_create([TaskRun(name=name, **begun)], ignore_conflicts=True)
    run, error = Run(), ""
    try:
        yield run
    except BaseException as failed:
        error = type(failed).__name__
        raise
    finally:
        row.update(finished_at=clock(), handled=run.handled, error=error)
