"""What the board of an inquiry shows: rows of addressees, and sheets × departments."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from revisions.inquiry.duties import Sheet, answerer, leads
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.naming import Due, due_of
from revisions.inquiry.queries import content_shown, live_forwards, open_days_left, taken_over
from revisions.inquiry.queries_board import Counts, answers_by_kind, news_of, remarks_of
from revisions.inquiry.queries_matrix import Addition, departments_of, leading, sheet_answers
from revisions.inquiry.queries_tiers import asked_on
from revisions.inquiry.reading import SHOWN
from revisions.inquiry.reading_between import words_of
from revisions.inquiry.states import AnswerKind, ForwardState, InquiryKind, TargetState
from revisions.plan.content import sheets
from workflow.deadline.calendar import Calendar
from workflow.people.models import Department, User

Words = tuple[str, str]
"""A word and its tone."""


@dataclass(frozen=True)
class Row:
    """One addressee.

    state  in words
    due    None when nothing is awaited
    news   the latest, as told(); None when there is nothing
    """

    target: InquiryTarget
    state: str
    due: Due | None
    answers: list[Words]
    news: dict[str, Any] | None

    @property
    def more(self) -> int:
        return self.news["entry"].count - 1 if self.news else 0


def in_words(counts: Counts) -> str:
    """答3・未2; only what there is."""
    answered, waiting = _("答%d") % counts.answered, _("未%d") % counts.waiting
    if not counts.waiting:
        return answered
    return f"{answered}・{waiting}" if counts.answered else waiting


class Days:
    """Open days left until a day, each day reckoned once: rows share their days."""

    def __init__(self, today: date, calendar: Calendar) -> None:
        self.today, self.calendar = today, calendar
        self.left = cache(lambda due_on: open_days_left(due_on, today, calendar))

    def of(self, target: InquiryTarget) -> int | None:
        due_on = asked_on(target)
        return self.left(due_on) if due_on else None

    def overdue(self, counts: Counts) -> int:
        """Return how many open days the oldest is overdue; 0 when none is."""
        return -self.left(counts.oldest) if counts.oldest else 0


def rows_of(
    inquiry: Inquiry, targets: list[InquiryTarget], user: User, seen: int, days: Days
) -> list[Row]:
    news = news_of([t for t in targets if t.is_new], user, seen)  # type: ignore[attr-defined]
    answers = _sheets_told(inquiry, targets) if _asks_sheets(inquiry) else _remarks_told(targets)
    states = state_words()
    return [
        Row(t, states[t.state], due_of(t, days.left), answers.get(t.pk, []), news.get(t.pk))
        for t in targets
    ]


def state_words() -> dict[str, str]:
    """Return every state in words; get_state_display() translates them all for each row."""
    return {str(state.value): str(state.label) for state in TargetState}


def _asks_sheets(inquiry: Inquiry) -> bool:
    return inquiry.kind == InquiryKind.PROJECTS


def _sheets_told(inquiry: Inquiry, targets: Iterable[InquiryTarget]) -> dict[int, list[Words]]:
    """How many sheets an addressee answers in which way, and how many it has not answered yet."""
    projects, taken = content_shown(inquiry)["projects"], taken_over(inquiry)
    asked = Counter(taken.get(sheet["uid"], answerer(sheet)) for sheet in projects)
    found = answers_by_kind(targets)
    told = {}
    for target in targets:
        kinds = found.get(target.pk, {})
        told[target.pk] = [
            (f"{w} {kinds[k]}", tone) for k, (w, tone) in SHOWN.items() if k in kinds
        ]
        left = asked[target.section.code] - sum(kinds.values()) + kinds.get(AnswerKind.ADD, 0)
        if left > 0:
            told[target.pk].append((_("未記入 %d") % left, "neutral"))
    return told


def _remarks_told(targets: Iterable[InquiryTarget]) -> dict[int, list[Words]]:
    return {pk: [(_("意見 %d") % n, "active")] for pk, n in remarks_of(targets).items()}


@dataclass(frozen=True)
class Cell:
    """A section that leads a sheet: what it answered, and how its answer as a whole stands.

    target  None when the section was not asked
    state   in words
    answer  of another lead what it says of the answer (共管の同意)
    """

    section: str
    department: Department | None
    target: InquiryTarget | None
    state: str
    answer: Words
    left: int | None
    forward: Words | None = None


@dataclass(frozen=True)
class SheetRow:
    number: str
    name: str
    cells: list[Cell]
    relisted: bool = False

    @property
    def is_chosen(self) -> bool:
        return any(cell.target.is_chosen for cell in self.cells if cell.target)  # type: ignore[attr-defined]

    def under(self, department: Department) -> list[Cell]:
        return [cell for cell in self.cells if cell.department == department]


class Matrix:
    """Every sheet of the plan that was shown, in its order, and those that would be added.

    targets  of the inquiry, as marked() has them
    """

    def __init__(self, inquiry: Inquiry, targets: QuerySet[InquiryTarget], days: Days) -> None:
        self._content, self._days, self._states = content_shown(inquiry), days, state_words()
        forwards = list(live_forwards(inquiry))
        self._taken = {f.uid: f.section.code for f in forwards if f.state == ForwardState.TAKEN}
        self._passed_on = {(f.uid, f.target_id): f for f in forwards}
        codes = {code for sheet in self._content["projects"] for code in leads(sheet, self._taken)}
        self._targets = {t.section.code: t for t in leading(targets, codes)}
        self._departments = departments_of(codes)
        self._given = sheet_answers(inquiry)

    def rows(self) -> list[SheetRow]:
        return [
            *(self._row(*placed) for placed in sheets(self._content)),
            *(self._added(addition) for addition in self._given.additions),
        ]

    def _row(self, number: str, sheet: Sheet, relisted: bool) -> SheetRow:
        cells = [self._cell(code, sheet) for code in leads(sheet, self._taken)]
        return SheetRow(number, sheet["name"], cells, relisted)

    def _cell(self, code: str, sheet: Sheet) -> Cell:
        target = self._targets.get(code)
        names = self._content.get("sections", {})
        return Cell(
            section=names.get(code) or (target.section.name if target else code),
            department=self._departments.get(code),
            target=target,
            state=self._states[target.state] if target else "",
            answer=self._answer(code, sheet, target),
            forward=self._forward(code, sheet, target),
            left=self._days.of(target) if target else None,
        )

    def _answer(self, code: str, sheet: Sheet, target: InquiryTarget | None) -> Words:
        if target is None:
            return _("照会していません"), "off"
        place = sheet["uid"], target.pk
        if code != self._taken.get(sheet["uid"], answerer(sheet)):
            said = self._given.said.get(place)
            return words_of(*said) if said else (_("共に主管"), "off")
        kind = self._given.kinds.get(place)
        return _word(kind) if kind else (_("未記入"), "neutral")

    def _forward(self, code: str, sheet: Sheet, target: InquiryTarget | None) -> Words | None:
        """Whom a sheet was passed on to and who has not replied, or that it was taken over."""
        if target is None:
            return None
        if code == self._taken.get(sheet["uid"]):
            return _("転送を引受け"), "done"
        passed_on = self._passed_on.get((sheet["uid"], target.pk))
        if passed_on is None or passed_on.state != ForwardState.OPEN:
            return None
        return _("%sに転送、返事待ち") % passed_on.section.name, "waiting"

    def _added(self, addition: Addition) -> SheetRow:
        by_id = {target.pk: target for target in self._targets.values()}
        target = by_id[addition.target]
        cell = Cell(
            section=target.section.name,
            department=target.section.department,
            target=target,
            state=self._states[target.state],
            answer=_word(AnswerKind.ADD),
            left=self._days.of(target),
        )
        return SheetRow(addition.place, addition.name, [cell])


def _word(kind: str) -> Words:
    word, tone = SHOWN[AnswerKind(kind)]
    return str(word), tone


def columns_of(rows: Iterable[SheetRow]) -> list[Department]:
    """Return the departments that lead one of the rows, in their order."""
    found = {c.department.pk: c.department for row in rows for c in row.cells if c.department}
    return sorted(found.values(), key=lambda department: (department.order, department.pk))
