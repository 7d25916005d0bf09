"""督促の規則と執務時間: a change is a new version; what was told stays as it was told."""

from datetime import datetime, time
from typing import Any

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from workflow.audit.trail import record
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.gates_rules import check_hours, check_steps
from workflow.deadline.models import OfficeHours, ReminderRule
from workflow.deadline.parts_timing import apply_rule, lock_timing, reschedule
from workflow.deadline.policies import check_can_keep_rules
from workflow.deadline.queries import Steps, Timetables, acts_on_hours, as_json, steps_in_force
from workflow.errors import Invalid, Stale
from workflow.ledger.command import command
from workflow.people.models import Post, Section, User
from workflow.people.policies import check_can_administer


@command
def set_rule(
    *, kind: str, steps: Steps, by: User | None, at: datetime, seen: int | None = None
) -> ReminderRule:
    """督促の規則を定める: reminders still to come follow it from now on.

    kind    "" for all that have no rule of their own
    seen    number of the version that the page was made from, 0 when there was none
    raises  Invalid (steps), Stale
    """
    last = _lock_rule(kind)  # lock
    post = check_can_keep_rules(by, in_tokyo(at))  # check
    _check_last(last, seen)
    check_steps(kind, steps)
    if last.steps == as_json(steps):
        raise Invalid(_("いまの規則と同じです。"), field="steps")
    return _enter("deadline.rule_set", last, steps, by=by, post=post, at=at)


@command
def drop_rule(*, kind: str, by: User | None, at: datetime, seen: int | None = None) -> ReminderRule:
    """規則をほかのすべてと同じにする: the kind has no rule of its own from now on.

    seen    as in set_rule()
    raises  Invalid (steps), Stale
    """
    last = _lock_rule(kind)  # lock
    post = check_can_keep_rules(by, in_tokyo(at))  # check
    _check_last(last, seen)
    if not kind or kind not in steps_in_force():
        raise Invalid(_("この種類だけの規則は、ありません。"), field="steps")
    return _enter("deadline.rule_dropped", last, (), by=by, post=post, at=at)


@command
def set_hours(
    *,
    section: Section | None,
    opens: time,
    closes: time,
    remind_at: time,
    accept_long: bool = False,
    by: User | None,
    at: datetime,
    seen: int | None = None,
) -> OfficeHours:
    """執務時間を定める, of the city or of a section of its own.

    accept_long  also hours in which nobody works, when somebody is reminded all the same
    seen         acts_on_hours() that the page was made from
    raises       Invalid (closes, remind_at, accept_long), Stale
    """
    hours = _lock_hours(section.group if section else None)  # lock
    check_can_administer(by)  # check
    if seen is not None and seen != acts_on_hours():
        raise Stale
    check_hours(opens, closes, remind_at, accept_long=accept_long)
    hours.opens, hours.closes, hours.remind_at = opens, closes, remind_at  # move
    hours.in_force = True
    record(  # record
        "deadline.hours_set",
        hours,
        by=by,
        at=at,
        section=section.name if section else "",
        opens=f"{opens:%H:%M}",
        closes=f"{closes:%H:%M}",
        remind_at=f"{remind_at:%H:%M}",
    )
    reschedule(at)
    return hours


@command
def remove_hours(*, section: Section, by: User | None, at: datetime) -> OfficeHours:
    """課の執務時間の取消し: the section's are the city's again."""
    hours = _lock_hours(section.group)  # lock
    check_can_administer(by)  # check
    if hours.pk is None or not hours.in_force:
        raise Invalid(_("その課の執務時間は登録されていません。"), field="section")
    hours.in_force = False  # move
    record("deadline.hours_removed", hours, by=by, at=at, section=section.name)  # record
    reschedule(at)
    return hours


def _lock_rule(kind: str) -> ReminderRule:
    lock_timing()
    found = ReminderRule.objects.filter(kind=kind).select_for_update().last()
    return found or ReminderRule(kind=kind, number=0)


def _check_last(last: ReminderRule, seen: int | None) -> None:
    if seen is not None and seen != last.number:
        raise Stale(last.within, seen)


def _enter(
    verb: str, last: ReminderRule, steps: Steps, *, by: User | None, post: Post | None, at: datetime
) -> ReminderRule:
    number, kind, was = last.number + 1, last.kind, Timetables()
    rule = ReminderRule(kind=kind, number=number, steps=as_json(steps), set_at=at)  # move
    facts: Any = {"kind": kind, "number": number, "steps": rule.steps}
    record(verb, rule, by=by, post=post, at=at, **facts)  # record
    apply_rule(kind, was, at)
    return rule


def _lock_hours(group: Group | None) -> OfficeHours:
    lock_timing()
    found = OfficeHours.objects.select_for_update().filter(group=group).first()
    return found or OfficeHours(group=group)
