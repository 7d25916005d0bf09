"""受理: accepted answers reach the draft. Usable only inside a command."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from revisions.inquiry.duties import Sheet
from revisions.inquiry.gates import KEEP, Decided
from revisions.inquiry.models import InquiryTarget, Remark, SheetAnswer
from revisions.inquiry.states import AnswerKind
from revisions.opinion.models import Opinion
from revisions.opinion.parts import receive_opinion
from revisions.opinion.states import Channel, Medium
from revisions.plan import parts_changes as plan
from revisions.plan.merging import PLACE, Choice, changed_fields
from revisions.plan.models_changes import Change
from revisions.plan.parts_changes import Cause
from revisions.plan.queries import place_of
from revisions.plan.states import ChangeKind, DropReason, Origin
from workflow.audit.chain import canonical, digest
from workflow.deadline.calendar import in_tokyo
from workflow.people.models import Post, User


def apply_answers(
    target: InquiryTarget,
    answers: Iterable[SheetAnswer],
    *,
    draft: Mapping[str, Sheet],
    finals: Mapping[str, Sheet],
    decided: Decided,
    by: User,
    at: datetime,
) -> list[dict[str, Any]]:
    """Let answers reach the draft, each as a change; return what was done, for the entry.

    draft   uid → sheet as it stands now
    finals  uid → the fields that an edit comes to
    """
    done = []
    for answer in answers:
        cause = Cause(
            reason=answer.reason,
            by=by,
            at=at,
            origin=Origin.ANSWER,
            source=target,
            name=target.section.name,
            based_on=target.inquiry.version,
        )
        given = decided.get(answer.uid, {})
        change = _apply(target, answer, draft.get(answer.uid), finals, given, cause)
        done.append(_told(answer, change))
    return done


def _apply(
    target: InquiryTarget,
    answer: SheetAnswer,
    sheet: Sheet | None,
    finals: Mapping[str, Sheet],
    given: Mapping[str, Choice],
    cause: Cause,
) -> Change | None:
    """Return the change that was made; None when there was nothing to change."""
    revision = target.revision
    match answer.kind:
        case AnswerKind.EDIT:
            fields = changed_fields(answer.before, answer.proposed)
            sides = {
                "before": {field: answer.before.get(field) for field in fields},
                "proposed": {field: answer.proposed[field] for field in fields},
            }
            if sheet is None:
                return plan.leave(revision, ChangeKind.EDIT, answer.uid, cause, **sides)
            final = finals[answer.uid]
            chosen = {field: choice.side for field, choice in given.items() if field in final}
            return plan.edit(revision, sheet, **sides, final=final, decided=chosen, cause=cause)
        case AnswerKind.DISCONTINUE if sheet and given.get(PLACE) == KEEP:
            place = {"place": place_of(revision, answer.uid)}
            sides = {"before": answer.before | place, "final": place}
            return plan.leave(revision, ChangeKind.DISCONTINUE, answer.uid, cause, **sides)
        case AnswerKind.DISCONTINUE if sheet:
            chosen = {field: choice.side for field, choice in given.items()}
            as_ = DropReason(answer.dropped_as)
            return plan.discontinue(
                revision, answer.before, dropped_as=as_, decided=chosen, cause=cause
            )
        case AnswerKind.ADD:
            return plan.add_project(revision, answer.proposed, place=answer.place, cause=cause)
    return None


def _told(answer: SheetAnswer, change: Change | None) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": str(answer.kind), "reason": answer.reason}
    if change is None:
        return told | {"uid": answer.uid}
    return told | {
        "uid": change.uid,
        "name": (answer.before or answer.proposed)["name"],
        "change": change.number,
        "decided": change.decided,
        "final": digest(canonical(change.final)),
    }


def pass_on_remarks(
    target: InquiryTarget, remarks: Iterable[Remark], *, by: User, post: Post, at: datetime
) -> list[Opinion]:
    """Enter a section's remarks in the ledger of opinions, which the secretariat answers."""
    return [
        receive_opinion(
            target.revision,
            stage=target.inquiry.stage,
            channel=Channel.SECTION,
            medium=Medium.WEB,
            received_on=in_tokyo(target.answered_at or at),
            text=_wording(remark),
            source=target.section.name,
            project_uid=remark.project_uid,
            place=remark.place,
            by=by,
            post=post,
            at=at,
        )
        for remark in remarks
    ]


def _wording(remark: Remark) -> str:
    why = f"理由：{remark.reason}" if remark.reason else ""
    instead = f"修正案：{remark.proposal}" if remark.proposal else ""
    return "\n\n".join(filter(None, [remark.text, why, instead]))
