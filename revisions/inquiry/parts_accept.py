"""受理: accepted answers reach the draft. Usable only inside a command."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from revisions.inquiry import parts
from revisions.inquiry.decided import decided_words
from revisions.inquiry.duties import Sheet
from revisions.inquiry.gates_accept import KEEP, Acceptable, wording
from revisions.inquiry.models import InquiryTarget, SheetAnswer
from revisions.inquiry.states import AnswerKind
from revisions.opinion.models import Opinion
from revisions.opinion.parts import receive_opinions
from revisions.opinion.states import Channel, Medium
from revisions.plan import parts_changes as plan
from revisions.plan.merging import PLACE, changed_fields, field_of
from revisions.plan.models import Revision
from revisions.plan.models_changes import Change
from revisions.plan.parts_changes import Cause, Edit
from revisions.plan.queries import place_of
from revisions.plan.states import ChangeKind, DropReason, Origin
from workflow.audit.chain import canonical, digest
from workflow.audit.trail import record
from workflow.deadline.calendar import in_tokyo
from workflow.people.models import Post, User

Draft = Mapping[str, Sheet]
"""uid → sheet as it stands now."""


def take_over(
    revision: Revision,
    taken: Sequence[tuple[Acceptable, str]],
    draft: Draft,
    *,
    by: User,
    post: Post,
    at: datetime,
) -> None:
    """Let answers of one inquiry reach the draft and the ledger of opinions, and say so of each.

    taken  (answer, its state before). Of those that change no more than words all are written
           together, a few statements for all.
    """
    changes = _apply_all(revision, [one for one, _before in taken], draft, by=by, at=at)
    opinions = _pass_on(revision, [one for one, _before in taken], by=by, post=post, at=at)
    for one, before in taken:
        target = one.target
        told = [_told(answer, changes.get(answer.pk)) for answer in one.answers]
        entry = record(
            "inquiry.accepted",
            target,
            by=by,
            post=post,
            at=at,
            before=before,
            after=target.state,
            answers=told,
            opinions=[opinions[remark.pk].number for remark in one.remarks],
        )
        parts.tell(entry, target, [target.section.group], decided=decided_words(told))


def _apply_all(
    revision: Revision, taken: Iterable[Acceptable], draft: Draft, *, by: User, at: datetime
) -> dict[int, Change]:
    """Make a change of each answer that changes something; return answer id → change."""
    edits, others = dict[int, Edit](), dict[int, Change | None]()
    for one in taken:
        for answer in one.answers:
            cause = _cause(one.target, answer, by=by, at=at)
            if answer.uid in one.finals:
                edits[answer.pk] = _edit(one, answer, cause)
            else:
                others[answer.pk] = _apply(one, answer, draft.get(answer.uid), cause)
    edited = plan.edit_all(revision, list(edits.values()), draft)
    made = {pk: change for pk, change in others.items() if change}
    return made | dict(zip(edits, edited, strict=True))


def _cause(target: InquiryTarget, answer: SheetAnswer, *, by: User, at: datetime) -> Cause:
    return Cause(
        reason=answer.reason,
        by=by,
        at=at,
        origin=Origin.ANSWER,
        source=target,
        name=target.section.name,
        based_on=target.inquiry.version,
    )


def _edit(one: Acceptable, answer: SheetAnswer, cause: Cause) -> Edit:
    final, given = one.finals[answer.uid], one.decided.get(answer.uid, {})
    chosen = {name: choice.side for name, choice in given.items() if field_of(name) in final}
    return Edit(answer.uid, **_sides(answer), final=final, decided=chosen, cause=cause)


def _sides(answer: SheetAnswer) -> dict[str, Sheet]:
    fields = changed_fields(answer.before, answer.proposed)
    return {
        "before": {field: answer.before.get(field) for field in fields},
        "proposed": {field: answer.proposed[field] for field in fields},
    }


def _apply(
    one: Acceptable, answer: SheetAnswer, sheet: Sheet | None, cause: Cause
) -> Change | None:
    """Return the change that was made; None when there was nothing to change."""
    revision, given = one.target.revision, one.decided.get(answer.uid, {})
    match answer.kind:
        case AnswerKind.EDIT:
            return plan.leave(revision, ChangeKind.EDIT, answer.uid, cause, **_sides(answer))
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


def _pass_on(
    revision: Revision, taken: Iterable[Acceptable], *, by: User, post: Post, at: datetime
) -> dict[int, Opinion]:
    """Enter the sections' remarks in the ledger of opinions, which the secretariat answers; return
    remark id → opinion."""
    rows = {
        remark.pk: {
            "stage": one.target.inquiry.stage,
            "channel": Channel.SECTION,
            "medium": Medium.WEB,
            "received_on": in_tokyo(one.target.answered_at or at),
            "text": wording(remark),
            "source": one.target.section.name,
            "project_uid": remark.project_uid,
            "place": remark.place,
        }
        for one in taken
        for remark in one.remarks
    }
    entered = receive_opinions(revision, list(rows.values()), by=by, post=post, at=at)
    return dict(zip(rows, entered, strict=True))
