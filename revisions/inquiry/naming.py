"""Which of an answer's days is meant, where its tiers have one each: 課の案."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.queries import open_days_left
from revisions.inquiry.queries_tiers import due_now, tier_of
from revisions.inquiry.states import UNANSWERED
from workflow.audit.models import key_of
from workflow.deadline.calendar import Calendar


@dataclass(frozen=True)
class TierDue:
    """The day of the tier that an answer lies with. left: open days, below 0 when it is over."""

    word: str
    due_on: date
    left: int


def tier_word(target: InquiryTarget) -> str:
    """Return the tier that an answer lies with; "" where all tiers have one day."""
    kept = target.inquiry.chief_days or target.inquiry.secretariat_days
    return str(tier_of(target).label) if target.coordinator_id or kept else ""


def tier_due(target: InquiryTarget, today: date, calendar: Calendar) -> TierDue | None:
    """Return None where there is one day only, and where nothing is awaited."""
    word = tier_word(target)
    if not word or target.state not in UNANSWERED:
        return None
    due_on = due_now(target, calendar)
    return TierDue(word, due_on, open_days_left(due_on, today, calendar))


def tier_words(keys: Collection[str]) -> dict[str, str]:
    """Return key of a target → its tier_word(), of those that have one. One statement."""
    ids = [int(key.rpartition(":")[2]) for key in keys]
    targets = InquiryTarget.objects.filter(pk__in=ids).select_related("inquiry")
    words = {key_of(InquiryTarget, target.pk): tier_word(target) for target in targets}
    return {key: word for key, word in words.items() if word}
