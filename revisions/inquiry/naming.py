"""Which of an answer's days is meant, where its tiers have one each: 課の案."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.queries_tiers import asked_on, tier_of
from revisions.inquiry.states import Tier
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


def day_names(keys: Collection[str]) -> dict[str, DayName]:
    """Return key of a target → what its days are called. One statement."""
    ids = [int(key.rpartition(":")[2]) for key in keys]
    targets = InquiryTarget.objects.filter(pk__in=ids).select_related("inquiry", "section")
    return {
        key_of(InquiryTarget, each.pk): DayName(_whose(each), _("照会の期限"), each.due_on)
        for each in targets
    }


def _whose(target: InquiryTarget) -> str:
    """A 庶務担当課 compiles for several: whose answer is named."""
    word = tier_word(target)
    return f"{word}（{target.section.name}）" if tier_of(target) == Tier.COMPILING else word
