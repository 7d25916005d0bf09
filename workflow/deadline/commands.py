from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from workflow.audit.trail import record
from workflow.deadline.calendar import Calendar, in_tokyo
from workflow.deadline.models import ClosedDay, Deadline
from workflow.deadline.parts import reschedule
from workflow.deadline.policies import check_is_the_clock
from workflow.deadline.queries import calendar, running
from workflow.deadline.schedule import days_left, next_reminder
from workflow.errors import Invalid, Unmet
from workflow.outbox.queue import emit
from workflow.people.models import User
from workflow.people.policies import check_can_administer


@transaction.atomic(durable=True)
def remind(*, deadline_id: int, by: User | None = None, at: datetime) -> Deadline:
    """督促: tell the group how many working days are left, or how many it is late.

    raises  Unmet when the time has not come, or another worker is at it
    """
    rows = running().select_related("group").filter(pk=deadline_id)
    deadline = rows.select_for_update(of=("self",), skip_locked=True).first()  # lock
    check_is_the_clock(by)  # check
    days = calendar()
    deadline = _check_due(deadline, days, at)
    before = deadline.state
    due_on = in_tokyo(deadline.due_at)
    passed = at > deadline.due_at
    if passed:  # move
        deadline.lapse()
    deadline.next_at = next_reminder(due_on, days, after=at)
    facts: dict[str, Any] = {
        "due_on": due_on.isoformat(),
        "days_left": days_left(due_on, days, at=at),
    }
    verb = "deadline.passed" if passed else "deadline.reminded"
    entry = record(verb, deadline, by=by, at=at, before=before, after=deadline.state, **facts)
    emit(entry, to=[deadline.group], link=deadline.link, title=deadline.title, **facts)  # tell
    return deadline


@transaction.atomic(durable=True)
def add_closed_day(
    *, day: date, name: str, is_open: bool = False, by: User | None, at: datetime
) -> ClosedDay:
    """閉庁日の追加; with `is_open`, a day on which the city works although the law closes it."""
    closed_day = _lock_day(day) or ClosedDay(day=day)  # lock
    check_can_administer(by)  # check
    _check_new(day, name.strip(), is_open=is_open)
    closed_day.name, closed_day.is_open, closed_day.in_force = name.strip(), is_open, True  # move
    record(  # record
        "deadline.closed_day_added",
        closed_day,
        by=by,
        at=at,
        day=day.isoformat(),
        name=closed_day.name,
        is_open=is_open,
    )
    reschedule(at)
    return closed_day


@transaction.atomic(durable=True)
def remove_closed_day(*, day: date, by: User | None, at: datetime) -> ClosedDay:
    """閉庁日の取消し: the day is again what the law says."""
    closed_day = _lock_day(day)  # lock
    check_can_administer(by)  # check
    if closed_day is None or not closed_day.in_force:
        raise Invalid(_("その日は登録されていません。"), field="day")
    closed_day.in_force = False  # move
    record("deadline.closed_day_removed", closed_day, by=by, at=at, day=day.isoformat())  # record
    reschedule(at)
    return closed_day


def _check_due(deadline: Deadline | None, days: Calendar, at: datetime) -> Deadline:
    if (
        deadline is None
        or deadline.next_at is None
        or deadline.next_at > at
        or days.is_closed(in_tokyo(at))
    ):
        raise Unmet(_("督促する時ではありません。"))
    return deadline


def _check_new(day: date, name: str, *, is_open: bool) -> None:
    if not name:
        raise Invalid(_("名称を入力してください。"), field="name")
    if len(name) > ClosedDay.NAME_LENGTH:
        raise Invalid(_("名称は60字以内で入力してください。"), field="name")
    if calendar().is_closed(day) != is_open:
        already = (
            _("その日は、すでに開庁日です。") if is_open else _("その日は、すでに閉庁日です。")
        )
        raise Invalid(already, field="day")


def _lock_day(day: date) -> ClosedDay | None:
    return ClosedDay.objects.select_for_update().filter(day=day).first()
