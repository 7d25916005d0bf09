"""進行管理板: sections against what they were asked, with what is late."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.queries import is_overdue
from revisions.inquiry.queries_tiers import with_asked
from revisions.inquiry.states import DONE
from revisions.opinion.models import Opinion
from revisions.opinion.states import OpinionState
from revisions.plan.models import Revision
from workflow.people.models import Department

Line = tuple["BoardRow", list["Cell | None"]]


@dataclass
class BoardRow:
    """One section on the board: its answer to every inquiry, and the opinions it has to answer."""

    name: str
    department: Department
    order: tuple[int, int, int]
    cells: dict[int, "Cell"] = field(default_factory=dict)
    opinions: int = 0

    @property
    def late(self) -> bool:
        return any(cell.late for cell in self.cells.values())


@dataclass(frozen=True)
class Cell:
    target: InquiryTarget
    late: bool


@dataclass(frozen=True)
class Column:
    """One inquiry, and how far it has come."""

    inquiry: Inquiry
    cells: list[Cell]

    @property
    def total(self) -> int:
        return len(self.cells)

    @property
    def done(self) -> int:
        return sum(cell.target.state in DONE for cell in self.cells)

    @property
    def late(self) -> int:
        return sum(cell.late for cell in self.cells)


@dataclass
class Board:
    """進行管理板: who was asked what, and where the answers are."""

    inquiries: list[Inquiry]
    rows: list[BoardRow]

    def columns(self) -> list["Column"]:
        return [
            Column(inquiry, [r.cells[inquiry.pk] for r in self.rows if inquiry.pk in r.cells])
            for inquiry in self.inquiries
        ]

    def departments(self, *, only_late: bool = False) -> list[tuple[Department, list["Line"]]]:
        """Return the rows by department, each with a cell or None for every inquiry."""
        found: dict[Department, list[Line]] = {}
        for row in self.rows:
            if row.late or not only_late:
                cells = [row.cells.get(inquiry.pk) for inquiry in self.inquiries]
                found.setdefault(row.department, []).append((row, cells))
        return list(found.items())


def board_of(revision: Revision, today: date) -> Board:
    """Three statements, however many sections."""
    inquiries = list(revision.inquiries.order_by("pk").select_related("stage"))
    rows: dict[int, BoardRow] = {}
    targets = with_asked(InquiryTarget.objects.filter(revision=revision))
    for target in targets.select_related("section__department"):
        row = rows.setdefault(target.section_id, _row(target))
        row.cells[target.inquiry_id] = Cell(target, is_overdue(target, today))
    for section_id, count in _open_opinions(revision):
        if section_id in rows:
            rows[section_id].opinions = count
    ordered = sorted(rows.values(), key=lambda row: row.order)
    return Board(inquiries, ordered)


def _row(target: InquiryTarget) -> BoardRow:
    section = target.section
    order = (section.department.order, section.order, section.pk)
    return BoardRow(section.name, section.department, order)


def _open_opinions(revision: Revision) -> Iterable[tuple[int, int]]:
    received = Opinion.objects.filter(revision=revision, state=OpinionState.RECEIVED)
    return received.exclude(section=None).values_list("section").annotate(Count("pk"))
