"""A sheet that somebody has open in a browser, and types into."""

from typing import Any

from revisions.inquiry import commands_drafts, queries
from revisions.inquiry.commands_drafts import Kept
from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.queries_drafts import base_of, drafts_of
from revisions.inquiry.typed import Page, as_initial, from_post, marks
from revisions.plan.forms import SheetForm
from tests.factories import NOON, user
from tests.revisions.inquiry import walk
from tests.revisions.plan.posted import posted

COLUMNS = ("text", "name", "section", "first")


class Opened:
    """uid  of the sheet; by  who has it open; what is typed stands in `sent` as it will be sent"""

    def __init__(self, target: InquiryTarget, by: str = "koho-tanto", uid: str = "P10") -> None:
        self.target, self.by, self.uid = walk.current(target), by, uid
        sheets = queries.sheets_of(self.target)
        drafts = {f: draft.value for f, draft in drafts_of(self.target, uid).items()}
        values = base_of(self.target, sheets, uid) | drafts
        self.before = sheets.own_sheet(uid)
        self.plan = self.target.revision.plan
        self.sent = posted(SheetForm(plan=self.plan, initial=as_initial(values)))
        self.sent |= {"reason": values["reason"]}
        self.was = marks(values) | {"page": f"{by}{id(self)}"[-16:]}

    @property
    def page(self) -> Page:
        return Page(from_post(self.sent), self.was)

    def row(self, table: str, words: str) -> str:
        """Return how the inputs of the row begin that says so in a cell; "": of the first blank."""
        names = [name.removesuffix("-ROW") for name in self.sent if name.endswith("-ROW")]
        for row in (name for name in names if name.startswith(f"sheet-{table}-")):
            texts = [self.sent.get(f"{row}-{column}", "") for column in COLUMNS]
            if words in texts if words else not any(texts):
                return row
        raise LookupError(words)

    def type(self, table: str, words: str, **cells: str) -> "Opened":
        row = self.row(table, words)
        self.sent |= {f"{row}-{column}": text for column, text in cells.items()}
        return self

    def keep(self) -> Kept:
        page = self.page
        kept = commands_drafts.save_fields(
            target_id=self.target.pk, uid=self.uid, page=page, by=user(self.by), at=NOON
        )
        self.was = page.after(kept.saved).made_of
        return kept

    def answer(self) -> Any:
        """Save the answer as the page has it; it must be one that the form takes."""
        form = SheetForm(self.sent, plan=self.plan, sheet=self.before)
        assert form.is_valid(), [part.errors for part in form.parts]
        self.sent["reason"] = self.sent["reason"] or "見直し"
        given = {"kind": "edit", "sheet": form.sheet(), "reason": self.sent["reason"]}
        return walk.answer(self.target, by=self.by, uid=self.uid, page=self.page, **given)

    def rows(self, table: str) -> list[dict[str, str]]:
        """Return what stands in a table, row by row."""
        form = SheetForm(self.sent, plan=self.plan, sheet=self.before)
        assert form.is_valid(), [part.errors for part in form.parts]
        return list(form.sheet()[table])
