"""Writes of a workbook that was accepted. Usable only inside a command."""

from collections.abc import Iterable, Sequence
from typing import Any

from revisions.inquiry.models import InquiryTarget, Remark, SheetAnswer
from revisions.inquiry.parts_joint import ask_anew
from revisions.inquiry.queries import Sheets
from revisions.inquiry.queries_drafts import base_of, names_after
from revisions.inquiry.workbook.answers import WORDS, Answer, Opinion
from workflow.ledger.command import BATCH, require_transaction


def put_answers(
    target: InquiryTarget, sheets: Sheets, answers: Iterable[Answer], removed: Sequence[str]
) -> list[SheetAnswer]:
    """Write answers in place of those before and take others back; other leads are asked anew."""
    require_transaction("put_answers")
    if removed:
        target.answers.filter(uid__in=removed).delete()
    rows = [answer.row(target) for answer in answers]
    for row in rows:
        row.rows = names_after(row.proposed, base_of(target, sheets, row.uid))
    written = SheetAnswer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["target", "uid"],
        update_fields=["kind", "before", "proposed", "rows", "place", "dropped_as", "reason"],
    )
    ask_anew(target, written)
    return written


def put_opinions(
    target: InquiryTarget, opinions: Iterable[Opinion], withdrawn: Sequence[int]
) -> None:
    require_transaction("put_opinions")
    if withdrawn:
        target.remarks.filter(pk__in=withdrawn).delete()
    rows: dict[bool, list[Remark]] = {True: [], False: []}
    for opinion in opinions:
        key: dict[str, Any] = {"pk": opinion.pk} if opinion.pk else {"row": opinion.row}
        rows[opinion.pk is None].append(Remark(target=target, **key, **opinion.words))
    Remark.objects.bulk_create(rows[True], batch_size=BATCH)
    Remark.objects.bulk_update(rows[False], WORDS, batch_size=BATCH)
