"""set_rule, set_hours and remove_hours, for every person; what changes and what stays."""

import json
from datetime import date, datetime, time, timedelta

import pytest

from tests.factories import NOON, post, request_to, section, user
from tests.workflow.deadline.factories import DUE, DUE_LONG_AGO, LONG_BEFORE, deadline, morning, row
from workflow.deadline import commands, commands_rules, parts, registry
from workflow.deadline.calendar import TOKYO
from workflow.deadline.queries import steps_in_force, steps_of
from workflow.deadline.schedule import STANDARD, Step
from workflow.deadline.states import DeadlineState as S
from workflow.errors import Invalid, NotAllowed, Stale
from workflow.ledger.command import command
from workflow.models import AuditEntry, Deadline, OfficeHours, OutboxEvent, ReminderRule
from workflow.signoff.standing import DEADLINE as TURN
from workflow.signoff.standing import RULE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

EARLY = (Step("before", 8), Step("on"), Step("late", 2, every=3, to="chief"))


@pytest.fixture
def subject():
    return request_to("joho-kacho")


def set_rule(kind="answer", steps=EARLY, by=None, at=NOON, **more):
    return commands_rules.set_rule(kind=kind, steps=steps, by=by, at=at, **more)


def drop_rule(kind="answer", by=None, at=NOON, **more):
    return commands_rules.drop_rule(kind=kind, by=by, at=at, **more)


def set_hours(
    of=None, opens=time(10), closes=time(18), remind_at=time(11), by=None, at=NOON, **more
):
    return commands_rules.set_hours(
        section=of, opens=opens, closes=closes, remind_at=remind_at, by=by, at=at, **more
    )


