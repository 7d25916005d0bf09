"""Two workers at once tell once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction

from notifications import dispatch
from notifications.dispatch import fan_out, send_mails
from notifications.models import Delivery
from tests.factories import NOON, request_to, section
from tests.notifications.factories import event
from tests.workflow.deadline.factories import DUE_LONG_AGO, LONG_BEFORE, deadline
from workflow.deadline import parts, tasks
from workflow.deadline.states import DeadlineState as S
from workflow.models import Deadline, OutboxEvent

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("city"),
]

WORKERS, EVENTS = 4, 30


def drain():
    """As the task does, with small batches so that workers meet."""
    fan_out(at=NOON)
    for turn in range(40):
        send_mails(at=NOON + timedelta(milliseconds=turn), limit=3)


def test_two_drains_tell_once(together, monkeypatch):
    monkeypatch.setattr(dispatch, "EVENTS", 3)
    for _ in range(EVENTS):
        event(to=[section("joho").group])
    assert together(*[drain] * WORKERS) == [None] * WORKERS
    assert Delivery.objects.filter(channel="app", state="sent").count() == EVENTS * 2
    assert Delivery.objects.filter(channel="email", state="sent").count() == EVENTS * 2
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert len(ids) == len(set(ids)) == EVENTS * 2


def test_two_sweeps_remind_once(together, monkeypatch):
    monkeypatch.setattr(tasks, "now", lambda: datetime(2026, 11, 18, 3, tzinfo=UTC))
    subject = request_to("joho-kacho")
    for n in range(20):
        deadline(subject, DUE_LONG_AGO, at=LONG_BEFORE, kind=f"answer-{n}")
    assert together(*[tasks.sweep] * WORKERS) == [None] * WORKERS
    assert Deadline.objects.filter(state=S.PASSED).count() == 20
    assert OutboxEvent.objects.filter(kind="deadline.passed").count() == 20


def test_a_sweep_that_meets_the_end_of_what_it_tells_waits_for_nobody(together, monkeypatch):
    """Two beats by mistake while the answers come in: each is told once at most, or ended."""
    monkeypatch.setattr(tasks, "now", lambda: datetime(2026, 11, 18, 3, tzinfo=UTC))
    monkeypatch.setattr(tasks, "BATCH", 3)
    subject = request_to("joho-kacho")
    made = [deadline(subject, DUE_LONG_AGO, at=LONG_BEFORE, kind=f"answer-{n}") for n in range(20)]

    def answer():
        for one in made[::2]:
            with transaction.atomic():
                parts.meet(subject, one.kind, by=None, at=NOON)

    assert together(*[tasks.sweep] * WORKERS, answer) == [None] * (WORKERS + 1)
    events = OutboxEvent.objects.filter(kind__startswith="deadline.")
    told = list(events.values_list("entry__subject", flat=True))
    assert len(told) == len(set(told))
    assert {one.key for one in made[1::2]} <= set(told)
    assert not Deadline.objects.filter(next_at__lte=datetime(2026, 11, 18, 3, tzinfo=UTC)).exists()
