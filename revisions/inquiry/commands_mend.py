"""事務局の修正と再開: what the secretariat does with an answer that it was given."""

from datetime import date, datetime
from typing import Any

from revisions.inquiry import gates, parts
from revisions.inquiry.gates_between import check_mendable
from revisions.inquiry.models import InquiryTarget, SheetAnswer
from revisions.inquiry.models_between import Mending
from revisions.inquiry.naming import days_told
from revisions.inquiry.parts_between import begin_anew
from revisions.inquiry.parts_joint import tell_leads
from revisions.inquiry.parts_tiers import ask_again, due_day
from revisions.inquiry.queries import sheets_of
from revisions.inquiry.queries_drafts import base_of, names_after
from revisions.inquiry.states import AnswerKind, TargetState
from revisions.plan.gates import check_changed, check_reason, check_sheet
from revisions.plan.parts import freeze
from revisions.plan.policies import check_can_steer
from workflow.audit.chain import canonical, digest
from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import in_tokyo
from workflow.ledger.command import command
from workflow.people.models import User


@command
def mend_answer(
    *,
    target_id: int,
    uid: str,
    sheet: dict[str, Any],
    reason: str,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> SheetAnswer:
    """Correct what a section answered for one sheet (事務局の修正); both texts are kept."""
    target = parts.lock_target(pk=target_id)  # lock
    answer = target.answers.get(uid=uid)
    before, after = answer.proposed or answer.before, sheet | {"uid": uid}

    post = check_can_steer(by, target.revision, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    check_reason(reason)
    check_mendable(answer)
    check_sheet(target.revision.plan, after)
    check_changed(before, after)

    target.mend()  # move
    answer.rows = names_after(after, base_of(target, sheets_of(target), uid))
    answer.proposed = after
    if answer.kind == AnswerKind.UNCHANGED:
        answer.kind, answer.reason = AnswerKind.EDIT, reason
    words = {"before": before, "after": after, "reason": reason}
    Mending.objects.create(target=target, uid=uid, by=by, at=at, **words)

    entry = record(  # record
        "inquiry.answer_mended",
        target,
        answer,
        by=by,
        post=post,
        at=at,
        reason=reason,
        uid=uid,
        was=digest(canonical(before)),
        proposed=digest(canonical(after)),
    )
    parts.tell(entry, target, [target.section.group], name=after["name"], reason=reason)  # tell
    tell_leads(entry, target, [answer])
    return answer


@command
def reopen(
    *,
    target_id: int,
    reason: str,
    due_on: date,
    accept_closed_day: bool = False,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> InquiryTarget:
    """Ask a section again whose answer was accepted, or not waited for (再開).

    What was accepted is in the draft and stays: the section is shown the plan as it is now.
    """
    target = parts.lock_with_draft(target_id)  # lock

    post = check_can_steer(by, target.revision, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    check_reason(reason)
    gates.check_due(due_on, at, accept_closed_day=accept_closed_day)

    before, version = target.state, None
    if before == TargetState.ACCEPTED:  # move
        version = freeze(target.revision, label=target.inquiry.title, by=by, at=at)
    target.reopen(reason=reason, due_on=due_on, version=version)
    if version:
        begin_anew(target)

    entry = record(  # record
        "inquiry.reopened",
        target,
        by=by,
        post=post,
        at=at,
        before=before,
        after=target.state,
        reason=reason,
        due_on=due_on.isoformat(),
        version=version.sha256 if version else None,
    )
    ask_again(target, by=by, at=at)
    told = days_told(target, due_day(target, at))
    parts.tell(entry, target, [target.section.group], reason=reason, **told)  # tell
    return target
