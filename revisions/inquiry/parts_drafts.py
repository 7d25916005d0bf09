"""Writes of what is typed. Usable only inside a command."""

from collections.abc import Callable, Iterable
from typing import Any

from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.models_drafts import AnswerDraft
from revisions.inquiry.typed import Page, Values
from workflow.ledger.command import require_transaction
from workflow.ledger.read import Read

_target = Read(
    lambda pk: InquiryTarget.objects.select_related("inquiry", "section").filter(pk=pk),
    shares=True,
    pk=int,
)
_field = Read(
    lambda target, uid, field: AnswerDraft.objects.select_for_update().filter(
        target=target, uid=uid, field=field
    ),
    target=int,
    uid=str,
    field=str,
)


def share_target(target_id: int) -> InquiryTarget:
    """Read a target together with others who type: an act on it, which locks it, comes after."""
    require_transaction("share_target")
    return _target.get(pk=target_id)


def lock_field(
    target: InquiryTarget,
    uid: str,
    field: str,
    *,
    page: Page,
    base: Callable[[], Values],
    **author: Any,
) -> AnswerDraft:
    """Lock a field's draft, or begin one that says what `base` does.

    One that the page meets in `base`, or that says no more, is not begun: it has no key. Without
    a join: PostgreSQL skips a row whose joined key changed while its lock was waited for.
    """
    if found := _field(target=target.pk, uid=uid, field=field):
        return found[0]
    which: dict[str, Any] = {"target": target, "uid": uid, "field": field}
    value = base()[field]
    if page.meets(field, value) or value == page.typed[field]:
        return AnswerDraft(**which, value=value)
    rows = AnswerDraft.objects.select_for_update()
    return rows.get_or_create(**which, defaults={"value": value} | author)[0]


def drop(drafts: Iterable[AnswerDraft]) -> None:
    """Forget what was typed, once it is answered or thrown away."""
    require_transaction("drop")
    if keys := [draft.pk for draft in drafts]:
        AnswerDraft.objects.filter(pk__in=keys).delete()
