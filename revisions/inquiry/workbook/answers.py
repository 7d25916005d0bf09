"""What a workbook answers, ready to be saved."""

from dataclasses import dataclass

from revisions.inquiry.duties import Sheet
from revisions.inquiry.models import InquiryTarget, Remark, SheetAnswer
from workflow.audit.chain import canonical, digest


@dataclass(frozen=True)
class Answer:
    """What a workbook answers for one sheet, as commands_answer.answer_sheet takes it.

    uid     of the project; for one to be added the name that it has in the workbook
    sheet   what is proposed, or {}
    before  the sheet as the section was shown it, or {}
    """

    uid: str
    kind: str
    sheet: Sheet
    before: Sheet
    place: str = ""
    reason: str = ""
    dropped_as: str = ""

    def row(self, target: InquiryTarget) -> SheetAnswer:
        proposed = self.sheet and self.sheet | {"uid": self.uid if self.before else ""}
        return SheetAnswer(
            target=target,
            uid=self.uid,
            kind=self.kind,
            before=self.before,
            proposed=proposed,
            place=self.place,
            dropped_as=self.dropped_as,
            reason=self.reason,
        )

    def is_same_as(self, was: SheetAnswer | None) -> bool:
        if was is None:
            return False
        now = self.row(was.target)
        named = {"uid": was.proposed.get("uid")} if now.proposed else {}
        told = [(a.kind, a.place, a.dropped_as, a.reason) for a in (now, was)]
        return told[0] == told[1] and now.proposed | named == was.proposed

    def told(self) -> dict[str, str]:
        """Return what the audit keeps of it."""
        return {
            "uid": self.uid,
            "kind": str(self.kind),
            "dropped_as": str(self.dropped_as),
            "reason": self.reason,
            "proposed": digest(canonical(self.sheet)),
        }


WORDS = ("project_uid", "place", "text", "reason", "proposal")
"""Of a remark."""


@dataclass(frozen=True)
class Opinion:
    """What a workbook says in one line of opinions. pk: of the remark that it rewrites."""

    pk: int | None
    row: str
    project_uid: str
    place: str
    text: str
    reason: str
    proposal: str

    @property
    def words(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in WORDS}

    def is_same_as(self, was: Remark | None) -> bool:
        return was is not None and all(getattr(was, k) == text for k, text in self.words.items())
