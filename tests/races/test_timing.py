"""Two who change by what deadlines are timed, and those who act on deadlines meanwhile."""

from datetime import date, time, timedelta
from functools import partial

import pytest
from django.db import IntegrityError

from tests.factories import NOON, request_to, section
from tests.workflow.deadline.factories import DUE, deadline, morning
from workflow.deadline import commands_days, commands_rules, parts, tasks
from workflow.deadline.queries import Timetables
from workflow.deadline.schedule import Step
from workflow.errors import Invalid, Stale
from workflow.ledger.command import command
from workflow.models import ClosedDay, Deadline, OfficeHours, ReminderRule

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("city")]

OTHER = (Step("before", 5), Step("before", 2), Step("late", 1))
CLOSES = date(2026, 12, 3)


def set_rule(steps=OTHER, seen=0):
    return commands_rules.set_rule(kind="answer", steps=steps, by=None, at=NOON, seen=seen)


def close():
    return commands_days.add_closed_days(first=CLOSES, name="停電", by=None, at=NOON)


def set_hours(of=None, seen=None):
    hours = {"opens": time(10), "closes": time(17), "remind_at": time(11)}
    return commands_rules.set_hours(section=of, **hours, by=None, at=NOON, seen=seen)


@pytest.mark.parametrize(
    "act, rows",
    [(set_rule, ReminderRule), (close, ClosedDay), (partial(set_hours, seen=0), OfficeHours)],
    ids=["a rule", "a closed day", "hours"],
)
def test_of_two_who_change_the_same_one_is_refused(together, act, rows):
    found = together(act, act)
    assert rows.objects.count() == 1
    refused = [one for one in found if isinstance(one, Stale | Invalid)]
    assert len(refused) == 1, found
    assert not any(isinstance(one, IntegrityError) for one in found)


def test_who_acts_on_deadlines_meanwhile_leaves_none_by_the_old_rule(together, monkeypatch):
    monkeypatch.setattr(tasks, "now", lambda: NOON)
    subject, joho = request_to("joho-kacho"), section("joho").group
    for n in range(12):
        deadline(subject, kind="answer" if n == 0 else f"answer-{n}")

    def ask(n):
        more = {"kind": "answer", "title": "照会", "by": None, "at": NOON}
        rows = [(one, joho, "/", DUE) for one in subjects[n :: len(subjects) // 2]]
        command(parts.set_deadlines)(rows, **more)

    def extend():
        day = DUE + timedelta(days=7)
        command(parts.extend)(subject, "answer", due_on=day, by=None, at=NOON)

    subjects = [request_to("joho-kacho") for _ in range(4)]
    acts = [partial(ask, 0), partial(ask, 1), extend, set_rule, close, set_hours]
    found = together(*acts, tasks.sweep, tasks.sweep)
    assert not [one for one in found if isinstance(one, Exception)], found
    tasks.sweep()
    timetables = Timetables()
    rows = list(Deadline.objects.all())
    assert [row.next_at for row in rows] == [timetables.next_at(row, NOON) for row in rows]
    assert morning(DUE) not in {row.next_at for row in rows}
