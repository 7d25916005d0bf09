"""庶務担当課のまとめ: what a department's coordinating section does with its answers."""

from datetime import datetime

from revisions.inquiry import gates, parts
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.parts_tiers import follow
from revisions.inquiry.policies import check_can_compile
from revisions.plan.gates import check_reason
from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.parts import meet
from workflow.ledger.command import command
from workflow.people.models import User


@command
def compile_answer(
    *, target_id: int, by: User, at: datetime, seen: int | None = None
) -> InquiryTarget:
    """Send a section's answer on to the secretariat (まとめ)."""
    target = parts.lock_target(pk=target_id)  # lock

    post = check_can_compile(by, target, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)

    before, late = target.state, in_tokyo(at) > target.due_on
    if target.says_something:  # move
        target.compile(at=at, is_late=late)
    else:
        target.compile_not_applicable(at=at, is_late=late)

    entry = record(  # record
        "inquiry.compiled",
        target,
        by=by,
        post=post,
        at=at,
        before=before,
        after=target.state,
        late=late,
    )
    meet(target, parts.DEADLINE, by=by, at=at)
    parts.tell(entry, target, parts.secretariat(target))  # tell
    return target


@command
def hand_back(
    *, target_id: int, reason: str, by: User, at: datetime, seen: int | None = None
) -> InquiryTarget:
    """Return an answer to its section (庶務担当課の差戻し), whose chief approves it anew."""
    target = parts.lock_target(pk=target_id)  # lock

    post = check_can_compile(by, target, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    check_reason(reason)

    before = target.state
    target.hand_back(reason=reason)  # move

    entry = record(  # record
        "inquiry.handed_back",
        target,
        by=by,
        post=post,
        at=at,
        before=before,
        after=target.state,
        reason=reason,
    )
    due = follow(target, target.section.group, by=by, at=at)
    parts.tell(entry, target, [target.section.group], reason=reason, **due)  # tell
    return target
