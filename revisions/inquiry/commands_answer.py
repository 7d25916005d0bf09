"""照会への回答: what the section asked does. Its chief's approval is a request (signoff)."""

from datetime import datetime
from typing import Any

from revisions.inquiry import gates, parts
from revisions.inquiry.gates_drafts import check_drafts, check_no_drafts
from revisions.inquiry.gates_submit import check_complete
from revisions.inquiry.models import InquiryTarget, Remark, SheetAnswer
from revisions.inquiry.parts_drafts import drop
from revisions.inquiry.parts_joint import ask_consents, tell_leads
from revisions.inquiry.parts_submit import circulate
from revisions.inquiry.parts_tiers import follow
from revisions.inquiry.policies import check_can_answer
from revisions.inquiry.queries import paper_of, sheets_of
from revisions.inquiry.queries_drafts import base_of, names_after
from revisions.inquiry.states import AnswerKind, InquiryKind
from revisions.inquiry.typed import Page
from workflow.audit.chain import canonical, digest
from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.parts import receive as receive_deadline
from workflow.ledger.command import command
from workflow.people.models import User


@command
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
    receive_deadline(target, parts.DEADLINE, by=by, at=at)
    parts.tell(entry, target, parts.secretariat(target))  # tell
    return target


@command
def answer_sheet(
    *,
    target_id: int,
    uid: str,
    kind: str,
    sheet: dict[str, Any] | None = None,
    place: str = "",
    dropped_as: str = "",
    reason: str = "",
    page: Page | None = None,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> SheetAnswer:
    """Answer for one sheet (事業ごとの回答): unchanged, edit, discontinue, or add a new one.

    uid         of one of the section's sheets; to add, "" or that of an addition made before
    sheet       what is proposed, to edit and to add
    place       the program in which a new project is to stand: 1-2
    dropped_as  to discontinue: the class of reason
    page        as it was typed; without one, nothing may be typed and not answered
    """
    target = parts.lock_target(pk=target_id)  # lock
    sheets = sheets_of(target)
    sheet = (sheet or {}) | {"uid": uid}

    post = check_can_answer(by, target, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    gates.check_kind(target, InquiryKind.PROJECTS)
    gates.check_answer(target, sheets, uid=uid, kind=kind, sheet=sheet, place=place)
    gates.check_why(kind, reason, dropped_as)
    drafts = check_drafts(target, sheets, uid, page)

    target.write()  # move
    drop(drafts)
    proposed = sheet if kind in (AnswerKind.EDIT, AnswerKind.ADD) else {}
    answer = parts.put_answer(
        target,
        uid or parts.uid_to_add(sheets),
        kind=kind,
        before=sheets.own_sheet(uid) or {},
        proposed=proposed,
        rows=names_after(proposed, page.typed if page else base_of(target, sheets, uid)),
        place=place if kind == AnswerKind.ADD else "",
        dropped_as=dropped_as,
        reason=reason,
    )

    entry = record(  # record
        "inquiry.sheet_answered",
        target,
        by=by,
        post=post,
        at=at,
        uid=answer.uid,
        kind=kind,
        dropped_as=dropped_as,
        reason=reason,
        proposed=digest(canonical(answer.proposed)),
    )
    if kind != AnswerKind.UNCHANGED:  # tell those without whom it is not complete, and nobody else
        tell_leads(entry, target, [answer])
    return answer


@command
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
    check_no_drafts(target, [sheet["uid"] for sheet in sheets.unanswered])

    target.write()  # move
    answers = SheetAnswer.objects.bulk_create(
        SheetAnswer(target=target, uid=sheet["uid"], kind=AnswerKind.UNCHANGED, before=sheet)
        for sheet in sheets.unanswered
    )
    ask_consents(target, answers)

    record(  # record; nobody is told before it is submitted
        "inquiry.answered_unchanged",
        target,
        by=by,
        post=post,
        at=at,
        uids=[sheet["uid"] for sheet in sheets.unanswered],
    )
    return target


@command
def remove_answer(
    *, target_id: int, uid: str, by: User, at: datetime, seen: int | None = None
) -> InquiryTarget:
    """Take back the answer for one sheet (回答の取消し)."""
    target = parts.lock_target(pk=target_id)  # lock
    answer = target.answers.get(uid=uid)

    post = check_can_answer(by, target, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    check_no_drafts(target, [uid])

    target.write()  # move
    answer.delete()

    record(  # record; nobody is told before it is submitted
        "inquiry.answer_removed", target, by=by, post=post, at=at, uid=uid, kind=answer.kind
    )
    return target


@command
def add_remark(
    *,
    target_id: int,
    text: str,
    project_uid: str = "",
    place: str = "",
    reason: str = "",
    proposal: str = "",
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Remark:
    """Write an opinion on the draft, or on a project that another section answers (意見).

    project_uid, place  what it is about: a project, or words that say where
    proposal            the wording that the section would have instead
    """
    target = parts.lock_target(pk=target_id)  # lock

    post = check_can_answer(by, target, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    gates.check_remark(target, text, project_uid, sheets_of(target))

    target.write()  # move
    words = {"place": place, "text": text, "reason": reason, "proposal": proposal}
    remark = Remark.objects.create(target=target, project_uid=project_uid, **words)

    record(  # record; nobody is told before it is submitted
        "inquiry.remark_added", target, by=by, post=post, at=at, remark=remark.pk, text=digest(text)
    )
    return remark


@command
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


@command
def submit(
    *, target_id: int, note: str = "", by: User, at: datetime, seen: int | None = None
) -> InquiryTarget:
    """Send the section's answer up to its chief (課長へ回付).

    A section that was asked nothing it leads and writes nothing answers 該当なし.
    """
    target = parts.lock_answer(target_id)  # lock
    sheets, paper = sheets_of(target), paper_of(target)

    post = check_can_answer(by, target, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    chief = check_complete(target, sheets, paper)

    before = target.state
    request = circulate(  # move
        target, sheets, paper, note=note, chief=chief, by=by, post=post, at=at
    )
    target.submit(request=request, note=note)
    follow(target, chief.group, by=by, at=at)

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
