"""下書きを読む: what is typed and not answered yet, and who has which sheet open."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.models_drafts import AnswerDraft, Presence
from revisions.inquiry.queries import Sheets
from revisions.inquiry.rows import (
    DELETE,
    TABLES,
    Values,
    cells_of,
    names_kept,
    row_of,
    rows_in,
    staying,
)
from revisions.inquiry.states import AnswerKind
from revisions.inquiry.typed import TEXTS, as_typed
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
    A row that the answer leaves out is there as one that goes: who writes in it is told.
    """
    answer, own = sheets.answers.get(uid), sheets.own_sheet(uid)
    new = {"status": ProjectStatus.NEW, "lead": [{"section": target.section.code}]}
    blank: dict[str, Any] = dict.fromkeys(TEXTS, "") | {table: [] for table in TABLES}
    shown = as_typed(initial_of(own) if own else blank | new)
    if answer is None:
        return shown | {"place": "", "reason": "", "kind": ""}
    kind = answer.kind if answer.kind in OVER_A_SHEET else ""
    said = {"place": answer.place, "reason": answer.reason, "kind": kind}
    if not answer.proposed:
        return shown | said
    now = as_typed(initial_of(answer.proposed), answer.rows)
    return _left_out(shown, now) | now | said


def _left_out(shown: Values, now: Values) -> Values:
    there, values = {row_of(field) for field in now}, Values()
    for table, rows in rows_in(shown).items():
        gone = {n: row | {DELETE: "on"} for n, row in rows.items() if f"{table}/{n}" not in there}
        values |= cells_of(table, gone)
    return values


def names_after(proposed: Mapping[str, Any], typed: Values) -> dict[str, list[str]]:
    """Return the names of an answer's rows, by table.

    typed  what the page said that it was saved from or, where there was none, what it takes over
    """
    now = rows_in(as_typed(initial_of(proposed))) if proposed else {}
    return {t: names_kept(list(rows.values()), staying(typed, t)) for t, rows in now.items()}


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
