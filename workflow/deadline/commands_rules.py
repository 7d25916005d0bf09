"""督促の規則と執務時間: a change is a new version; what was told stays as it was told."""

from datetime import datetime, time
from typing import Any

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from workflow.audit.trail import record
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.gates_rules import check_hours, check_steps
from workflow.deadline.models import OfficeHours, ReminderRule
from workflow.deadline.parts import apply_rule, reschedule
from workflow.deadline.policies import check_can_keep_rules
from workflow.deadline.queries import Steps, Timetables, as_json
from workflow.errors import Invalid, Stale
from workflow.ledger.command import command
from workflow.people.models import Section, User
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
    last = ReminderRule.objects.filter(kind=kind).select_for_update().last()  # lock
    post = check_can_keep_rules(by, in_tokyo(at))  # check
    number = last.number if last else 0
    if seen is not None and seen != number:
        raise Stale(f"{ReminderRule._meta.label_lower}:{kind}", seen)
    check_steps(kind, steps)
    if last and last.steps == as_json(steps):
        raise Invalid(_("いまの規則と同じです。"), field="steps")
    was = Timetables()
    rule = ReminderRule(kind=kind, number=number + 1, steps=as_json(steps), set_at=at)  # move
    facts: Any = {"kind": kind, "number": rule.number, "steps": rule.steps}
    record("deadline.rule_set", rule, by=by, post=post, at=at, **facts)  # record
    apply_rule(kind, was, at)
    return rule


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
) -> OfficeHours:
    """執務時間を定める, of the city or of a section of its own.

    accept_long  also hours in which nobody works, when somebody is reminded all the same
    raises       Invalid (closes, remind_at, accept_long)
    """
    hours = _lock_hours(section.group if section else None)  # lock
    check_can_administer(by)  # check
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


def _lock_hours(group: Group | None) -> OfficeHours:
    found = OfficeHours.objects.select_for_update().filter(group=group).first()
    return found or OfficeHours(group=group)
