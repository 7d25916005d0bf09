"""照会を読む."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from revisions.inquiry.duties import Sheet, own_sheets, shared_sheets
from revisions.inquiry.models import Inquiry, InquiryTarget, SheetAnswer
from revisions.inquiry.states import DONE, UNANSWERED, InquiryKind
from revisions.plan.content import Content
from revisions.plan.models import Revision
from revisions.plan.queries import content_of, content_of_version
from workflow.access import granted
from workflow.deadline.calendar import Calendar
from workflow.people.models import Department, User


def targets_of(user: User) -> QuerySet[InquiryTarget]:
    """Return what the user's sections were asked, the most urgent first."""
    targets = granted(InquiryTarget.objects.all(), "answer_inquirytarget", user)
    return targets.select_related("inquiry", "section").order_by("due_on", "pk")


def content_shown(inquiry: Inquiry) -> Content:
    """Return the plan as the sections were shown it."""
    if inquiry.version is None:
        raise ValueError("nothing was shown before the inquiry was issued")
    return content_of_version(inquiry.version)


@dataclass(frozen=True)
class Sheets:
    """What one section is asked about: `own` to answer, `shared` to read, by uid its answers."""

    content: Content
    own: list[Sheet]
    shared: list[Sheet]
    answers: dict[str, SheetAnswer]

    @property
    def unanswered(self) -> list[Sheet]:
        return [sheet for sheet in self.own if sheet["uid"] not in self.answers]

    @property
    def added(self) -> list[SheetAnswer]:
        return [answer for answer in self.answers.values() if not answer.before]

    def own_sheet(self, uid: str) -> Sheet | None:
        return next((sheet for sheet in self.own if sheet["uid"] == uid), None)


def sheets_of(target: InquiryTarget) -> Sheets:
    """Return a section's sheets and answers; an inquiry for opinions asks to answer none."""
    content, code = content_shown(target.inquiry), target.section.code
    asked = target.inquiry.kind == InquiryKind.PROJECTS
    return Sheets(
        content=content,
        own=own_sheets(content, code) if asked else [],
        shared=shared_sheets(content, code) if asked else [],
        answers={answer.uid: answer for answer in target.answers.all()},
    )


def draft_sheets(revision: Revision) -> dict[str, Sheet]:
    """Return the draft's sheets as they stand now, by uid."""
    return {sheet["uid"]: sheet for sheet in content_of(revision)["projects"]}


@dataclass
class DepartmentRow:
    """One department's addressees and how many of them are in each state."""

    department: Department
    targets: list[InquiryTarget] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    late: int = 0

    @property
    def done(self) -> int:
        return sum(self.counts.get(state, 0) for state in DONE)


def by_department(targets: Iterable[InquiryTarget], today: date) -> list[DepartmentRow]:
    """Group addressees whose section and department were fetched with them."""
    rows: dict[int, DepartmentRow] = {}
    for target in targets:
        department = target.section.department
        row = rows.setdefault(department.pk, DepartmentRow(department))
        row.targets.append(target)
        row.counts[target.state] = row.counts.get(target.state, 0) + 1
        row.late += is_overdue(target, today)
    return sorted(rows.values(), key=lambda row: (row.department.order, row.department.pk))


def addressees(inquiry: Inquiry) -> QuerySet[InquiryTarget]:
    """Return every addressee with what a list shows of it, in one statement."""
    return inquiry.targets.select_related("section__department", "received_by").order_by(
        "section__department__order", "section__order", "pk"
    )


def is_overdue(target: InquiryTarget, today: date) -> bool:
    return target.state in UNANSWERED and target.due_on < today


def days_left(target: InquiryTarget, today: date, calendar: Calendar) -> int | None:
    """Return the working days left, -1 or less when late; None when nothing is awaited."""
    if target.state not in UNANSWERED:
        return None
    return open_days_left(target.due_on, today, calendar)


def open_days_left(due_on: date, today: date, calendar: Calendar) -> int:
    """Return the working days to a due day; once it is over -1 or less, also on a closed day."""
    left = calendar.working_days_between(today, due_on)
    return min(left, -1) if due_on < today else left
