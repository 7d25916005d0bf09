"""add_closed_days and remove_closed_day: who may, what they move, what is told."""

import json
from datetime import date, datetime, timedelta

import pytest

from notifications.catalog import notice_of
from tests.factories import NOON, request_to, user
from tests.workflow.deadline.factories import deadline, morning, row
from workflow.deadline import commands, commands_days, commands_rules, registry
from workflow.deadline.calendar import TOKYO, end_of_day
from workflow.deadline.effect import effect_of
from workflow.deadline.queries import calendar, running
from workflow.deadline.schedule import STANDARD, Step
from workflow.deadline.states import DeadlineState as S
from workflow.errors import Invalid, NotAllowed
from workflow.models import AuditEntry, ClosedDay, Deadline, OutboxEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

KEEPERS = ["kanri", "joho-kacho", "joho-tanto"]
OTHERS = ["koho-kacho", "somu-bucho", "shicho", "iin-1", "kansa"]
DUE = date(2026, 12, 4)  # a Friday
FIRST, LAST, LATE = (morning(date(2026, 12, day)) for day in (1, 3, 7))
NEXT_MONTH = date(2026, 12, 18)

registry.register(registry.Kind("test.own", "試験の期限", own_day=True))
registry.register(registry.Kind("test.onward", "試験の期限", own_day=True, onward=True))


@pytest.fixture
def subject():
    return request_to("joho-kacho")


@pytest.fixture
def made(subject):
    return deadline(subject, DUE)


def add(by=None, at=NOON, **typed):
    typed = {"first": NEXT_MONTH, "name": "開庁記念日"} | typed
    return commands_days.add_closed_days(by=by, at=at, **typed)


def remove(day=NEXT_MONTH, by=None, at=NOON, **typed):
    return commands_days.remove_closed_day(day=day, by=by, at=at, **typed)


def remind(made, at):
    return commands.remind(deadline_ids=[made.pk], at=at)


def effect(change, at=NOON):
    return effect_of(change, running(), at)


def last_entry(subject):
    entry = AuditEntry.objects.filter(subject=subject.key).latest("seq")
    return entry.verb, json.loads(entry.body)


@pytest.mark.parametrize("by", [None, *KEEPERS])
def test_added_and_removed_and_added_again(by):
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


def test_the_secretariat_acts_as_a_post():
    add(by=user("joho-tanto"))
    _verb, body = last_entry(ClosedDay.objects.get())
    assert body["post"]["name"]


@pytest.mark.parametrize("by", OTHERS)
@pytest.mark.usefixtures("untouched")
def test_others_are_refused(by):
    for act in (add, remove):
        with pytest.raises(NotAllowed):
            act(by=user(by))
    assert not ClosedDay.objects.exists()


def test_whoever_cannot_sign_in_any_more_is_refused():
    by = user("joho-tanto")
    by.is_active = False
    with pytest.raises(NotAllowed):
        add(by=by)


def test_a_closed_day_may_be_opened():
    add(first=date(2026, 12, 19), is_open=True)
    assert not calendar().is_closed(date(2026, 12, 19))


def test_a_span_changes_what_is_not_so_already():
    added = add(first=date(2026, 12, 17), last=date(2026, 12, 21))
    assert [row.day.day for row in added] == [17, 18, 21]
    assert calendar().working_day_after(date(2026, 12, 16), 1) == date(2026, 12, 22)


@pytest.mark.parametrize(
    "typed, field",
    [
        ({"name": ""}, "name"),
        ({"name": " 　"}, "name"),
        ({"name": "長" * 61}, "name"),
        ({"first": date(2026, 12, 19)}, "first"),
        ({"first": date(2026, 12, 29), "last": date(2027, 1, 3)}, "first"),
        ({"is_open": True}, "first"),
        ({"last": date(2026, 12, 17)}, "last"),
        ({"last": date(2027, 1, 18)}, "last"),
    ],
)
@pytest.mark.usefixtures("untouched")
def test_bad_input(typed, field):
    with pytest.raises(Invalid) as refused:
        add(**typed)
    assert refused.value.field == field
    assert str(refused.value).endswith("。")


def test_twice_is_refused():
    add()
    entries = AuditEntry.objects.count()
    with pytest.raises(Invalid):
        add()
    assert AuditEntry.objects.count() == entries


@pytest.mark.usefixtures("untouched")
def test_what_is_not_there_is_not_removed():
    with pytest.raises(Invalid):
        remove()


