"""受理: the secretariat takes an answer over, and decides where the draft has moved meanwhile."""

from datetime import datetime

from revisions.inquiry import gates, parts
from revisions.inquiry.decided import decided_words
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.parts_accept import apply_answers, pass_on_remarks
from revisions.inquiry.queries import clashes_of, clashing_words, draft_sheets
from revisions.plan.gates import check_unmoved
from revisions.plan.policies import check_can_steer
from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import in_tokyo
from workflow.ledger.command import command
from workflow.people.models import User


@command
def accept(
    *,
    target_id: int,
    decided: gates.Decided | None = None,
    drafted: str | None = None,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> InquiryTarget:
    """Take an answer over into the draft and the ledger of opinions (受理).

    decided  uid → field → whose words stand, where the draft has moved since it was shown
    drafted  `fingerprint` of the draft's side of it that the page was made from
    """
    target = parts.lock_with_draft(target_id)  # lock

    post = check_can_steer(by, target.revision, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    answers, remarks = list(target.answers.all()), list(target.remarks.all())
    draft, given = draft_sheets(target.revision), decided or {}
    clashes = clashes_of(draft, answers)
    check_unmoved(clashing_words(clashes), drafted)
    gates.check_decided(target, clashes, given)
    finals = gates.check_outcome(target.revision, draft, answers, given)

    before = target.state
    target.accept()  # move
    done = apply_answers(target, answers, draft=draft, finals=finals, decided=given, by=by, at=at)
    opinions = pass_on_remarks(target, remarks, by=by, post=post, at=at)

    entry = record(  # record
        "inquiry.accepted",
        target,
        by=by,
        post=post,
        at=at,
        before=before,
        after=target.state,
        answers=done,
        opinions=[opinion.number for opinion in opinions],
    )
    parts.tell(entry, target, [target.section.group], decided=decided_words(done))  # tell
    return target
