"""閉庁日・開庁日: the days on which the city closes or opens besides what the law says."""

from datetime import date, datetime

from workflow.audit.trail import record
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.effect import Change, Effect, effect_of
from workflow.deadline.gates import check_still, days_to_add, registered
from workflow.deadline.models import ClosedDay
from workflow.deadline.parts import move_day
from workflow.deadline.parts_timing import lock_timing, reschedule
from workflow.deadline.policies import check_can_keep_days
from workflow.deadline.queries import calendar, running
from workflow.ledger.command import command
from workflow.people.models import Post, User


@command
def add_closed_days(
    *,
    first: date,
    last: date | None = None,
    name: str,
    is_open: bool = False,
    bring_forward: bool = False,
    seen: str | None = None,
    by: User | None,
    at: datetime,
) -> list[ClosedDay]:
    """閉庁日の追加, one or a span; with `is_open`, days on which the city works all the same.

    bring_forward  move what falls due on such a day to the open day before, where no other table
                   holds its day; after, where it can't be done before
    seen           mark of the effect that was looked at
    returns        the days that changed: a Sunday within the span does not
    """
    last, name = last or first, name.strip()
    lock_timing()  # lock
    kept = ClosedDay.objects.select_for_update().filter(day__range=(first, last))
    rows = {row.day: row for row in kept.order_by("day")}
    post = check_can_keep_days(by, in_tokyo(at))  # check
    effect = _locked_effect(days_to_add(first, last, name, is_open, calendar()), seen, at)
    added = [rows.get(day) or ClosedDay(day=day) for day in effect.change]
    for row in added:
        row.name, row.is_open, row.in_force = name, is_open, True  # move
        record(  # record
            "deadline.closed_day_added",
            row,
            by=by,
            post=post,
            at=at,
            day=row.day.isoformat(),
            name=name,
            is_open=is_open,
        )
    if bring_forward:
        _move(effect, reason=name, by=by, post=post, at=at)
    reschedule(at)
    return added


@command
def remove_closed_day(
    *,
    day: date,
    bring_forward: bool = False,
    seen: str | None = None,
    by: User | None,
    at: datetime,
) -> ClosedDay:
    """閉庁日の取消し: the day is again what the law says. The rest as in add_closed_days()."""
    lock_timing()  # lock
    kept = ClosedDay.objects.select_for_update().filter(day=day).first()
    post = check_can_keep_days(by, in_tokyo(at))  # check
    row = registered(kept)
    effect = _locked_effect({day: None}, seen, at)
    row.in_force = False  # move
    record(  # record
        "deadline.closed_day_removed", row, by=by, post=post, at=at, day=day.isoformat()
    )
    if bring_forward:
        _move(effect, reason=f"{row.name}の取消し", by=by, post=post, at=at)
    reschedule(at)
    return row


def _locked_effect(change: Change, seen: str | None, at: datetime) -> Effect:
    rows = running().order_by("pk").select_for_update()
    effect = effect_of(change, rows, at)
    check_still(effect, seen)
    return effect


def _move(effect: Effect, *, reason: str, by: User | None, post: Post | None, at: datetime) -> None:
    for row in effect.movable:
        move_day(row.deadline, row.moves_to, reason=reason, by=by, post=post, at=at)
