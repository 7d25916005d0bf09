"""証跡を確かめる: every chain from its first entry to the head that its row keeps."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext as _

from workflow.audit.chain import GENESIS, Broken, walk
from workflow.audit.models import Audited, AuditEntry, key_of

Head = tuple[int, str]
Row = tuple[int, str, str, str, str, str, str, int | None, datetime]

COLUMNS = ("seq", "prev", "body", "hash", "subject", "within_key", "verb", "by_id", "at")


@dataclass(frozen=True)
class Finding:
    """Where a chain does not hold, and why."""

    subject: str
    seq: int
    what: str


@dataclass
class Report:
    entries: int = 0
    subjects: int = 0
    findings: list[Finding] = field(default_factory=list)


def verify() -> Report:
    """Check every entry there is, and that no chain lost its end. Holds one head a subject."""
    report = Report()
    heads: dict[str, Head | None] = {}
    rows = AuditEntry.objects.order_by("subject", "seq").values_list(*COLUMNS)
    every = _counted(rows.iterator(chunk_size=2000), report)
    for subject, chain in groupby(every, key=lambda row: row[4]):
        report.subjects += 1
        try:
            heads[subject] = walk(_agreeing(chain))
        except Broken as broken:
            report.findings.append(Finding(subject, broken.seq, broken.why))
            heads[subject] = None
    report.findings += _wrong_ends(heads)
    return report


def _counted(rows: Iterable[Row], report: Report) -> Iterator[Row]:
    for row in rows:
        report.entries += 1
        yield row


def _agreeing(chain: Iterable[Row]) -> Iterator[tuple[int, str, str, str]]:
    for row in chain:
        if wrong := _wrong_column(row):
            raise Broken(row[0], _("列「%s」の値が、本文と違います。") % wrong)
        yield row[:4]


def _wrong_column(row: Row) -> str | None:
    """Return the first column that does not repeat the body; None too for a body of no sense."""
    try:
        body = json.loads(row[2])
        by = body["by"]["id"] if body["by"] else None
        said = (body["subject"], body["within"], body["verb"], by)
        at = datetime.fromisoformat(body["at"])
    except (ValueError, KeyError, TypeError):
        return None
    for column, here, there in zip(COLUMNS[4:], row[4:], (*said, at), strict=True):
        if here != there:
            return column
    return None


def _wrong_ends(heads: dict[str, Head | None]) -> Iterator[Finding]:
    """Compare the end of every chain with what its row says of it."""
    for model in apps.get_models():
        if issubclass(model, Audited):
            rows = model._default_manager.values_list("pk", "chain_length", "chain_head")
            for pk, *kept in rows.iterator(chunk_size=2000):
                end = heads.pop(key_of(model, pk), (0, GENESIS))
                if end is not None and end != tuple(kept) and not _agrees(model, pk):
                    what = _("記録がここで終わっていますが、対象の行は%d番までと示しています。")
                    yield Finding(key_of(model, pk), end[0], what % kept[0])
    for subject, end in heads.items():
        if end is not None:
            yield Finding(subject, end[0], _("記録の対象となる行がありません。"))


def _agrees(model: type[Audited], pk: int) -> bool:
    """Whether the two agree under the lock that commands append with: one may just have done so."""
    with transaction.atomic():
        row: Any = model._default_manager.select_for_update().get(pk=pk)
        last = AuditEntry.objects.filter(subject=row.key).order_by("seq").last()
        end = (last.seq, last.hash) if last else (0, GENESIS)
        return end == (row.chain_length, row.chain_head)