class TestRule:
    @pytest.mark.parametrize("by", [None, "kanri", "joho-tanto", "joho-kacho"])
    def test_each_change_is_a_version_of_its_own(self, by):
        by = user(by) if by else None
        assert "answer" not in steps_in_force()
        first = set_rule(by=by, seen=0)
        later = (*EARLY, Step("late", 9, to="director"))
        set_rule(steps=later, by=by, seen=1)
        assert steps_in_force()["answer"] == later
        assert steps_of(ReminderRule.objects.get(pk=first.pk)) == EARLY
        entry = AuditEntry.objects.filter(verb="deadline.rule_set").latest("pk")
        body = json.loads(entry.body)
        assert (body["facts"]["number"], len(body["facts"]["steps"])) == (2, 4)
        assert bool(body["post"]) == bool(by and by.username.startswith("joho"))

    @pytest.mark.parametrize("by", [None, "kanri", "joho-tanto", "joho-kacho"])
    def test_a_kind_follows_that_of_all_others_again(self, by, subject):
        mine, by = deadline(subject), user(by) if by else None
        set_rule()
        dropped = drop_rule(by=by, seen=1)
        assert (dropped.number, dropped.steps) == (2, [])
        assert "answer" not in steps_in_force()
        assert Deadline.objects.get(pk=mine.pk).next_at == mine.next_at
        set_rule(kind="", steps=EARLY)
        assert Deadline.objects.get(pk=mine.pk).next_at == morning(DUE)
        body = json.loads(AuditEntry.objects.get(verb="deadline.rule_dropped").body)
        assert body["facts"] == {"kind": "answer", "number": 2, "steps": []}
        assert bool(body["post"]) == bool(by and by.username.startswith("joho"))

    def test_also_one_that_is_shipped_with_its_own_and_back(self):
        drop_rule(kind=TURN, seen=0)
        assert TURN not in steps_in_force()
        set_rule(kind=TURN, steps=RULE, seen=1)
        assert steps_in_force()[TURN] == RULE

    @pytest.mark.parametrize("kind", ["", "answer"])
    def test_where_there_is_none_of_its_own_nothing_is_dropped(self, kind):
        with pytest.raises(Invalid) as refused:
            drop_rule(kind=kind)
        assert refused.value.field == "steps"
        set_rule(kind="another")
        drop_rule(kind="another")
        with pytest.raises(Invalid):
            drop_rule(kind="another")
        assert ReminderRule.objects.count() == 2

    @pytest.mark.parametrize("seen", [0, 2])
    def test_nor_from_a_page_older_than_the_rule(self, seen):
        set_rule()
        with pytest.raises(Stale):
            drop_rule(seen=seen)
        assert "answer" in steps_in_force()

    @pytest.mark.usefixtures("untouched")
    @pytest.mark.parametrize("by", ["koho-tanto", "koho-kacho", "shicho", "iin-1", "kansa"])
    def test_nor_by_others(self, by):
        with pytest.raises(NotAllowed):
            drop_rule(kind=TURN, by=user(by))

    def test_what_a_kind_is_shipped_with_is_its_own(self):
        assert steps_in_force()[TURN] == RULE
        set_rule(kind="", steps=EARLY)
        assert (steps_in_force()[""], steps_in_force()[TURN]) == (EARLY, RULE)
        set_rule(kind=TURN, steps=EARLY)
        assert steps_in_force()[TURN] == EARLY

    def test_reminders_to_come_follow_it_from_now_on(self, subject):
        """Eight working days before 4 December is Tuesday 24 November, 09:00: over already."""
        mine = deadline(subject)
        others = deadline(subject, kind="another")
        set_rule()
        assert Deadline.objects.get(pk=mine.pk).next_at == morning(DUE)
        assert Deadline.objects.get(pk=others.pk).next_at == morning(date(2026, 12, 1))
        commands.remind(deadline_ids=[mine.pk], at=morning(DUE))
        assert OutboxEvent.objects.latest("pk").facts["days_left"] == 0

    def test_the_rule_of_all_others_leaves_kinds_with_their_own(self, subject):
        mine, others = deadline(subject), deadline(subject, kind="another")
        set_rule(steps=(Step("late", 4),))
        set_rule(kind="")
        assert Deadline.objects.get(pk=mine.pk).next_at == morning(date(2026, 12, 10))
        assert Deadline.objects.get(pk=others.pk).next_at == morning(DUE)

    def test_what_is_due_right_now_is_told_by_the_rule_of_now(self, subject):
        mine, at = deadline(subject), morning(date(2026, 12, 1))
        set_rule(steps=(Step("before", 3, to="chief"), Step("late", 1)), at=at)
        assert Deadline.objects.get(pk=mine.pk).next_at == at
        assert commands.remind(deadline_ids=[mine.pk], at=at) == 1
        assert OutboxEvent.objects.latest("pk").kind == "deadline.escalated"

    def test_what_waits_for_the_office_to_open_is_told_too(self, subject):
        mine, night = deadline(subject), datetime(2026, 12, 1, 20, tzinfo=TOKYO)
        commands.remind(deadline_ids=[mine.pk], at=night)
        set_rule(steps=(Step("before", 3, to="chief"), Step("late", 1)), at=night)
        morning = Deadline.objects.get(pk=mine.pk).next_at
        assert morning == datetime(2026, 12, 2, 8, 30, tzinfo=TOKYO)
        assert commands.remind(deadline_ids=[mine.pk], at=morning) == 1

    def test_with_what_is_owed_a_rule_does_not_hold_for_the_past(self, subject):
        """The sweep stood still on the day before; in the evening the rule gets one more line."""
        set_rule(steps=(Step("before", 1), Step("late", 1)))
        made, evening = deadline(subject), datetime(2026, 12, 3, 20, 30, tzinfo=TOKYO)
        more = Step("before", 14, to="director"), Step("before", 1), Step("late", 1)
        set_rule(steps=more, at=evening)
        assert commands.remind(deadline_ids=[made.pk], at=morning(DUE)) == 1
        assert OutboxEvent.objects.latest("pk").kind == "deadline.reminded"

    def test_what_began_today_is_not_told_by_it_today(self, subject):
        made, at = deadline(subject), morning(date(2026, 12, 1))
        command(parts.put_on)(made, DUE, by=None, at=at)
        set_rule(steps=(Step("before", 1), Step("late", 1)), at=at)
        assert Deadline.objects.get().next_at == morning(date(2026, 12, 3))

    def test_nothing_more_to_say_may_become_something(self, subject):
        set_rule(steps=(Step("late", 1),))
        found = row(subject, S.PASSED)
        assert found.next_at is None
        set_rule()
        assert Deadline.objects.get(pk=found.pk).next_at == morning(date(2026, 11, 27))

    @pytest.mark.parametrize("state", [S.MET, S.LIFTED])
    def test_what_has_ended_stays_ended(self, subject, state):
        row(subject, state)
        set_rule()
        assert Deadline.objects.get().next_at is None

    @pytest.mark.usefixtures("untouched")
    @pytest.mark.parametrize("by", ["koho-tanto", "koho-kacho", "shicho", "iin-1", "kansa"])
    def test_others_are_refused(self, by):
        with pytest.raises(NotAllowed):
            set_rule(by=user(by))

    @pytest.mark.parametrize("seen", [0, 2])
    def test_a_page_older_than_the_rule(self, seen):
        set_rule()
        with pytest.raises(Stale):
            set_rule(steps=STANDARD[1:], seen=seen)
        assert ReminderRule.objects.count() == 1

    @pytest.mark.usefixtures("untouched")
    @pytest.mark.parametrize(
        "steps, field",
        [
            ((), "steps"),
            (EARLY * 5, "steps"),
            ((*EARLY, EARLY[0]), "steps"),
            ((*EARLY, Step("late", 2, to="chief")), "steps"),
            (EARLY[:2], "steps"),
            ((Step("late", 1, unreceived=True),), "unreceived"),
            ((*EARLY, Step("before", 1, unreceived=True)), "unreceived"),
            ((*EARLY, Step("before", 0)), "days"),
            ((*EARLY, Step("on", 1)), "days"),
            ((*EARLY, Step("before", 3, every=1)), "every"),
            ((*EARLY, Step("late", 61)), "days"),
            ((*EARLY, Step("late", 1, every=-1)), "every"),
            ((*EARLY, Step("late", 1, to="mayor")), "to"),
            ((*EARLY, Step("never", 1)), "when"),
        ],
    )
    def test_what_is_no_rule(self, steps, field):
        with pytest.raises(Invalid) as refused:
            set_rule(steps=steps)
        assert refused.value.field == field

    def test_the_same_again_is_refused(self):
        set_rule()
        with pytest.raises(Invalid):
            set_rule()

    def test_what_fell_due_while_the_office_was_closed_is_told_when_it_opens(self, subject):
        made = deadline(subject, DUE_LONG_AGO, at=LONG_BEFORE)
        night = morning(date(2026, 11, 25)) - timedelta(hours=6)
        assert commands.remind(deadline_ids=[made.pk], at=night) == 0
        set_rule(steps=(Step("late", 1), Step("late", 9, to="director")), at=night)
        assert commands.remind(deadline_ids=[made.pk], at=morning(date(2026, 11, 25))) == 1
        assert OutboxEvent.objects.latest("pk").kind == "deadline.passed"

    def test_after_a_night_one_is_told_once(self, subject):
        made = deadline(subject, DUE_LONG_AGO, at=LONG_BEFORE)
        day = date(2026, 11, 24)  # the 5th day late: its morning has a step of its own
        hours = range(0, 24)
        told = [
            commands.remind(deadline_ids=[made.pk], at=at)
            for at in (morning(day) + timedelta(hours=hour - 8, minutes=1) for hour in hours)
        ]
        assert sum(told) == 1


