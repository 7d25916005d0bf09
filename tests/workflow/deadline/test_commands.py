"""remind, for every state and person."""

import json
from datetime import date, datetime, timedelta

import pytest

from tests.counting import at_most
from tests.factories import NOON, post, request_to, user
from tests.workflow.deadline.factories import deadline, morning, row
from workflow.deadline import commands, queries
from workflow.deadline.calendar import TOKYO
from workflow.deadline.states import DeadlineState as S
from workflow.errors import NotAllowed
from workflow.models import AuditEntry, Deadline, OutboxEvent
from workflow.outbox.backoff import pause

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

PEOPLE = ["kanri", "joho-kacho", "shicho", "iin-1", "kansa"]
FIRST, LAST, LATE = (morning(date(2026, 12, day)) for day in (1, 3, 7))


@pytest.fixture
def subject():
    return request_to("joho-kacho")


@pytest.fixture
def made(subject):
    return deadline(subject)


def remind(made, at, by=None):
    return commands.remind(deadline_ids=[made.pk], by=by, at=at)


def told():
    return AuditEntry.objects.count(), OutboxEvent.objects.count()


class TestRemind:
    def test_before_after_and_up_the_ladder(self, made):
        """広報広聴課 is asked for the secretariat of 情報システム課."""
        for day, left, verb, to in [
            ((2026, 12, 1), 3, "reminded", "情報システム課"),
            ((2026, 12, 3), 1, "reminded", "情報システム課"),
            ((2026, 12, 7), -1, "passed", "情報システム課"),
            ((2026, 12, 9), -3, "escalated", "情報システム課長"),
            ((2026, 12, 11), -5, "escalated", "文書法制課"),
        ]:
            at = morning(date(*day))
            assert Deadline.objects.get().next_at == at
            assert remind(made, at) == 1
            event = OutboxEvent.objects.latest("pk")
            body = json.loads(event.entry.body)
            assert (event.kind, event.facts["days_left"]) == (f"deadline.{verb}", left)
            assert (body["facts"]["to"], body["facts"]["moment"]) == (to, at.isoformat())
            assert event.facts["due_on"] == "2026-12-04"
        assert Deadline.objects.get().state == S.PASSED

    @pytest.mark.parametrize("at", [NOON, FIRST - timedelta(minutes=1)])
    def test_not_before_its_time(self, made, at):
        before = told()
        assert remind(made, at) == 0
        assert told() == before

    def test_not_twice(self, made):
        remind(made, FIRST)
        before = told()
        assert remind(made, FIRST) == 0
        assert told() == before

    def test_not_twice_when_the_clock_goes_back_an_hour(self, made):
        remind(made, FIRST + timedelta(minutes=30))
        before = told()
        for minutes in range(-30, 90, 10):
            remind(made, FIRST + timedelta(minutes=minutes))
        assert told() == before

    @pytest.mark.parametrize(
        "at, opens",
        [
            (datetime(2026, 12, 5, 12, tzinfo=TOKYO), datetime(2026, 12, 7, 8, 30, tzinfo=TOKYO)),
            (datetime(2026, 12, 1, 20, tzinfo=TOKYO), datetime(2026, 12, 2, 8, 30, tzinfo=TOKYO)),
            (datetime(2026, 12, 2, 6, tzinfo=TOKYO), datetime(2026, 12, 2, 8, 30, tzinfo=TOKYO)),
        ],
    )
    def test_outside_the_hours_of_the_office_it_waits(self, made, at, opens):
        before = told()
        assert remind(made, at) == 0
        assert told() == before
        assert Deadline.objects.get().next_at == opens
        assert remind(made, opens) == 1

    def test_after_days_of_standing_still_once_to_the_highest_with_what_is_true_now(self, made):
        assert remind(made, datetime(2026, 12, 9, 15, tzinfo=TOKYO)) == 1
        event = OutboxEvent.objects.get(kind="deadline.escalated")
        assert event.facts["days_left"] == -3
        found = Deadline.objects.get()
        assert (found.state, found.next_at) == (S.PASSED, morning(date(2026, 12, 11)))

    def test_on_the_day_itself(self, made):
        remind(made, datetime(2026, 12, 4, 10, tzinfo=TOKYO))
        assert OutboxEvent.objects.latest("pk").facts["days_left"] == 0
        assert Deadline.objects.get().next_at == LATE

    @pytest.mark.parametrize("state", [S.MET, S.LIFTED])
    def test_what_needs_no_reminder(self, subject, state):
        found = row(subject, state)
        before = told()
        assert remind(found, LATE) == 0
        assert told() == before

    @pytest.mark.parametrize("by", PEOPLE)
    def test_by_the_clock_alone(self, made, by):
        before = told()
        with pytest.raises(NotAllowed):
            remind(made, FIRST, by=user(by))
        assert told() == before

    def test_statements_do_not_grow_with_the_deadlines(self, subject):
        many = [deadline(subject, kind=f"answer-{n}").pk for n in range(30)]
        with at_most(12):
            assert commands.remind(deadline_ids=many, at=FIRST) == 30


class TestPutOff:
    def test_longer_from_time_to_time(self, made):
        for attempts in (1, 2, 3):
            at = Deadline.objects.get().next_at
            commands.put_off(deadline_id=made.pk, error="ValueError", at=at)
            found = queries.stuck().get()
            assert (found.attempts, found.error) == (attempts, "ValueError")
            assert found.next_at == at + pause(attempts, seed=made.pk)
        assert remind(made, found.next_at) == 1
        assert not queries.stuck().exists()

    @pytest.mark.parametrize("by", PEOPLE)
    def test_by_the_clock_alone(self, made, by):
        with pytest.raises(NotAllowed):
            commands.put_off(deadline_id=made.pk, error="", by=user(by), at=FIRST)
        assert not queries.stuck().exists()


def test_who_is_told_is_the_group_not_the_person(subject):
    found = deadline(subject, group=post("joho-kacho").group)
    remind(found, FIRST)
    assert OutboxEvent.objects.latest("pk").users == []
