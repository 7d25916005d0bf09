from datetime import UTC, datetime

import pytest

from tests.counting import at_most
from tests.factories import request_to
from tests.workflow.deadline.factories import DUE_LONG_AGO, LONG_BEFORE, deadline
from workflow.deadline import tasks
from workflow.deadline.states import DeadlineState as S
from workflow.models import Deadline, OutboxEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

WEDNESDAY = datetime(2026, 11, 18, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(tasks, "now", lambda: WEDNESDAY)


@pytest.fixture
def late():
    subject = request_to("joho-kacho")
    return [deadline(subject, DUE_LONG_AGO, at=LONG_BEFORE, kind=f"answer-{n}") for n in range(5)]


def passed():
    return Deadline.objects.filter(state=S.PASSED).count()


def reminders():
    return OutboxEvent.objects.filter(kind="deadline.passed").count()


@pytest.mark.usefixtures("late")
def test_reminds_all_that_is_due_once():
    tasks.sweep(sent_by_a_newer_release="unknown")
    tasks.sweep()
    assert (passed(), reminders()) == (5, 5)


@pytest.mark.usefixtures("late")
def test_goes_on_in_batches(monkeypatch):
    monkeypatch.setattr(tasks, "BATCH", 2)
    tasks.sweep()
    assert passed() == 5


def test_a_row_that_fails_is_logged_and_stops_nobody(late, monkeypatch, caplog):
    poison = late[1].pk
    real = tasks.remind

    def remind(*, deadline_id, at):
        if deadline_id == poison:
            raise ZeroDivisionError
        return real(deadline_id=deadline_id, at=at)

    monkeypatch.setattr(tasks, "BATCH", 2)
    monkeypatch.setattr(tasks, "remind", remind)
    tasks.sweep()
    assert passed() == 4
    assert [r.message for r in caplog.records if r.levelname == "ERROR"] == [
        f"deadline.remind_failed: {poison}"
    ]


@pytest.mark.usefixtures("late")
def test_costs_by_what_is_due():
    tasks.sweep()
    with at_most(1):
        tasks.sweep()
