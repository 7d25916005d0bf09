"""What one addressee is asked and has answered so far, as the workbook sees it."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from revisions.inquiry.models import InquiryTarget, Remark, SheetAnswer
from revisions.inquiry.queries import Paper, Sheets
from revisions.inquiry.states import AnswerKind, InquiryKind
from revisions.inquiry.workbook.names import Names
from revisions.inquiry.workbook.sheets import texts_of
from revisions.plan.content import STATUSES, numbers
from revisions.plan.models import Plan
from revisions.plan.states import DropReason

COVER = "照会票"
REST = "cover/rest"
YES = "はい"
ANSWERS = {
    "変更なし": (AnswerKind.UNCHANGED, ""),
    "変更あり": (AnswerKind.EDIT, ""),
    "廃止": (AnswerKind.DISCONTINUE, DropReason.ABOLISHED),
    "廃止（達成）": (AnswerKind.DISCONTINUE, DropReason.ACHIEVED),
    "廃止（統合）": (AnswerKind.DISCONTINUE, DropReason.MERGED),
    "廃止（移管）": (AnswerKind.DISCONTINUE, DropReason.MOVED),
    "廃止（その他）": (AnswerKind.DISCONTINUE, DropReason.OTHER),
}
"""What an officer chooses: the kind of answer, and the class of reason of what is discontinued."""

NEW_SHEETS, NEW_OPINIONS, NEW_REMARKS = 2, 15, 3
"""Blank ones that are given out; of remarks, on each sheet of another section."""
_NEW = re.compile(r"new-([0-9]+)")


@dataclass(frozen=True)
class Asked:
    """base: the keys of a workbook given out before, each of which is to have its cell again, in
    their order."""

    target: InquiryTarget
    sheets: Sheets
    remarks: Sequence[Remark]
    names: Names
    paper: Paper
    asked_by: str = ""
    base: Collection[str] = ()

    @property
    def asks_sheets(self) -> bool:
        return self.target.inquiry.kind == InquiryKind.PROJECTS

    @property
    def plan(self) -> Plan:
        return self.target.revision.plan

    @cached_property
    def numbers(self) -> dict[str, str]:
        return numbers(self.sheets.content)

    @cached_property
    def new_uids(self) -> list[str]:
        """Return the names of projects to be added: those answered for, and blanks after them."""
        there = {int(answer.uid.removeprefix("new-")) for answer in self.sheets.added}
        found = {int(match[1]) for match in map(_NEW.match, self.base) if match}
        if not self.base:
            last = max(there, default=0)
            found = set(range(last + 1, last + 1 + NEW_SHEETS))
        return [f"new-{n}" for n in sorted(there | found)]

    def texts(self, uid: str) -> dict[str, str]:
        """Return the fields of a sheet as it is answered now, or else as it stands."""
        answer, own = self.sheets.answers.get(uid), self.sheets.own_sheet(uid)
        sheet = (answer.proposed if answer else None) or own
        return texts_of(sheet, self.names) if sheet else self.blank

    @property
    def blank(self) -> dict[str, str]:
        """The fields of a project to be added: new, and led by the section asked."""
        return {"status": STATUSES["new"], "lead": self.names.text([self.target.section.code])}

    def lines(self, uid: str, table: str, texts: Mapping[str, str], spare: int) -> int:
        """Return how many lines a table has: those filled in and blanks, or those given out."""
        there = _lines(texts, f"{table}/")
        return max(there, _lines(self.base, f"{uid}/{table}/")) if self.base else there + spare

    @cached_property
    def said(self) -> dict[str, Remark]:
        """Return the remarks by the name of their line."""
        return {self._row_of(remark): remark for remark in self.remarks}

    def remark_rows(self, name: str, uid: str = "") -> dict[str, Remark | None]:
        """Return lines of remarks by name: those there are, and blanks after them.

        name  of the workbook
        uid   of the only project that they are about
        """
        start, blank = (f"{uid}.", NEW_REMARKS) if uid else ("", NEW_OPINIONS)
        rows: dict[str, Remark | None] = {
            row: remark for row, remark in self.said.items() if row.startswith(start)
        }
        if self.base:
            return dict.fromkeys(row for row in self._given if row.startswith(start)) | rows
        return rows | dict.fromkeys(f"{start}{name}-{n}" for n in range(1, blank + 1))

    @cached_property
    def _given(self) -> list[str]:
        """The lines of remarks that were given out."""
        keys = (key.split("/") for key in self.base)
        return list(dict.fromkeys(key[1] for key in keys if key[0] == "remarks"))

    def _row_of(self, remark: Remark) -> str:
        """Return the name of a remark's line: that of the workbook it came in, or else its own.

        One on another section's sheet has its project before it, since it stands on a sheet of
        its own.
        """
        row = remark.row or str(remark.pk)
        return f"{remark.project_uid}.{row}" if self.asks_sheets else row


def chosen_in(answer: SheetAnswer) -> str:
    """Return the choice that an answer is; "" for a project to be added."""
    said = answer.kind, answer.dropped_as
    return next((word for word, meant in ANSWERS.items() if meant == said), "")


def _lines(keys: Iterable[str], prefix: str) -> int:
    numbers = (key.removeprefix(prefix).split("/")[0] for key in keys if key.startswith(prefix))
    return max(map(int, numbers), default=-1) + 1
