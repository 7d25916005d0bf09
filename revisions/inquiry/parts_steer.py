"""What the secretariat does to one addressee or many: each moves, is recorded and told alone.

Usable only inside a command. Deadlines follow all at once.
"""

from datetime import date, datetime

from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.naming import days_told
from revisions.inquiry.parts import tell
from revisions.inquiry.parts_tiers import asked_now, due_day
from workflow.audit.trail import record
from workflow.deadline.calendar import Calendar
from workflow.people.models import Post, User


def give_back(
    target: InquiryTarget,
    due_on: date | None,
    reason: str,
    *,
    by: User,
    post: Post,
    at: datetime,
    days: Calendar | None = None,
) -> None:
    """差戻し. due_on: None where it keeps the day it had; days: where many are given back."""
    before = target.state
    target.return_(reason=reason, due_on=due_on or target.due_on)
    entry = record(
        "inquiry.returned",
        target,
        by=by,
        post=post,
        at=at,
        before=before,
        after=target.state,
        reason=reason,
        due_on=target.due_on.isoformat(),
    )
    told = days_told(target, due_day(target, at, days))
    tell(entry, target, [target.section.group], reason=reason, **told)


def waive(target: InquiryTarget, reason: str, *, by: User, post: Post, at: datetime) -> None:
    """回答不要."""
    before = target.state
    target.waive(reason=reason)
    entry = record(
        "inquiry.waived",
        target,
        by=by,
        post=post,
        at=at,
        before=before,
        after=target.state,
        reason=reason,
    )
    tell(entry, target, [target.section.group], reason=reason)


def extend(
    target: InquiryTarget,
    due_on: date,
    reason: str,
    *,
    by: User,
    post: Post,
    at: datetime,
    days: Calendar | None = None,
) -> None:
    """期限延長. days: where many are extended.

    Whom it lies with is told, and the section that asked for it, wherever it lies by now.
    """
    before, wanted_on = target.due_on.isoformat(), target.wanted_on
    target.extend(due_on=due_on)
    entry = record(
        "inquiry.extended",
        target,
        by=by,
        post=post,
        at=at,
        before=before,
        after=due_on.isoformat(),
        reason=reason,
        asked=wanted_on.isoformat() if wanted_on else None,
    )
    told = days_told(target, due_day(target, at, days))
    to = [*asked_now([target]), *([target.section.group] if wanted_on else [])]
    tell(entry, target, to, reason=reason, **told)