class TestReceipt:
    KIND = "asked.answer"

    @pytest.fixture
    def asked(self, subject, monkeypatch):
        kind = registry.Kind(self.KIND, "照会", receipt=True)
        monkeypatch.setitem(registry._kinds, self.KIND, kind)
        return deadline(subject, kind=self.KIND)

    def test_until_it_is_received_it_is_asked_for(self, asked):
        assert asked.next_at == morning(date(2026, 11, 27))
        commands.remind(deadline_ids=[asked.pk], at=asked.next_at)
        assert OutboxEvent.objects.latest("pk").kind == "deadline.unreceived"

    def test_a_receipt_stops_that_and_nothing_else(self, asked, subject):
        receive = command(parts.receive)
        for _ in range(2):
            receive(subject, self.KIND, by=user("joho-tanto"), at=NOON)
        found = Deadline.objects.get()
        assert (found.received_at, found.state) == (NOON, S.OPEN)
        commands.remind(deadline_ids=[asked.pk], at=NOON)
        assert Deadline.objects.get().next_at == morning(date(2026, 12, 1))
        assert AuditEntry.objects.filter(verb="deadline.received").count() == 1

    def test_a_receipt_does_not_stop_what_is_due_right_now(self, asked, subject):
        at = morning(date(2026, 12, 7))
        command(parts.receive)(subject, self.KIND, by=user("joho-tanto"), at=at)
        assert commands.remind(deadline_ids=[asked.pk], at=at) == 1
        assert Deadline.objects.get().state == S.PASSED


