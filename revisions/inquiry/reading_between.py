"""What the pages show of tiers, of other leads, and of what the secretariat corrected."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.models_between import Consent, Mending
from revisions.inquiry.queries import Sheets
from revisions.inquiry.queries_tiers import tier_days, tier_of
from revisions.inquiry.reading import Row
from revisions.inquiry.states import UNANSWERED, AnswerKind
from revisions.plan.content import numbers
from revisions.plan.diff import sheet_diff
from workflow.deadline.calendar import Calendar, in_tokyo


def tiers(target: InquiryTarget, calendar: Calendar) -> list[tuple[str, date, bool]]:
    """Return (tier, its day, whether the answer lies with it) of every tier on its way."""
    now = tier_of(target) if target.state in UNANSWERED else None
    days = tier_days(target, calendar)
    return [(str(tier.label), day, tier == now) for tier, day in days.items()]


def has_tiers(target: InquiryTarget) -> bool:
    """Whether not all of them have the same day."""
    inquiry, asked = target.inquiry, target.asked_until
    kept = inquiry.chief_days + inquiry.secretariat_days
    return bool(target.coordinator_id or kept or (asked and in_tokyo(asked) != target.due_on))


def mended(mendings: Iterable[Mending], sheets: Sheets) -> list[Row]:
    """Return {number, name, by, at, reason, fields: (label, pieces)} of every correction."""
    places, names = numbers(sheets.content), sheets.content["sections"]
    return [
        {
            "number": places.get(row.uid, ""),
            "name": row.after["name"],
            "by": row.by,
            "at": row.at,
            "reason": row.reason,
            "fields": [
                (field.label, field.pieces)
                for field in sheet_diff(row.before, row.after, names=names)
            ],
        }
        for row in mendings
    ]


def consent_words(consent: Consent) -> tuple[str, str]:
    return words_of(consent.answer.kind, consent.agrees)


def words_of(kind: str, agrees: bool | None) -> tuple[str, str]:
    """Return what a lead says of an answer, and its tone; of no change it need say nothing."""
    if agrees is None and kind == AnswerKind.UNCHANGED:
        return _("変更なし"), "done"
    if agrees is None:
        return _("同意待ち"), "waiting"
    return (_("同意"), "done") if agrees else (_("異議"), "bad")


def consent_rows(consents: Iterable[Consent]) -> dict[str, list[Row]]:
    """Return uid → {consent, section, word, tone} of each of its other leads that is to speak."""
    found: dict[str, list[Row]] = {}
    for consent in consents:
        if consent.agrees is None and consent.answer.kind == AnswerKind.UNCHANGED:
            continue
        word, tone = consent_words(consent)
        row: dict[str, Any] = {"consent": consent, "section": consent.target.section.name}
        found.setdefault(consent.answer.uid, []).append(row | {"word": word, "tone": tone})
    return found
