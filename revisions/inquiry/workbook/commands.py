"""照会票をExcelで: a section sends its workbook in, sees what was read, and accepts it or not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from revisions.inquiry import gates, parts_questions
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.parts import lock_target
from revisions.inquiry.parts_joint import tell_leads
from revisions.inquiry.policies import check_can_answer
from revisions.inquiry.queries import paper_of, sheets_of
from revisions.inquiry.questions import read_some
from revisions.inquiry.states import AnswerKind
from revisions.inquiry.workbook import gates as workbook_gates
from revisions.inquiry.workbook import parts
from revisions.inquiry.workbook.answers import Answer, Opinion
from revisions.inquiry.workbook.models import KEPT, Upload
from workflow.audit.chain import digest
from workflow.audit.trail import check_seen, record
from workflow.deadline.calendar import in_tokyo
from workflow.ledger.command import command
from workflow.people.models import User


@command
def upload_workbook(*, target_id: int, name: str, body: bytes, by: User, at: datetime) -> Upload:
    """Keep a workbook for the person who sent it, in place of the one before (照会票の預かり).

    Nothing of it is an answer yet, so nothing is recorded.
    """
    target = lock_target(pk=target_id)  # lock

    check_can_answer(by, target, in_tokyo(at))  # check
    gates.check_running(target)
    target.write()

    kept = {
        "name": name,
        "body": body,
        "sha256": sha256(body).hexdigest(),
        "sent_at": at,
        "expires_at": at + KEPT,
    }
    return Upload.objects.update_or_create(target=target, by=by, defaults=kept)[0]  # move


@command
def drop_workbook(*, target_id: int, by: User, at: datetime) -> None:
    """Throw away what a person sent and did not accept (預かりの取消し)."""
    Upload.objects.filter(target=target_id, by=by).delete()


@command
def forget_workbooks(*, by: User | None = None, at: datetime) -> int:
    """Throw away what nobody accepted in time; return how many."""
    return Upload.objects.filter(expires_at__lte=at).delete()[0]


@command
def save_workbook(
    *,
    target_id: int,
    answers: Sequence[Answer] = (),
    removed: Sequence[str] = (),
    opinions: Sequence[Opinion] = (),
    withdrawn: Sequence[int] = (),
    typed: Mapping[int, Any] | None = None,
    file: str,
    by: User,
    at: datetime,
    seen: int,
) -> InquiryTarget:
    """Answer with what was read of a workbook (Excelでの回答), all of it in one act.

    removed    uids whose answer is taken back
    withdrawn  ids of the remarks that are
    typed      of some questions, by id, as questions.read() takes it
    file       SHA-256 of the workbook, which is kept no longer
    seen       chain_length that the workbook was compared with
    """
    target = lock_target(pk=target_id)  # lock
    sheets, paper = sheets_of(target), paper_of(target)
    values, wrong = read_some(paper.questions, typed or {}, paper.values)

    post = check_can_answer(by, target, in_tokyo(at))  # check
    check_seen(target, seen)
    gates.check_running(target)
    workbook_gates.check_answers(target, sheets, answers, removed)
    workbook_gates.check_opinions(target, sheets, opinions)
    workbook_gates.check_typed(paper, wrong)

    target.write()  # move
    written = parts.put_answers(target, sheets, answers, removed)
    parts.put_opinions(target, opinions, withdrawn)
    if typed:
        parts_questions.put_values(target, values, {})
    Upload.objects.filter(target=target, by=by, sha256=file).delete()

    entry = record(  # record
        "inquiry.workbook_saved",
        target,
        by=by,
        post=post,
        at=at,
        file=file,
        answers=[answer.told() for answer in answers],
        removed=list(removed),
        opinions=[{"row": o.row, "text": digest(o.text)} for o in opinions],
        withdrawn=list(withdrawn),
        **parts_questions.values_told(paper, values),
    )
    tell_leads(entry, target, [a for a in written if a.kind != AnswerKind.UNCHANGED])  # tell
    return target
