"""What accepting a workbook would save, and everything that keeps it from being accepted."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from revisions.inquiry.duties import Sheet
from revisions.inquiry.models import SheetAnswer
from revisions.inquiry.questions import Value, read_some
from revisions.inquiry.states import AnswerKind
from revisions.inquiry.workbook import questions
from revisions.inquiry.workbook.answers import Answer, Opinion
from revisions.inquiry.workbook.asked import ANSWERS, REST, YES, Asked
from revisions.inquiry.workbook.cells import Cell, kept, shown, typed
from revisions.inquiry.workbook.remarks import opinion_of
from revisions.inquiry.workbook.sheets import Texts, form_of

FEW = 12
"""Choices that are told one by one."""
COVER = REST.partition("/")[0]
HEAD = ("kind", "place", "reason")
"""What is said about a sheet beside the sheet itself."""


@dataclass
class Outcome:
    """What is saved.

    removed    uids whose answer is taken back
    withdrawn  ids of the opinions that are
    typed      of the questions, by id, as questions.read() takes it
    values     what all questions are answered with then; None where nothing changes
    faults     key → what is wrong with the cell
    """

    answers: list[Answer] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)
    typed: dict[int, Any] = field(default_factory=dict)
    values: dict[int, Value] | None = None
    faults: dict[str, str] = field(default_factory=dict)

    def refuse(self, key: str, said: str) -> None:
        """Tell what is wrong with a cell; what was told of it first stands."""
        self.faults.setdefault(key, said)

    def __bool__(self) -> bool:
        said = self.answers or self.removed or self.opinions or self.withdrawn
        return bool(said) or self.values is not None


def outcome_of(asked: Asked, cells: Mapping[str, Cell], changed: Texts) -> Outcome:
    """Return what is saved when the cells in `changed` get their new text.

    cells  every cell of the workbook, with what it says now
    """
    out = Outcome()
    texts = {key: kept(cell) for key, cell in cells.items()}
    texts |= {key: typed(cells[key], text) for key, text in changed.items()}
    for key in changed:
        _check_choice(out, cells[key], changed[key])
    touched, said = _grouped(dict.fromkeys(changed, "")), _grouped(texts)
    for name, rests in touched.items():
        kind, _slash, row = name.partition("/")
        if kind == "remarks":
            _remark(out, asked, row, said[name])
        elif kind == questions.GROUP:
            _questions(out, asked, said[name], rests)
        elif asked.sheets.own_sheet(name):
            _Sheet(out, asked, name, said[name], set(rests)).answer()
        elif name != COVER:
            _added(out, asked, name, said[name])
    if REST in changed:
        _rest(out, asked, texts[REST])
    return out


def _grouped(texts: Texts) -> dict[str, dict[str, str]]:
    """Return texts by sheet (P06), line of remarks (remarks/7) or all questions (questions), and
    there by what follows."""
    found: dict[str, dict[str, str]] = {}
    for key, text in texts.items():
        name, _slash, rest = key.partition("/")
        if name == "remarks":
            name, _slash, rest = key.rpartition("/")
        found.setdefault(name, {})[rest] = text
    return found


def _check_choice(out: Outcome, cell: Cell, said: str) -> None:
    meant = typed(cell, said)
    if not cell.choices or not meant or meant in cell.choices:
        return
    listed = "".join(f"「{choice}」" for choice in cell.choices)
    if len(cell.choices) > FEW:
        why = _("「%(said)s」は選べません。一覧から選んでください。")
    elif cell.is_required:
        why = _("「%(said)s」は選べません。%(listed)sから選んでください。")
    else:
        why = _("「%(said)s」は選べません。%(listed)sから選ぶか、空欄にしてください。")
    out.refuse(cell.key, why % {"said": shown(said), "listed": listed})


class _Sheet:
    """One of the section's own sheets: what is answered, from its texts and the cells touched."""

    def __init__(
        self, out: Outcome, asked: Asked, uid: str, texts: dict[str, str], touched: set[str]
    ) -> None:
        self.out, self.asked, self.uid = out, asked, uid
        self.texts = texts
        self.is_edited = bool(touched - set(HEAD))
        self.own = asked.sheets.own_sheet(uid) or {}
        self.was = asked.sheets.answers.get(uid)
        self.kind: AnswerKind | None
        self.kind, self.dropped_as = ANSWERS.get(texts["kind"], (None, ""))
        self.is_kind_touched = "kind" in touched

    def answer(self) -> None:
        sheet = self._sheet()
        if sheet is None:
            return
        said, differs = self.texts["kind"], sheet != self.own
        if said and self.kind is None:
            return
        if not said and self.was and self.is_kind_touched and not self.is_edited:
            self.out.removed.append(self.uid)
        elif not said and not differs:
            if self.texts["reason"]:
                self._fault("kind", _("理由が書かれています。回答を選んでください。"))
        elif self.kind == AnswerKind.EDIT and not differs:
            self._fault("kind", _("変更した項目がありません。変更がなければ「変更なし」にします。"))
        elif self._contradicts(differs):
            told = {"kind": said}
            self._fault("kind", _("回答は「%(kind)s」ですが、内容が書き直されています。") % told)
        else:
            self._save(self.kind or AnswerKind.EDIT, sheet)

    def _contradicts(self, differs: bool) -> bool:
        """Whether the sheet was rewritten although it is to stay as it is, or to end."""
        return self.is_edited and differs and self.kind not in (AnswerKind.EDIT, None)

    def _sheet(self) -> Sheet | None:
        """Return the sheet as it would be; None when something is wrong with it."""
        answered = (self.was.proposed if self.was else None) or self.own
        if not self.is_edited:
            return answered
        fields = {key: text for key, text in self.texts.items() if key not in HEAD}
        form, faults = form_of(fields, answered, self.asked.plan, self.asked.names)
        for key, said in faults:
            self._fault(key, said)
        return None if faults else form.sheet()

    def _save(self, kind: AnswerKind, sheet: Sheet) -> None:
        reason = self.texts["reason"]
        if kind != AnswerKind.UNCHANGED and not reason.strip():
            self._fault("reason", _("理由を入力してください。"))
            return
        proposed = sheet if kind == AnswerKind.EDIT else {}
        why = {"dropped_as": self.dropped_as, "reason": reason}
        answer = Answer(self.uid, kind, proposed, self.own, **why)
        if not answer.is_same_as(self.was):
            self.out.answers.append(answer)

    def _fault(self, key: str, said: str) -> None:
        self.out.refuse(f"{self.uid}/{key}", said)


