"""期限延長の申出: a section asks for more time. Granting it is commands.extend."""

from datetime import date, datetime

from revisions.inquiry import gates, parts
from revisions.inquiry.gates_between import check_is_wanted, check_wanted
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.naming import days_awaited
from revisions.inquiry.policies import check_can_answer
from revisions.plan.gates import check_reason
from revisions.plan.policies import check_can_steer
from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import in_tokyo
from workflow.ledger.command import command
from workflow.people.models import User


@command
def ask_extension(
    *,
    target_id: int,
    due_on: date,
    reason: str,
    accept_closed_day: bool = False,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> InquiryTarget:
    """Ask the secretariat for more time (期限延長の申出); once at a time."""
    target = parts.lock_target(pk=target_id)  # lock

    post = check_can_answer(by, target, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    check_reason(reason)
    check_wanted(target, due_on)
    gates.check_due(due_on, at, accept_closed_day=accept_closed_day)

    target.ask_extension(until=due_on, because=reason)  # move

    entry = record(  # record
        "inquiry.extension_asked",
        target,
        by=by,
        post=post,
        at=at,
        reason=reason,
        wanted_on=due_on.isoformat(),
    )
    parts.tell(  # tell
        entry, target, parts.secretariat(target), reason=reason, wanted_on=due_on.isoformat()
    )
    return target


@command
def decline_extension(
    *, target_id: int, reason: str, by: User, at: datetime, seen: int | None = None
) -> InquiryTarget:
    """Leave the due day as it is, though more time was asked for (延長しない)."""
    target = parts.lock_target(pk=target_id)  # lock

    post = check_can_steer(by, target.revision, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    check_reason(reason)
    check_is_wanted(target)

    wanted_on = target.wanted_on
    target.decline_extension()  # move

    entry = record(  # record
        "inquiry.extension_declined",
        target,
        by=by,
        post=post,
        at=at,
        reason=reason,
        asked=wanted_on.isoformat() if wanted_on else None,
    )
    days = days_awaited(target)
    parts.tell(entry, target, [target.section.group], reason=reason, **days)  # tell
    return target
