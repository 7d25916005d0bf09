"""受理: the secretariat takes an answer over, and decides where the draft has moved meanwhile."""

from datetime import datetime

from revisions.inquiry import parts
from revisions.inquiry.gates_accept import Decided, check_acceptable
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.parts_accept import take_over
from revisions.inquiry.queries import draft_sheets
from revisions.plan.policies import check_can_steer
from workflow.audit.trail import check_seen
from workflow.deadline.calendar import in_tokyo
from workflow.ledger.command import command
from workflow.people.models import User


@command
def accept(
    *,
    target_id: int,
    decided: Decided | None = None,
    drafted: str | None = None,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> InquiryTarget:
    """Take an answer over into the draft and the ledger of opinions (受理).

    drafted  `fingerprint` of the draft's side of it that the page was made from
    """
    target = parts.lock_with_draft(target_id)  # lock

    post = check_can_steer(by, target.revision, in_tokyo(at))  # check
    check_seen(target, seen)
    draft = draft_sheets(target.revision)
    taken = check_acceptable(target, draft, decided, drafted)

    before = target.state
    target.accept()  # move

    revision = target.revision
    take_over(revision, [(taken, before)], draft, by=by, post=post, at=at)  # record, tell
    return target