def _added(out: Outcome, asked: Asked, uid: str, texts: dict[str, str]) -> None:
    """A project to be added; one whose fields were all emptied is not."""
    was = asked.sheets.answers.get(uid)
    fields = {key: text for key, text in texts.items() if key not in HEAD}
    if any(text and asked.blank.get(key) != text for key, text in fields.items()):
        _added_sheet(out, asked, Added(uid, fields, texts["place"], texts["reason"]), was)
    elif was:
        out.removed.append(uid)
    elif texts["place"] or texts["reason"]:
        out.refuse(f"{uid}/name", _("名称を入力してください。"))


class Added(NamedTuple):
    uid: str
    fields: Texts
    place: str
    reason: str


def _added_sheet(out: Outcome, asked: Asked, new: Added, was: SheetAnswer | None) -> None:
    form, faults = form_of(new.fields, was.proposed if was else None, asked.plan, asked.names)
    if not new.place:
        faults.append(("place", _("掲載する事業推進計画を選んでください。")))
    if not new.reason.strip():
        faults.append(("reason", _("理由を入力してください。")))
    for key, said in faults:
        out.refuse(f"{new.uid}/{key}", said)
    if faults or f"{new.uid}/place" in out.faults:
        return
    place = new.place.partition(" ")[0]
    answer = Answer(new.uid, AnswerKind.ADD, form.sheet(), {}, place, new.reason)
    if not answer.is_same_as(was):
        out.answers.append(answer)


def _rest(out: Outcome, asked: Asked, said: str) -> None:
    """ほかはすべて変更なし: every sheet that neither the answer nor the workbook speaks of."""
    if said != YES:
        return
    known = {answer.uid for answer in out.answers} | set(out.removed)
    known |= {key.partition("/")[0] for key in out.faults}
    out.answers += [
        Answer(sheet["uid"], AnswerKind.UNCHANGED, {}, sheet)
        for sheet in asked.sheets.unanswered
        if sheet["uid"] not in known
    ]


def _remark(out: Outcome, asked: Asked, row: str, texts: Texts) -> None:
    was = asked.said.get(row)
    if not any(texts.values()):
        if was:
            out.withdrawn.append(was.pk)
        return
    opinion, faults = opinion_of(asked, row, texts, was)
    for name, said in faults:
        out.refuse(f"remarks/{row}/{name}", said)
    if opinion:
        out.opinions.append(opinion)


def _questions(out: Outcome, asked: Asked, texts: Texts, touched: Collection[str]) -> None:
    paper = asked.paper
    typed = questions.typed_in(paper, texts, touched)
    for key, said in questions.faults_in(paper, typed, texts, touched):
        out.refuse(f"{questions.GROUP}/{key}", said)
    values, _wrong = read_some(paper.questions, typed, paper.values)
    if values != paper.values:
        out.typed, out.values = typed, values
