"""remind, and the city's own days, for every state and person."""

from datetime import date, datetime

import pytest

from tests.factories import NOON, post, request_to, section, user
from tests.workflow.deadline.factories import DUE, at_nine, deadline, row, state_of
from workflow.deadline import commands
from workflow.deadline.calendar import TOKYO
from workflow.deadline.queries import calendar
from workflow.deadline.states import DeadlineState as S
from workflow.errors import Invalid, NotAllowed, Unmet
from workflow.models import AuditEntry, ClosedDay, Deadline, OutboxEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

PEOPLE = ["kanri", "joho-kacho", "shicho", "iin-1", "kansa"]
FIRST, LAST, LATE = (at_nine(date(2026, 12, day)) for day in (1, 3, 7))
NEXT_MONTH = date(2026, 12, 18)


@pytest.fixture
def subject():
    return request_to("joho-kacho")


@pytest.fixture
def made(subject):
    return deadline(subject)


def remind(made, at, by=None):
    return commands.remind(deadline_id=made.pk, by=by, at=at)


def told():
    return AuditEntry.objects.count(), OutboxEvent.objects.count()


class TestRemind:
    def test_three_days_one_day_and_late(self, made):
        for at, left, verb, state, following in [
            (FIRST, 3, "deadline.reminded", S.OPEN, LAST),
            (LAST, 1, "deadline.reminded", S.OPEN, LATE),
            (LATE, -1, "deadline.passed", S.PASSED, None),
        ]:
            remind(made, at)
            event = OutboxEvent.objects.latest("pk")
            assert (event.kind, event.entry.verb, event.facts["days_left"]) == (verb, verb, left)
            assert event.facts["due_on"] == "2026-12-04"
            assert (event.groups, event.link) == ([section("joho").group.pk], "/answers/1/")
            found = Deadline.objects.get()
            assert (found.state, found.next_at) == (state, following)
        assert state_of(event.entry) == (S.OPEN, S.PASSED)

    @pytest.mark.parametrize("at", [NOON, datetime(2026, 12, 1, 8, 59, tzinfo=TOKYO)])
    def test_not_before_its_time(self, made, at):
        before = told()
        with pytest.raises(Unmet):
            remind(made, at)
        assert told() == before

    def test_not_twice(self, made):
        remind(made, FIRST)
        before = told()
        with pytest.raises(Unmet):
            remind(made, FIRST)
        assert told() == before

    def test_not_on_a_closed_day(self, made):
        before = told()
        saturday = datetime(2026, 12, 5, 12, tzinfo=TOKYO)
        with pytest.raises(Unmet):
            remind(made, saturday)
        assert told() == before

    def test_after_days_of_standing_still_once_with_what_is_true_now(self, made):
        remind(made, datetime(2026, 12, 9, 15, tzinfo=TOKYO))
        assert OutboxEvent.objects.latest("pk").facts["days_left"] == -3
        assert Deadline.objects.get().state == S.PASSED

    def test_on_the_day_itself(self, made):
        remind(made, datetime(2026, 12, 4, 10, tzinfo=TOKYO))
        assert OutboxEvent.objects.latest("pk").facts["days_left"] == 0
        assert Deadline.objects.get().next_at == LATE

    @pytest.mark.parametrize("state", [S.PASSED, S.MET, S.LIFTED])
    def test_what_needs_no_reminder(self, subject, state):
        found = row(subject, state)
        before = told()
        with pytest.raises(Unmet):
            remind(found, LATE)
        assert told() == before

    @pytest.mark.parametrize("by", PEOPLE)
    def test_by_the_clock_alone(self, made, by):
        before = told()
        with pytest.raises(NotAllowed):
            remind(made, FIRST, by=user(by))
        assert told() == before

    def test_of_nothing(self):
        with pytest.raises(Unmet):
            commands.remind(deadline_id=0, at=NOON)


def add(by=None, **typed):
    typed = {"day": NEXT_MONTH, "name": "開庁記念日"} | typed
    return commands.add_closed_day(by=by, at=NOON, **typed)


def remove(day=NEXT_MONTH, by=None):
    return commands.remove_closed_day(day=day, by=by, at=NOON)


class TestClosedDays:
    @pytest.mark.parametrize("by", [None, "kanri"])
    def test_added_and_removed_and_added_again(self, by):
        by = user(by) if by else None
        for act, closed in [(add, True), (remove, False), (add, True)]:
            act(by=by)
            assert calendar().is_closed(NEXT_MONTH) is closed
        entries = AuditEntry.objects.filter(subject=ClosedDay.objects.get().key)
        assert list(entries.order_by("seq").values_list("verb", flat=True)) == [
            "deadline.closed_day_added",
            "deadline.closed_day_removed",
            "deadline.closed_day_added",
        ]

    def test_a_closed_day_may_be_opened(self):
        add(day=date(2026, 12, 19), is_open=True)
        assert not calendar().is_closed(date(2026, 12, 19))

    @pytest.mark.parametrize("by", PEOPLE[1:])
    @pytest.mark.usefixtures("untouched")
    def test_others_are_refused(self, by):
        for act in (add, remove):
            with pytest.raises(NotAllowed):
                act(by=user(by))
        assert not ClosedDay.objects.exists()

    @pytest.mark.parametrize(
        "typed, field",
        [
            ({"name": ""}, "name"),
            ({"name": " 　"}, "name"),
            ({"name": "長" * 61}, "name"),
            ({"day": date(2026, 12, 19)}, "day"),
            ({"day": date(2027, 1, 1)}, "day"),
            ({"is_open": True}, "day"),
        ],
    )
    @pytest.mark.usefixtures("untouched")
    def test_bad_input(self, typed, field):
        with pytest.raises(Invalid) as refused:
            add(**typed)
        assert refused.value.field == field
        assert str(refused.value).endswith("。")

    def test_twice_is_refused(self):
        add()
        entries = AuditEntry.objects.count()
        with pytest.raises(Invalid):
            add()
        assert AuditEntry.objects.count() == entries

    @pytest.mark.usefixtures("untouched")
    def test_what_is_not_there_is_not_removed(self):
        with pytest.raises(Invalid):
            remove()

    def test_reminders_to_come_are_timed_anew(self, made):
        add(day=date(2026, 12, 3))
        assert Deadline.objects.get().next_at == at_nine(date(2026, 11, 30))
        remove(day=date(2026, 12, 3))
        assert Deadline.objects.get().next_at == FIRST

    def test_a_reminder_that_moves_into_the_past_is_due_at_once(self, subject):
        found = deadline(subject, DUE)
        remind(found, LAST)
        saturday = datetime(2026, 12, 5, 12, tzinfo=TOKYO)
        commands.add_closed_day(
            day=saturday.date(), name="臨時開庁", is_open=True, by=None, at=saturday
        )
        assert Deadline.objects.get().next_at == saturday
        remind(found, saturday)
        assert Deadline.objects.get().state == S.PASSED

    @pytest.mark.parametrize("state", [S.PASSED, S.MET, S.LIFTED])
    def test_what_is_over_stays_as_it_is(self, subject, state):
        row(subject, state)
        add()
        assert Deadline.objects.get().next_at is None


def test_who_is_told_is_the_group_not_the_person(subject):
    found = deadline(subject, group=post("joho-kacho").group)
    remind(found, FIRST)
    assert OutboxEvent.objects.latest("pk").users == []
