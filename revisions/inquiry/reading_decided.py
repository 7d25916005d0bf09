"""What the page of an accepted answer shows of the words that the secretariat decided."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from revisions.inquiry.decided import otherwise
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.queries import Sheets
from revisions.inquiry.states import AnswerKind, TargetState
from revisions.plan.content import numbers
from revisions.plan.diff import LABELS, sheet_fields
from revisions.plan.merging import PLACE
from revisions.plan.models_changes import Change
from workflow.differences import text_diff


def decided_rows(target: InquiryTarget, sheets: Sheets) -> list[dict[str, Any]]:
    """Return {number, name, by, at, kept, fields: (label, pieces)} of what was decided otherwise.

    pieces  from the words of the answer to those that the draft got; kept: where the whole project
            was decided, what became of it
    """
    if target.state != TargetState.ACCEPTED:
        return []
    changes = target.revision.changes.filter(
        origin_key=target.key, uid__in=sheets.answers, at__gte=target.answered_at
    )
    last = {change.uid: change for change in changes.order_by("number").select_related("by")}
    return [_row(change, sheets) for change in last.values() if otherwise(change.decided)]


def _row(change: Change, sheets: Sheets) -> dict[str, Any]:
    answer = sheets.answers[change.uid]
    fields = otherwise(change.decided)
    return {
        "number": numbers(sheets.content).get(change.uid, ""),
        "name": answer.before["name"],
        "by": change.by,
        "at": change.at,
        "kept": _kept(answer.kind) if PLACE in fields else "",
        "fields": [] if PLACE in fields else _fields(change, answer.proposed, fields, sheets),
    }


def _fields(
    change: Change, proposed: Mapping[str, Any], fields: list[str], sheets: Sheets
) -> list[tuple[str, Any]]:
    names = sheets.content["sections"]
    said = sheet_fields(proposed, names=names)
    stands = sheet_fields({**proposed, **change.final}, names=names)
    return [(LABELS[field], text_diff(said[field], stands[field])) for field in fields]


def _kept(kind: str) -> str:
    if kind == AnswerKind.DISCONTINUE:
        return _("廃止とせず、計画案に残しました。")
    return _("計画案から廃止されているため、変更は入れていません。")
