"""An answer goes up and down the tiers; its deadline follows. Usable only inside a command."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import Group

from revisions.inquiry.gates import page
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.naming import days_told
from revisions.inquiry.parts import secretariat
from revisions.inquiry.queries_tiers import due_now, tier_of
from revisions.inquiry.states import DEADLINE, Tier
from workflow.deadline.calendar import Calendar, in_tokyo
from workflow.deadline.parts import hand_over, set_deadlines
from workflow.deadline.queries import calendar
from workflow.people.models import User


def due_day(target: InquiryTarget, at: datetime, days: Calendar | None = None) -> date:
    """Return by when it is to go on from whom it lies with: never a day that is over.

    days  the city's calendar, where many are asked for
    """
    return max(due_now(target, days or calendar()), in_tokyo(at))


def follow(target: InquiryTarget, group: Group, *, by: User, at: datetime) -> dict[str, Any]:
    """Let the deadline follow the answer to a group. Return its days_told()."""
    day = due_day(target, at)
    hand_over(target, DEADLINE, group=group, due_on=day, by=by, at=at)
    return days_told(target, day)


def ask_again(*targets: InquiryTarget, by: User, at: datetime) -> None:
    """Set the deadlines of sections that have to answer one inquiry anew."""
    if not targets:
        return
    days = calendar()
    asked = [(t, t.section.group, page(t), due_day(t, at, days)) for t in targets]
    set_deadlines(
        asked,
        kind=DEADLINE,
        title=targets[0].inquiry.title,
        asked_by=next(iter(secretariat(targets[0])), None),
        by=by,
        at=at,
    )


def told_alike(
    asked: Iterable[tuple[InquiryTarget, date]],
) -> Iterator[tuple[dict[str, Any], list[Group]]]:
    """Yield the days_told() of what was just asked, with the groups of the sections of each."""
    alike: dict[tuple[date, bool], list[InquiryTarget]] = {}
    for target, on in asked:
        alike.setdefault((on, target.coordinator_id is not None), []).append(target)
    for (on, _compiled), targets in alike.items():
        yield days_told(targets[0], on), [target.section.group for target in targets]


def asked_now(targets: Iterable[InquiryTarget]) -> list[Group]:
    """Return the groups that the answers lie with, on their way to the secretariat."""
    return [
        target.coordinator.group
        if target.coordinator and tier_of(target) == Tier.COMPILING
        else target.section.group
        for target in targets
    ]
