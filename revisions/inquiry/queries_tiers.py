"""By when an answer goes on from each tier, as it was asked and as the calendar counts it."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Concat, Substr

from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.states import DEADLINE, LIES_WITH, UNANSWERED, Tier
from revisions.inquiry.tiers import Tiers, due_days
from workflow.audit.models import key_of
from workflow.deadline.calendar import Calendar, end_of_day, in_tokyo
from workflow.deadline.queries import running

PREFIX = key_of(InquiryTarget, 0).removesuffix("0")
"""What the key of an addressee begins with, before its id."""


def with_asked(targets: QuerySet[InquiryTarget]) -> QuerySet[InquiryTarget]:
    """Annotate `asked_until`: the running deadline of whom an answer lies with."""
    asked = running().filter(subject=key_in_sql(OuterRef("pk")), kind=DEADLINE)
    told: dict[str, Any] = {"asked_until": Subquery(asked.values("due_at")[:1])}
    return targets.annotate(**told)


def key_in_sql(pk: F | OuterRef) -> Concat:
    """Return the key of an addressee, as its deadline and its trail name it."""
    return Concat(Value(PREFIX), Cast(pk, CharField()), output_field=CharField())


def due_before(day: date, wholes: Collection[str]) -> Q:
    """Return what holds of addressees that had to act before a day.

    wholes  keys of their revisions. Asked in one list: looked up for each of thousands, it would
            cost by what was asked and not by what is late.
    """
    over = running().filter(kind=DEADLINE, part_of__in=wholes, due_at__lt=end_of_day(day))
    pk = Cast(Substr("subject", len(PREFIX) + 1), BigIntegerField())
    return Q(state__in=UNANSWERED, pk__in=over.order_by().values(target=pk))


def days_running(targets: Iterable[InquiryTarget]) -> dict[str, date]:
    """Return key → the day of the running deadline. One statement."""
    found = (
        running().order_by().filter(kind=DEADLINE, subject__in=[target.key for target in targets])
    )
    return {subject: in_tokyo(due_at) for subject, due_at in found.values_list("subject", "due_at")}


def asked_on(target: InquiryTarget) -> date | None:
    """Return the day by which with_asked() says that an answer goes on; None when none is awaited.

    What has reached the secretariat is awaited no more, though it may have a day to take it.
    """
    awaited = target.state in UNANSWERED and target.asked_until
    return in_tokyo(awaited) if awaited else None


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


def recounted(targets: Iterable[InquiryTarget], calendar: Calendar, today: date) -> set[str]:
    """Return keys of those whose running day is no longer what the calendar makes of it: a day to
    come. One statement."""
    by_key = {target.key: target for target in targets}
    told = days_running(by_key.values())
    return {key for key, day in told.items() if day != due_now(by_key[key], calendar) >= today}


def tier_of(target: InquiryTarget) -> Tier:
    return LIES_WITH.get(target.state, Tier.DRAFT)


def gone_to(target: InquiryTarget) -> str:
    """Return the tier that an answer lies with; "" while the section drafts it."""
    tier = tier_of(target)
    return "" if tier == Tier.DRAFT else tier.value
