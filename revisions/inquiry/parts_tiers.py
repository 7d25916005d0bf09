"""An answer goes up and down the tiers; its deadline follows. Usable only inside a command."""

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.auth.models import Group

from revisions.inquiry.gates import page
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.parts import DEADLINE, secretariat
from revisions.inquiry.queries_tiers import due_now, tier_of
from revisions.inquiry.states import Tier
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.parts import hand_over, set_deadline
from workflow.deadline.queries import calendar
from workflow.people.models import User


def due_day(target: InquiryTarget, at: datetime) -> date:
    """Return by when it is to go on from whom it lies with: never a day that is over."""
    return max(due_now(target, calendar()), in_tokyo(at))


def follow(target: InquiryTarget, group: Group, *, by: User, at: datetime) -> None:
    """Let the deadline follow the answer to a group, by the day of its tier."""
    hand_over(target, DEADLINE, group=group, due_on=due_day(target, at), by=by, at=at)


def ask_again(target: InquiryTarget, *, by: User, at: datetime) -> None:
    """Set the deadline of a section that has to answer anew."""
    set_deadline(
        subject=target,
        kind=DEADLINE,
        title=target.inquiry.title,
        link=page(target),
        group=target.section.group,
        due_on=due_day(target, at),
        asked_by=next(iter(secretariat(target)), None),
        by=by,
        at=at,
    )


def asked_now(targets: Iterable[InquiryTarget]) -> list[Group]:
    """Return the groups that the answers lie with, on their way to the secretariat."""
    return [
        target.coordinator.group
        if target.coordinator and tier_of(target) == Tier.COMPILING
        else target.section.group
        for target in targets
    ]