class TestHours:
    @pytest.mark.parametrize("by", [None, "kanri"])
    def test_the_citys_are_for_all_and_a_sections_for_its_own(self, subject, by):
        by = user(by) if by else None
        mine = deadline(subject)
        chiefs = deadline(subject, kind="chief", group=post("joho-kacho").group)
        others = deadline(subject, kind="other", group=section("koho").group)

        def next_ats():
            rows = [Deadline.objects.get(pk=one.pk) for one in (mine, chiefs, others)]
            return [one.next_at.astimezone(TOKYO).hour for one in rows]

        set_hours(by=by)
        assert next_ats() == [11, 11, 11]
        set_hours(section("joho"), remind_at=time(13), by=by)
        assert next_ats() == [13, 13, 11]
        commands_rules.remove_hours(section=section("joho"), by=by, at=NOON)
        assert next_ats() == [11, 11, 11]
        set_hours(section("joho"), remind_at=time(14), by=by)
        assert next_ats() == [14, 14, 11]
        assert OfficeHours.objects.count() == 2

    @pytest.mark.parametrize("of", [None, "koho"])
    def test_what_was_set_meanwhile_is_not_written_over(self, of):
        set_hours(seen=0)
        set_hours(section("joho"), seen=1)
        with pytest.raises(Stale):
            set_hours(of and section(of), closes=time(17), seen=1)
        assert set_hours(of and section(of), closes=time(17), seen=2).closes == time(17)

    def test_who_was_told_today_is_not_told_at_the_new_hour_again(self, subject):
        mine, at = deadline(subject), morning(date(2026, 12, 1))
        commands.remind(deadline_ids=[mine.pk], at=at)
        set_hours(at=at + timedelta(minutes=30))
        assert Deadline.objects.get().next_at == datetime(2026, 12, 3, 11, tzinfo=TOKYO)

    def test_nobody_is_told_before_the_time_of_reminding(self, subject):
        set_hours(section("joho"))
        mine = deadline(subject)
        at = datetime(2026, 12, 2, 10, 30, tzinfo=TOKYO)
        assert commands.remind(deadline_ids=[mine.pk], at=at) == 0
        assert Deadline.objects.get().next_at == at.replace(hour=11, minute=0)

    @pytest.mark.usefixtures("untouched")
    @pytest.mark.parametrize("by", ["joho-tanto", "joho-kacho", "shicho", "iin-1", "kansa"])
    def test_others_are_refused(self, by):
        with pytest.raises(NotAllowed):
            set_hours(by=user(by))
        with pytest.raises(NotAllowed):
            commands_rules.remove_hours(section=section("joho"), by=user(by), at=NOON)

    @pytest.mark.usefixtures("untouched")
    @pytest.mark.parametrize(
        "typed, field",
        [
            ({"closes": time(10)}, "closes"),
            ({"remind_at": time(9, 59)}, "remind_at"),
            ({"remind_at": time(18, 1)}, "remind_at"),
            ({"remind_at": time(17, 45)}, "remind_at"),
            ({"opens": time(0), "closes": time(23, 59)}, "accept_long"),
        ],
    )
    def test_bad_input(self, typed, field):
        with pytest.raises(Invalid) as refused:
            set_hours(**typed)
        assert refused.value.field == field

    def test_a_day_without_a_night_is_meant_so(self):
        set_hours(opens=time(6), closes=time(18))
        set_hours(opens=time(0), closes=time(23, 59), accept_long=True)
        assert OfficeHours.objects.get().closes == time(23, 59)

    @pytest.mark.usefixtures("untouched")
    def test_what_is_not_there_is_not_removed(self):
        with pytest.raises(Invalid):
            commands_rules.remove_hours(section=section("joho"), by=None, at=NOON)
