"""いつ: no act undoes what somebody else of the section has typed meanwhile."""

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from revisions.inquiry.gates import page as page_of
from revisions.inquiry.limits import TooLong, too_long
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.models_drafts import AnswerDraft
from revisions.inquiry.queries import Sheets, sheets_of
from revisions.inquiry.queries_drafts import base_of, drafts_of, with_drafts
from revisions.inquiry.rows import Values
from revisions.inquiry.typed import Page, mark
from revisions.plan.content import numbers
from workflow.errors import Missing, Refused, Unmet


class WrittenMeanwhile(Refused):
    """Somebody else wrote in the same sheet meanwhile.

    clashes  fields in which both wrote
    moved    fields in which only the others did, and in which saving would undo it
    latest   what every field says now
    """

    status = 409
    title = gettext_lazy("ほかの人が、同じシートを書いています")

    def __init__(self, clashes: list[str], moved: list[str], latest: Values) -> None:
        super().__init__()
        self.clashes, self.moved, self.latest = clashes, moved, latest


class TooMuchTyped(Refused):
    """Something typed is longer than its field takes; texts: of every field the first such."""

    status = 422

    def __init__(self, texts: dict[str, TooLong]) -> None:
        super().__init__(_("長すぎる欄があるため、下書きを保存していません。"))
        self.texts = texts


def check_lengths(values: Values) -> None:
    if found := too_long(values):
        raise TooMuchTyped(found)


def check_drafts(
    target: InquiryTarget, sheets: Sheets, uid: str, page: Page | None
) -> list[AnswerDraft]:
    """Return the drafts that the page has seen or says as well: they are answered with it.

    A new project, which has no uid, is nobody else's yet.
    """
    if not uid:
        return []
    if page is None:
        check_no_drafts(target, [uid])
        return []
    base, drafts = base_of(target, sheets, uid), drafts_of(target, uid)
    typed = {field: draft.value for field, draft in drafts.items()}
    own = [field for field, draft in drafts.items() if page.name and draft.page == page.name]
    clashes, moved = page.overlaps(base, typed, own)
    if clashes or moved:
        raise WrittenMeanwhile(clashes, moved, base | typed)
    seen = [f for f, text in typed.items() if mark(text) in (page.was(f), mark(page.says(f)))]
    return [draft for field, draft in drafts.items() if field in own or field in seen]


def check_no_drafts(target: InquiryTarget, uids: Collection[str] | None = None) -> None:
    """Refuse while something is typed on one of `uids`, or on any sheet, and not answered."""
    if found := [uid for uid in with_drafts(target) if uids is None or uid in uids]:
        told = _("保存していない下書きがあります。開いて、回答に保存するか、破棄してください。")
        raise Unmet(told, typed_on(target, sheets_of(target), found))


def check_any_drafts(drafts: Collection[AnswerDraft]) -> None:
    if not drafts:
        raise Unmet(_("破棄する下書きがありません。画面を開き直して、確かめてください。"))


def typed_on(target: InquiryTarget, sheets: Sheets, uids: Iterable[str]) -> list[Missing]:
    """Return where something is typed and not answered."""
    places = numbers(sheets.content)
    names = {sheet["uid"]: sheet["name"] for sheet in sheets.own}
    names |= {answer.uid: answer.proposed["name"] for answer in sheets.added}
    told = _("%(sheet)sの下書きを、回答に保存するか破棄する")
    return [
        Missing(
            told % {"sheet": f"{places.get(uid, '')} {names[uid]}".strip()},
            page_of(target, f"sheets/{uid}/"),
        )
        for uid in uids
    ]
