"""Writes of what is typed. Usable only inside a command."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.models_drafts import AnswerDraft
from revisions.inquiry.queries_drafts import drafts_of
from revisions.inquiry.rows import Values
from revisions.inquiry.typed import Page
from workflow.ledger.command import require_transaction
from workflow.ledger.read import Read

_target = Read(
    lambda pk: InquiryTarget.objects.select_related("inquiry", "section").filter(pk=pk),
    shares=True,
    pk=int,
)


def share_target(target_id: int) -> InquiryTarget:
    """Read a target together with others who type: an act on it, which locks it, comes after."""
    require_transaction("share_target")
    return _target.get(pk=target_id)


def lock_fields(
    target: InquiryTarget,
    uid: str,
    fields: Sequence[str],
    *,
    page: Page,
    base: Callable[[], Values],
    **author: Any,
) -> list[AnswerDraft]:
    """Lock the drafts of fields; where there is none, begin one that says what `base` does.

    One that the page meets in `base`, or that says no more, is not begun: it has no key. Begun
    first and then locked, both by name: who waits for another holds nothing that one waits for.
    Without a join: PostgreSQL skips a row whose joined key changed while its lock was waited for.
    """
    there = drafts_of(target, uid)
    drafts = {
        field: AnswerDraft(
            target=target, uid=uid, field=field, value=base().get(field, ""), **author
        )
        for field in fields
        if field not in there
    }
    if begun := [d for d in drafts.values() if d.value != page.says(d.field) and not met(page, d)]:
        AnswerDraft.objects.bulk_create(begun, ignore_conflicts=True)
    if names := {draft.field for draft in begun}.union(there).intersection(fields):
        rows = AnswerDraft.objects.select_for_update().order_by("field")
        drafts |= {d.field: d for d in rows.filter(target=target, uid=uid, field__in=names)}
    return [drafts[field] for field in fields if field in drafts]


def met(page: Page, draft: AnswerDraft) -> bool:
    return page.meets(draft.field, draft.value, draft.page)


def drop(drafts: Iterable[AnswerDraft]) -> None:
    """Forget what was typed, once it is answered or thrown away."""
    require_transaction("drop")
    if keys := [draft.pk for draft in drafts]:
        AnswerDraft.objects.filter(pk__in=keys).delete()
