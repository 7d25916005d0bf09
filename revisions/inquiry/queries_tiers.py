"""By when an answer goes on from each tier, as it was asked and as the calendar counts it."""

from datetime import date
from typing import Any

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.states import LIES_WITH, Tier
from revisions.inquiry.tiers import Tiers, due_days
from workflow.audit.models import key_of
from workflow.deadline.calendar import Calendar, in_tokyo
from workflow.deadline.queries import running


def with_asked(targets: QuerySet[InquiryTarget]) -> QuerySet[InquiryTarget]:
    """Annotate `asked_until`: the running deadline of whom an answer lies with."""
    key = Concat(
        Value(key_of(InquiryTarget, 0).removesuffix("0")),
        Cast(OuterRef("pk"), CharField()),
        output_field=CharField(),
    )
    due = Subquery(running().filter(subject=key).values("due_at")[:1])
    told: dict[str, Any] = {"asked_until": due}
    return targets.annotate(**told)


def tier_days(target: InquiryTarget, calendar: Calendar) -> dict[Tier, date]:
    """Return the tiers that an answer goes past, each with the day on which it goes on from it.

    Of whom it lies with that is the day they were told, also when the calendar changed since.
    """
    compiled = target.coordinator_id is not None
    days = days_of(target.inquiry, target.due_on, calendar, compiled=compiled)
    asked = {tier_of(target): in_tokyo(target.asked_until)} if target.asked_until else {}
    return days | asked


def days_of(
    kept: Inquiry | Tiers, due_on: date, calendar: Calendar, *, compiled: bool
) -> dict[Tier, date]:
    days = {Tier.DRAFT: 0, Tier.CHIEF: kept.chief_days}
    if compiled:
        days[Tier.COMPILING] = kept.compiling_days
    if kept.secretariat_days:
        days[Tier.SECRETARIAT] = kept.secretariat_days
    return due_days(due_on, days, calendar)


def due_now(target: InquiryTarget, calendar: Calendar) -> date:
    """Return the day of the tier that an answer lies with on its way to the secretariat."""
    return tier_days(target, calendar)[tier_of(target)]


def tier_of(target: InquiryTarget) -> Tier:
    return LIES_WITH.get(target.state, Tier.DRAFT)