class TestReminders:
    def test_those_to_come_are_timed_anew(self, made):
        add(first=date(2026, 12, 3))
        assert Deadline.objects.get().next_at == morning(date(2026, 11, 30))
        remove(day=date(2026, 12, 3))
        assert Deadline.objects.get().next_at == FIRST

    def test_one_that_moves_into_the_past_is_due_at_once(self, subject):
        found = deadline(subject, DUE)
        remind(found, LAST)
        saturday = datetime(2026, 12, 5, 12, tzinfo=TOKYO)
        (shift,) = effect({saturday.date(): True}, at=saturday).shifts
        assert (shift.before, shift.after) == (LATE, saturday)
        add(first=saturday.date(), is_open=True, at=saturday)
        assert Deadline.objects.get().next_at == saturday
        remind(found, saturday)
        assert Deadline.objects.get().state == S.PASSED

    def test_what_was_told_is_not_told_again(self, subject):
        """A day late on Monday, which closes at noon: it is a day late on Tuesday once more."""
        found = deadline(subject, DUE)
        remind(found, LATE)
        noon = LATE + timedelta(hours=3)
        assert effect({LATE.date(): False}, at=noon).shifts[0].after == morning(date(2026, 12, 10))
        add(first=LATE.date(), at=noon)
        assert Deadline.objects.get().next_at == morning(date(2026, 12, 10))
        assert remind(found, LATE + timedelta(days=1)) == 0

    def test_what_moves_before_the_moment_it_was_set_is_due_at_once_and_once(self, subject):
        found = deadline(subject, DUE, at=morning(date(2026, 11, 30)) + timedelta(hours=3))
        assert found.next_at == FIRST
        at = FIRST - timedelta(hours=16)
        add(first=LAST.date(), at=at)
        assert Deadline.objects.get().next_at == at
        assert remind(found, at) == 1
        remove(day=LAST.date(), at=at)
        assert remind(found, FIRST) == 0

    @pytest.mark.parametrize("anew", [True, False])
    def test_also_where_a_rule_was_set_in_between(self, subject, anew):
        found, at = deadline(subject, DUE), morning(date(2026, 11, 30)) + timedelta(hours=3)
        if anew:
            steps = (*STANDARD[1:], Step("late", 9))
            commands_rules.set_rule(kind="answer", steps=steps, by=None, at=at)
        add(first=LAST.date(), at=at)
        assert remind(found, at) == 1

    def test_when_the_day_closes_on_its_eve_that_is_the_day_and_told_at_once(self, subject):
        steps = Step("before", 1), Step("on", to="chief"), Step("late", 1)
        commands_rules.set_rule(kind="answer", steps=steps, by=None, at=NOON)
        found, evening = deadline(subject, DUE), LAST + timedelta(hours=8)
        assert remind(found, LAST) == 1
        add(first=DUE, at=evening)
        assert Deadline.objects.get().next_at == evening
        assert remind(found, evening) == 1
        assert OutboxEvent.objects.latest("pk").kind == "deadline.escalated"
        remove(day=DUE, at=evening)
        assert Deadline.objects.get().next_at == LATE, "the day was told, whichever it is"

    def test_what_failed_rests_as_long_as_it_would(self, made):
        commands.put_off(deadline_id=made.pk, error="ValueError", at=FIRST)
        rests = Deadline.objects.get().next_at
        add(at=FIRST)
        assert Deadline.objects.get().next_at == rests

    @pytest.mark.parametrize("state", [S.MET, S.LIFTED])
    def test_what_is_over_stays_as_it_is(self, subject, state):
        row(subject, state)
        add()
        assert Deadline.objects.get().next_at is None

    @pytest.mark.parametrize(
        "change",
        [
            {DUE: False},
            {date(2026, 12, 3): False},
            {date(2026, 12, 2): False, date(2026, 12, 3): False, DUE: False},
            {date(2026, 12, 5): True},
            {NEXT_MONTH: False},
        ],
    )
    def test_they_move_as_was_shown(self, subject, change):
        for n, day in enumerate([DUE, date(2026, 12, 7), date(2026, 12, 11)]):
            deadline(subject, day, kind=f"answer-{n}")
        shown = {shift.deadline.pk: shift.after for shift in effect(change).shifts}
        before = dict(Deadline.objects.values_list("pk", "next_at"))
        days = sorted(change)
        add(first=days[0], last=days[-1], is_open=change[days[0]])
        assert dict(Deadline.objects.values_list("pk", "next_at")) == before | shown


