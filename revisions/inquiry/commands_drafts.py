"""下書き: what people of one section type into a sheet at once. One of them saves it: answer_sheet.

What is typed is no state: it is kept, but not recorded (ADR 0011).
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from django.utils.translation import gettext as _

from revisions.inquiry import gates, parts, queries
from revisions.inquiry.gates_drafts import check_any_drafts, check_lengths
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.models_drafts import UID, AnswerDraft, Presence
from revisions.inquiry.parts_drafts import drop, lock_fields, met, share_target
from revisions.inquiry.policies import check_can_answer
from revisions.inquiry.queries_drafts import PRESENT, base_of, drafts_of
from revisions.inquiry.rows import Values
from revisions.inquiry.typed import Marks, Page, mark
from workflow.audit.trail import record
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid
from workflow.ledger.command import command, move
from workflow.people.models import User


@dataclass(frozen=True)
class Kept:
    """saved: fields that are kept; clashes: what others wrote where the page wrote too."""

    target: InquiryTarget
    saved: list[str] = field(default_factory=list)
    clashes: list[AnswerDraft] = field(default_factory=list)


@command
def save_fields(*, target_id: int, uid: str, page: Page, by: User, at: datetime) -> Kept:
    """Keep what was typed (下書きの保存), field by field, where nobody else wrote meanwhile."""
    target = share_target(target_id)  # lock

    post = check_can_answer(by, target, in_tokyo(at))  # check
    gates.check_running(target)
    check_lengths(page.typed)
    target.write()

    @cache
    def base() -> Values:
        return _base(target, uid)

    author = {"by": by, "post": post, "at": at}
    drafts = lock_fields(target, uid, page.at_stake, page=page, base=base, **author)
    clashes = [draft for draft in drafts if met(page, draft)]
    for draft in drafts:  # move
        if draft not in clashes and draft.value != page.says(draft.field):
            draft.value, draft.page = page.says(draft.field), page.name
            draft.by, draft.post, draft.at = by, post, at
            move(draft)
    told = {draft.field for draft in clashes}
    return Kept(target, [field for field in page.touched if field not in told], clashes)


@command
def discard_drafts(
    *, target_id: int, uid: str, shown: Marks, by: User, at: datetime
) -> InquiryTarget:
    """Throw away what was typed on a sheet (下書きの破棄), as far as it is what the page showed.

    shown  marks of the sheet's fields
    """
    target = parts.lock_target(pk=target_id)  # lock
    drafts = [d for d in drafts_of(target, uid).values() if shown.get(d.field) == mark(d.value)]

    post = check_can_answer(by, target, in_tokyo(at))  # check
    gates.check_running(target)
    check_any_drafts(drafts)

    target.write()  # move
    drop(drafts)

    record(  # record; nobody is told before it is submitted
        "inquiry.draft_discarded",
        target,
        by=by,
        post=post,
        at=at,
        uid=uid,
        drafts={draft.field: mark(draft.value) for draft in drafts},
    )
    return target


@command
def come(*, target_id: int, uid: str, by: User, at: datetime) -> InquiryTarget:
    """Say that somebody has a sheet's form open (いま開いている人)."""
    target = InquiryTarget.objects.select_related("section").get(pk=target_id)
    post = check_can_answer(by, target, in_tokyo(at))  # check
    if len(uid) > UID:
        raise _no_sheet()
    Presence.objects.bulk_create(  # move
        [Presence(target=target, uid=uid, user=by, post=post, at=at)],
        update_conflicts=True,
        unique_fields=["target", "uid", "user"],
        update_fields=["post", "at"],
    )
    return target


@command
def forget_presence(*, by: None, at: datetime) -> int:
    """Forget who had which sheet open, once it no longer counts; return how many."""
    return Presence.objects.filter(at__lte=at - PRESENT).delete()[0]


def _base(target: InquiryTarget, uid: str) -> Values:
    sheets = queries.sheets_of(target)
    if sheets.own_sheet(uid) is None and uid not in (answer.uid for answer in sheets.added):
        raise _no_sheet()
    return base_of(target, sheets, uid)


def _no_sheet() -> Invalid:
    return Invalid(_("この課が回答する個別事業ではありません。"), field="uid")
