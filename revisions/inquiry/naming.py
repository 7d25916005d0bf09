"""Which of an answer's days is meant, where its tiers have one each: 課の案."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.queries_tiers import asked_on, days_running, gone_to, tier_of
from revisions.inquiry.states import UNANSWERED, Tier
from workflow.audit.models import key_of
from workflow.deadline.naming import DayName


@dataclass(frozen=True)
class Due:
    """By when an answer goes on from whom it lies with.

    word      which day that is, where its tiers have one each
    left      open days, below 0 when it is over
    whole_on  照会の期限, where it is another day
    """

    word: str
    on: date
    left: int
    whole_on: date | None


def tier_word(target: InquiryTarget) -> str:
    """Return the tier that an answer lies with; "" where all tiers have one day."""
    kept = target.inquiry.chief_days or target.inquiry.secretariat_days
    return str(tier_of(target).label) if target.coordinator_id or kept else ""


def due_of(target: InquiryTarget, left: Callable[[date], int]) -> Due | None:
    """Return None when nothing is awaited.

    target  as with_asked() has it
    left    open days until a day
    """
    on = asked_on(target)
    if on is None:
        return None
    return Due(tier_word(target), on, left(on), target.due_on if target.due_on != on else None)


def days_told(target: InquiryTarget, on: date) -> dict[str, Any]:
    """Return what a notice tells of its days: by when it goes on from whom it lies with, whose day
    that is, and 照会の期限 where it is another; with whom, once it has gone on from the section."""
    with override(settings.LANGUAGE_CODE):
        word = tier_word(target)
    whole_on = target.due_on.isoformat() if target.due_on != on else ""
    told = {"due_on": on.isoformat(), "due_of": word, "whole_on": whole_on}
    told["lies_with"] = gone_to(target)
    return {name: said for name, said in told.items() if said}


def days_awaited(target: InquiryTarget) -> dict[str, Any]:
    """Return the days_told() of the deadline that runs; nothing once nobody waits for an answer."""
    if target.state not in UNANSWERED:
        return {}
    return days_told(target, days_running([target]).get(target.key, target.due_on))


def day_names(keys: Collection[str]) -> dict[str, DayName]:
    """Return key of a target → what its days are called, and where who has it acts. One
    statement."""
    ids = [int(key.rpartition(":")[2]) for key in keys]
    targets = InquiryTarget.objects.filter(pk__in=ids).select_related("inquiry", "section")
    return {key_of(InquiryTarget, each.pk): _day_name(each) for each in targets}


def _day_name(target: InquiryTarget) -> DayName:
    done_at = {
        Tier.CHIEF: f"/requests/{target.request_id}/",
        Tier.COMPILING: f"/inquiries/{target.inquiry_id}/compile/",
    }
    return DayName(
        _whose(target),
        _("照会の期限"),
        target.due_on,
        lies_with=gone_to(target),
        link=done_at.get(tier_of(target), ""),
    )


def _whose(target: InquiryTarget) -> str:
    """A 庶務担当課 compiles for several: whose answer is named."""
    word = tier_word(target)
    return f"{word}（{target.section.name}）" if tier_of(target) == Tier.COMPILING else word
