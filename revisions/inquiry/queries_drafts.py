"""下書きを読む: what is typed and not answered yet, and who has which sheet open."""

from datetime import datetime, timedelta
from typing import Any

from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.models_drafts import AnswerDraft, Presence
from revisions.inquiry.queries import Sheets
from revisions.inquiry.states import AnswerKind
from revisions.inquiry.typed import TABLES, TEXTS, Values, as_typed
from revisions.plan.cells import initial_of
from revisions.plan.states import ProjectStatus
from workflow.ledger.read import Read

PRESENT = timedelta(seconds=60)
"""How long somebody counts as present after their page was last heard of."""

OVER_A_SHEET = (AnswerKind.UNCHANGED, AnswerKind.DISCONTINUE)
"""Answers that say nothing of the fields."""


def base_of(target: InquiryTarget, sheets: Sheets, uid: str) -> Values:
    """Return what a sheet's form starts from: its answer, or else the sheet, or a new one.

    kind  besides: 変更なし or 廃止 where that was answered
    """
    answer = sheets.answers.get(uid)
    sheet = (answer and answer.proposed) or sheets.own_sheet(uid)
    new = {"status": ProjectStatus.NEW, "lead": [{"section": target.section.code}]}
    blank: dict[str, Any] = dict.fromkeys(TEXTS, "") | {table: [] for table in TABLES}
    initial = initial_of(sheet) if sheet else blank | new
    said = {"place": answer.place, "reason": answer.reason} if answer else {}
    kind = answer.kind if answer and answer.kind in OVER_A_SHEET else ""
    return as_typed(initial | {"place": "", "reason": ""} | said | {"kind": kind})


_DRAFTS = Read(
    lambda target, uid: AnswerDraft.objects.filter(target=target, uid=uid).select_related("post"),
    target=int,
    uid=str,
)


def drafts_of(target: InquiryTarget, uid: str) -> dict[str, AnswerDraft]:
    """Return a sheet's drafts by field, each with the post that wrote it."""
    return {draft.field: draft for draft in _DRAFTS(target=target.pk, uid=uid)}


def with_drafts(target: InquiryTarget) -> list[str]:
    """Return the uids of the sheets of which something is typed and not answered."""
    uids = AnswerDraft.objects.filter(target=target).order_by("uid")
    return list(uids.values_list("uid", flat=True).distinct())


def present(target: InquiryTarget, at: datetime) -> dict[str, list[str]]:
    """Return by uid the names of the posts whose holders have its form open."""
    rows = Presence.objects.filter(target=target, at__gt=at - PRESENT).select_related("post")
    found: dict[str, list[str]] = {}
    for row in rows.order_by("post__order", "pk"):
        found.setdefault(row.uid, []).append(row.post.name)
    return found
