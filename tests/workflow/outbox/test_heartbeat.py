from datetime import timedelta

import pytest

from tests.factories import NOON
from workflow.outbox.heartbeat import ran
from workflow.outbox.models import TaskRun

pytestmark = pytest.mark.django_db


def ticking():
    """A clock that is read once a minute."""
    moments = (NOON + timedelta(minutes=n) for n in range(100))
    return lambda: next(moments)


def test_the_last_run_stands_for_the_task():
    clock = ticking()
    for turn in range(3):
        with ran("deadline.sweep", clock) as run:
            assert TaskRun.objects.get().finished_at is None
            run.handled = turn
    kept = TaskRun.objects.get()
    assert (kept.name, kept.handled, kept.error) == ("deadline.sweep", 2, "")
    assert kept.started_at == NOON + timedelta(minutes=4)
    assert kept.finished_at == NOON + timedelta(minutes=5)


def test_one_that_fails_is_noted_and_goes_on_failing():
    with pytest.raises(OSError, match="gone"), ran("deadline.sweep", ticking()):
        raise OSError("gone")
    kept = TaskRun.objects.get()
    assert (kept.error, kept.finished_at) == ("OSError", NOON + timedelta(minutes=1))
    with ran("deadline.sweep", ticking()):
        pass
    assert TaskRun.objects.get().error == ""
