from datetime import UTC, date, datetime, timedelta

import pytest

from tests.counting import at_most
from tests.factories import request_to
from tests.workflow.deadline import oracle
from tests.workflow.deadline.factories import DUE_LONG_AGO, LONG_BEFORE, deadline
from workflow.deadline import commands, tasks
from workflow.deadline.calendar import TOKYO
from workflow.deadline.queries import as_json, stuck
from workflow.deadline.schedule import STANDARD
from workflow.deadline.states import DeadlineState as S
from workflow.models import Deadline, OutboxEvent, TaskRun
from workflow.outbox.backoff import pause

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

TUESDAY = datetime(2026, 11, 17, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    def stands(at):
        monkeypatch.setattr(tasks, "now", lambda: at)

    stands(TUESDAY)
    return stands


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


class TestPoison:
    @pytest.fixture
    def poison(self, late, monkeypatch):
        pk, real = late[1].pk, commands.tell

        def tell(deadline, *args, **kwargs):
            if deadline.pk == pk:
                raise ZeroDivisionError
            return real(deadline, *args, **kwargs)

        monkeypatch.setattr(commands, "tell", tell)
        return pk

    def test_it_is_logged_and_stops_nobody(self, poison, caplog):
        tasks.sweep()
        assert (passed(), reminders()) == (4, 4)
        assert [r.message for r in caplog.records if r.levelname == "ERROR"] == [
            f"deadline.remind_failed: {poison}"
        ]

    def test_it_waits_and_is_seen(self, poison):
        tasks.sweep()
        found = stuck().get()
        assert (found.pk, found.attempts, found.error) == (poison, 1, "ZeroDivisionError")
        assert found.next_at == TUESDAY + pause(1, seed=poison)
        assert found.reminded_until == LONG_BEFORE

    def test_once_it_is_mended_it_is_told(self, poison, monkeypatch, clock):
        tasks.sweep()
        monkeypatch.undo()
        clock(stuck().get().next_at)
        tasks.sweep()
        assert (passed(), stuck().count()) == (5, 0)


@pytest.mark.usefixtures("late")
def test_costs_by_what_is_due():
    tasks.sweep()
    with at_most(3):
        tasks.sweep()


class TestPulse:
    @pytest.mark.usefixtures("late")
    def test_what_was_handled_is_kept(self):
        tasks.sweep()
        run = TaskRun.objects.get(name="deadline.sweep")
        assert (run.started_at, run.finished_at, run.handled) == (TUESDAY, TUESDAY, 5)
        tasks.sweep()
        assert TaskRun.objects.get().handled == 0

    def test_what_stopped_it_is_kept(self, monkeypatch):
        monkeypatch.setattr(tasks, "to_remind", lambda at: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tasks.sweep()
        run = TaskRun.objects.get()
        assert (run.error, run.finished_at) == ("ZeroDivisionError", TUESDAY)


def test_a_quarter_day_by_day_as_the_oracle_sees_it(clock):
    """Through the command and the database, around 年末年始."""
    subject = request_to("joho-kacho")
    begun = datetime(2026, 11, 24, 18, tzinfo=TOKYO)
    dues = [date(2026, 12, 4), date(2026, 12, 19), date(2026, 12, 30), date(2027, 1, 4)]
    made = {
        deadline(subject, due_on, at=begun, kind=f"answer-{due_on}").key: due_on for due_on in dues
    }
    for day in range(1, 90):
        for hour in (9, 10, 23):
            clock(begun.replace(hour=hour) + timedelta(days=day))
            tasks.sweep()
    told = sorted(
        (event.entry.subject, event.entry.at)
        for event in OutboxEvent.objects.filter(kind__startswith="deadline.")
    )
    expected = sorted(
        (key, at)
        for key, due_on in made.items()
        for at, _tier in oracle.year_of(
            as_json(STANDARD), due_on, date(2026, 11, 25), oracle.Days(), 9, True
        )
        if at <= begun + timedelta(days=89)
    )
    assert told == expected
    assert len(told) > 30


def test_after_a_week_of_standing_still_everybody_hears_once(late, clock):
    clock(datetime(2026, 11, 27, 15, tzinfo=TOKYO))
    tasks.sweep()
    events = OutboxEvent.objects.filter(kind__startswith="deadline.")
    assert events.count() == len(late)
    assert {event.facts["days_left"] for event in events} == {-8}
