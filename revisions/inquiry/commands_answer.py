"""照会への回答: what the section asked does. Its chief's approval is a request (signoff)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from revisions.inquiry import gates, parts
from revisions.inquiry.models import InquiryTarget, Remark, SheetAnswer
from revisions.inquiry.policies import check_can_answer
from revisions.inquiry.queries import sheets_of
from revisions.inquiry.states import AnswerKind, InquiryKind
from workflow.audit.chain import canonical, digest
from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import in_tokyo
from workflow.people.models import User
from workflow.people.queries import chief_of


@transaction.atomic(durable=True)
def receive(*, target_id: int, by: User, at: datetime, seen: int | None = None) -> InquiryTarget:
    """Take the inquiry in for the section (受取); who took it is kept."""
    target = parts.lock_target(pk=target_id)  # lock

    post = check_can_answer(by, target, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)

    before = target.state
    target.receive(by_id=by.pk, at=at)  # move

    entry = record(  # record
        "inquiry.received", target, by=by, post=post, at=at, before=before, after=target.state
    )
    parts.tell(entry, target, parts.secretariat(target))  # tell
    return target


@transaction.atomic(durable=True)
def answer_sheet(
    *,
    target_id: int,
    uid: str,
    kind: str,
    sheet: dict[str, Any] | None = None,
    place: str = "",
    reason: str = "",
    by: User,
    at: datetime,
    seen: int | None = None,
) -> SheetAnswer:
    """Answer for one sheet (事業ごとの回答): unchanged, edit, discontinue, or add a new one.

    uid    of one of the section's sheets; to add, "" or that of an addition made before
    sheet  what is proposed, to edit and to add
    place  the program in which a new project is to stand: 1-2
    """
    target = parts.lock_target(pk=target_id)  # lock
    sheets = sheets_of(target)
    sheet = (sheet or {}) | {"uid": uid}

    post = check_can_answer(by, target, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    gates.check_kind(target, InquiryKind.PROJECTS)
    gates.check_answer(target, sheets, uid=uid, kind=kind, sheet=sheet, place=place)
    gates.check_why(kind, reason)

    target.write()  # move
    answer = parts.put_answer(
        target,
        uid or parts.uid_to_add(sheets),
        kind=kind,
        before=sheets.own_sheet(uid) or {},
        proposed=sheet if kind in (AnswerKind.EDIT, AnswerKind.ADD) else {},
        place=place if kind == AnswerKind.ADD else "",
        reason=reason,
    )

    record(  # record; it goes nowhere before it is submitted, so nobody is told
        "inquiry.sheet_answered",
        target,
        by=by,
        post=post,
        at=at,
        uid=answer.uid,
        kind=kind,
        reason=reason,
        proposed=digest(canonical(answer.proposed)),
    )
    return answer


@transaction.atomic(durable=True)
def answer_all_unchanged(
    *, target_id: int, by: User, at: datetime, seen: int | None = None
) -> InquiryTarget:
    """Answer 変更なし for every sheet that has no answer yet."""
    target = parts.lock_target(pk=target_id)  # lock
    sheets = sheets_of(target)

    post = check_can_answer(by, target, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    gates.check_kind(target, InquiryKind.PROJECTS)

    target.write()  # move
    SheetAnswer.objects.bulk_create(
        SheetAnswer(target=target, uid=sheet["uid"], kind=AnswerKind.UNCHANGED, before=sheet)
        for sheet in sheets.unanswered
    )

    record(  # record; nobody is told before it is submitted
        "inquiry.answered_unchanged",
        target,
        by=by,
        post=post,
        at=at,
        uids=[sheet["uid"] for sheet in sheets.unanswered],
    )
    return target


@transaction.atomic(durable=True)
def remove_answer(
    *, target_id: int, uid: str, by: User, at: datetime, seen: int | None = None
) -> InquiryTarget:
    """Take back the answer for one sheet (回答の取消し)."""
    target = parts.lock_target(pk=target_id)  # lock
    answer = target.answers.get(uid=uid)

    post = check_can_answer(by, target, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)

    target.write()  # move
    answer.delete()

    record(  # record; nobody is told before it is submitted
        "inquiry.answer_removed", target, by=by, post=post, at=at, uid=uid, kind=answer.kind
    )
    return target


@transaction.atomic(durable=True)
def add_remark(
    *,
    target_id: int,
    text: str,
    project_uid: str = "",
    place: str = "",
    proposal: str = "",
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Remark:
    """Write an opinion on the draft (素案への意見).

    project_uid, place  what it is about: a project, or words that say where
    proposal            the wording that the section would have instead
    """
    target = parts.lock_target(pk=target_id)  # lock

    post = check_can_answer(by, target, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    gates.check_kind(target, InquiryKind.OPINIONS)
    gates.check_remark(text, project_uid, sheets_of(target))

    target.write()  # move
    remark = Remark.objects.create(
        target=target, project_uid=project_uid, place=place, text=text, proposal=proposal
    )

    record(  # record; nobody is told before it is submitted
        "inquiry.remark_added", target, by=by, post=post, at=at, remark=remark.pk, text=digest(text)
    )
    return remark


@transaction.atomic(durable=True)
def remove_remark(
    *, remark_id: int, by: User, at: datetime, seen: int | None = None
) -> InquiryTarget:
    """Take back an opinion that was not submitted (意見の取消し)."""
    remark = Remark.objects.get(pk=remark_id)
    target = parts.lock_target(pk=remark.target_id)  # lock

    post = check_can_answer(by, target, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)

    target.write()  # move
    remark.delete()

    record(  # record; nobody is told before it is submitted
        "inquiry.remark_removed", target, by=by, post=post, at=at, remark=remark_id
    )
    return target


@transaction.atomic(durable=True)
def submit(
    *, target_id: int, note: str = "", by: User, at: datetime, seen: int | None = None
) -> InquiryTarget:
    """Send the section's answer up to its chief (課長へ回付).

    A section that was asked nothing it leads and writes nothing answers 該当なし.
    """
    target = parts.lock_answer(target_id)  # lock
    sheets = sheets_of(target)

    post = check_can_answer(by, target, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    gates.check_complete(target, sheets)
    chief = gates.check_has_chief(chief_of(target.section), target.section)

    before = target.state
    request = parts.circulate(  # move
        target, sheets, note=note, chief=chief, by=by, post=post, at=at
    )
    target.submit(request=request, note=note)

    record(  # record; the request tells the chief
        "inquiry.submitted",
        target,
        by=by,
        post=post,
        at=at,
        before=before,
        after=target.state,
        request=request.pk,
        content=request.content.sha256,
    )
    return target