class TestDueDays:
    """What falls due on a day that closes."""

    def test_they_are_named_and_stay(self, made):
        (fallen,) = effect({DUE: False}).fallen
        assert (fallen.due_on, fallen.moves_to) == (DUE, date(2026, 12, 3))
        assert not fallen.movable, "its day is kept by another table too"
        add(first=DUE, bring_forward=True)
        assert Deadline.objects.get().due_at == end_of_day(DUE)

    def test_those_with_a_day_of_their_own_may_be_brought_forward(self, subject):
        own = deadline(subject, DUE, kind="test.own")
        add(first=DUE, name="停電", bring_forward=True, by=user("joho-tanto"))
        own = Deadline.objects.get()
        assert (own.state, own.due_at) == (S.OPEN, end_of_day(date(2026, 12, 3)))
        assert own.next_at == morning(date(2026, 11, 30))
        verb, body = last_entry(own)
        assert verb == "deadline.brought_forward"
        assert (body["reason"], body["facts"]["due_on"]) == ("停電", "2026-12-03")
        assert body["facts"]["was_due_on"] == "2026-12-04"
        event = OutboxEvent.objects.get(kind=verb)
        assert (event.groups, event.facts["due_on"]) == ([own.group_id], "2026-12-03")
        assert ("前の期限", "令和8年12月4日(金)") in notice_of(event).facts

    def test_what_cannot_be_done_before_is_put_off(self, subject):
        deadline(subject, DUE, kind="test.onward")
        (fallen,) = effect({DUE: False}).fallen
        assert (fallen.movable, fallen.moves_to) == (True, date(2026, 12, 7))
        add(first=DUE, name="停電", bring_forward=True, by=user("joho-tanto"))
        own = Deadline.objects.get()
        assert (own.state, own.due_at) == (S.OPEN, end_of_day(date(2026, 12, 7)))
        verb, body = last_entry(own)
        assert (verb, body["facts"]["was_due_on"]) == ("deadline.put_off", "2026-12-04")
        event = OutboxEvent.objects.get(kind=verb)
        assert (event.groups, event.facts["due_on"]) == ([own.group_id], "2026-12-07")

    def test_only_when_it_is_asked_for(self, subject):
        deadline(subject, DUE, kind="test.own")
        add(first=DUE)
        assert Deadline.objects.get().due_at == end_of_day(DUE)
        assert not OutboxEvent.objects.filter(kind="deadline.brought_forward").exists()

    def test_never_to_a_day_that_is_over(self, subject):
        at = morning(DUE)
        deadline(subject, DUE, kind="test.own")
        (fallen,) = effect({DUE: False}, at=at).fallen
        assert not fallen.movable
        add(first=DUE, bring_forward=True, at=at)
        assert Deadline.objects.get().due_at == end_of_day(DUE)

    def test_a_day_that_is_no_longer_opened_closes(self, subject):
        saturday = date(2026, 12, 5)
        add(first=saturday, is_open=True)
        deadline(subject, saturday, kind="test.own")
        remove(day=saturday, bring_forward=True)
        assert Deadline.objects.get().due_at == end_of_day(DUE)

    @pytest.mark.parametrize("state", [S.PASSED, S.MET, S.LIFTED])
    def test_what_is_late_or_over_is_not_named(self, subject, state):
        due_on = row(subject, state).due_at.astimezone(TOKYO).date()
        assert effect({due_on: False}).fallen == []


class TestWhatWasSeen:
    def test_the_same_is_done(self, made):
        add(first=DUE, seen=effect({DUE: False}).mark)
        assert calendar().is_closed(DUE)

    @pytest.mark.parametrize("meanwhile", ["deadline", "calendar"])
    def test_something_else_is_not(self, made, meanwhile):
        seen = effect({DUE: False}).mark
        if meanwhile == "deadline":
            deadline(request_to("koho-kacho", title="別の伺い"), DUE)
        else:
            add(first=date(2026, 12, 3))
        entries = AuditEntry.objects.count()
        with pytest.raises(Invalid, match="もう一度確かめて"):
            add(first=DUE, seen=seen)
        assert not calendar().is_closed(DUE)
        assert AuditEntry.objects.count() == entries

    def test_the_same_goes_for_removing(self, made):
        add(first=DUE)
        with pytest.raises(Invalid):
            remove(day=DUE, seen="0")
        remove(day=DUE, seen=effect({DUE: None}).mark)
        assert not calendar().is_closed(DUE)
