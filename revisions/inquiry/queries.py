"""照会を読む."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from revisions.inquiry.duties import Classes, Sheet, own_sheets, shared_sheets
from revisions.inquiry.models import Inquiry, InquiryTarget, SheetAnswer
from revisions.inquiry.models_between import Consent, Forward
from revisions.inquiry.models_questions import Question, QuestionAnswer
from revisions.inquiry.queries_tiers import asked_on, with_asked
from revisions.inquiry.questions import Value, asked, unanswered
from revisions.inquiry.states import (
    DONE,
    AnswerKind,
    InquiryKind,
    TargetState,
)
from revisions.inquiry.states import ForwardState as F
from revisions.plan.content import Content
from revisions.plan.models import Revision
from revisions.plan.queries import content_of, content_of_version
from workflow.access import granted
from workflow.deadline.calendar import Calendar
from workflow.people.models import Department, Section, User


def targets_of(user: User) -> QuerySet[InquiryTarget]:
    """Return what the user's sections were asked, the most urgent first."""
    targets = granted(InquiryTarget.objects.all(), "answer_inquirytarget", user)
    return targets.select_related("inquiry", "section").order_by("due_on", "pk")


def compiled_by(user: User) -> QuerySet[InquiryTarget]:
    """Return what the user's sections compile for their departments (庶務担当課)."""
    targets = granted(InquiryTarget.objects.all(), "compile_inquirytarget", user)
    return targets.select_related("inquiry", "section").order_by("section__order", "pk")


def content_shown(asked: Inquiry | InquiryTarget) -> Content:
    """Return the plan as the sections were shown it, or one of them anew."""
    version = asked.shown if isinstance(asked, InquiryTarget) else asked.version
    if version is None:
        raise ValueError("nothing was shown before the inquiry was issued")
    return content_of_version(version)


def name_shown(target: InquiryTarget, uid: str) -> str:
    """Return what a sheet was called as the section was shown it."""
    return next(s["name"] for s in content_shown(target)["projects"] if s["uid"] == uid)


@dataclass(frozen=True)
class Sheets:
    """What one section is asked about: `own` to answer, `shared` to read, by uid its answers.

    remarkable  uids of the sheets of which it may remark
    taken       uid → code of the section that took a sheet over
    forwards    uid → the section's own saying that another one answers, still without a reply
    """

    content: Content
    own: list[Sheet]
    shared: list[Sheet]
    answers: dict[str, SheetAnswer]
    remarkable: list[str]
    taken: dict[str, str] = field(default_factory=dict)
    forwards: dict[str, Forward] = field(default_factory=dict)

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
    asks = target.inquiry.kind == InquiryKind.PROJECTS
    forwards = list(live_forwards(target.inquiry)) if asks else []
    return sheets_in(content_shown(target), forwards, target)


def sheets_in(content: Content, forwards: Iterable[Forward], target: InquiryTarget) -> Sheets:
    """As sheets_of(), from the plan that was shown and the inquiry's live_forwards()."""
    asks, code = target.inquiry.kind == InquiryKind.PROJECTS, target.section.code
    taken = _taken(forwards)
    shared = shared_sheets(content, code, _classes(target.inquiry), taken) if asks else []
    return Sheets(
        content=content,
        own=own_sheets(content, code, taken) if asks else [],
        shared=shared,
        answers={answer.uid: answer for answer in target.answers.all()},
        remarkable=[sheet["uid"] for sheet in (shared if asks else content["projects"])],
        taken=taken,
        forwards={f.uid: f for f in forwards if f.state == F.OPEN and f.target_id == target.pk},
    )


def _classes(inquiry: Inquiry) -> Classes:
    """Return the classes of sections as they stood when it went out."""
    return inquiry.addressed.get("classes", {})


def live_forwards(inquiry: Inquiry) -> QuerySet[Forward]:
    """Return what was taken over, the last of a sheet last, and what waits for a reply."""
    live = Forward.objects.filter(target__inquiry=inquiry, state__in=[F.OPEN, F.TAKEN])
    return live.select_related("section")


def taken_over(inquiry: Inquiry) -> dict[str, str]:
    """Return uid → code of the section that took a sheet over."""
    return _taken(live_forwards(inquiry))


def _taken(forwards: Iterable[Forward]) -> dict[str, str]:
    return {f.uid: f.section.code for f in forwards if f.state == F.TAKEN}


def consents_of(target: InquiryTarget) -> QuerySet[Consent]:
    """Return what the other leads of a section's sheets say, but for those not waited for."""
    found = Consent.objects.filter(answer__target=target).exclude(target__state=TargetState.WAIVED)
    return found.select_related("answer", "target__section", "by")


def consents_asked(target: InquiryTarget) -> QuerySet[Consent]:
    """Return what a section is asked to say of the answers of other ones."""
    return target.consents.select_related("answer__target__section", "by")


def missing_consents(target: InquiryTarget) -> QuerySet[Consent]:
    """Return those without which an answer is not complete: an objection stops any answer, silence
    stops one that changes something."""
    silent = Q(agrees=None) & ~Q(answer__kind=AnswerKind.UNCHANGED)
    return consents_of(target).filter(Q(agrees=False) | silent)


def coordinators(sections: Sequence[Section]) -> dict[int, Section]:
    """Return section id → the 庶務担当課 of its department; nothing for such a section itself."""
    departments = {s.department_id for s in sections if not s.is_coordinating}
    found = Section.objects.filter(department__in=departments, is_coordinating=True)
    ours = {row.department_id: row for row in found.select_related("group").reverse()}
    asked = [s for s in sections if not s.is_coordinating and s.department_id in ours]
    return {section.pk: ours[section.department_id] for section in asked}


@dataclass(frozen=True)
class Paper:
    """The questions of an inquiry and what one section answered, by id of the question."""

    questions: Sequence[Question]
    values: dict[int, Value]

    @property
    def asked(self) -> list[Question]:
        return asked(self.questions, self.values)

    @property
    def unanswered(self) -> list[Question]:
        return unanswered(self.questions, self.values)


def paper_of(target: InquiryTarget) -> Paper:
    """Return the questions asked beside the sheets, in one statement."""
    given = QuestionAnswer.objects.filter(target=target, question=OuterRef("pk")).values("value")
    questions = list(target.inquiry.questions.annotate(given=Subquery(given)))
    return Paper(questions, {q.pk: q.given for q in questions if q.given is not None})


def papers_of(inquiry: Inquiry, targets: Iterable[InquiryTarget]) -> list[Paper]:
    """Return the paper of each of an inquiry's targets, fetched with their question_answers."""
    questions = list(inquiry.questions.all())
    return [
        Paper(
            questions, {given.question_id: given.value for given in target.question_answers.all()}
        )
        for target in targets
    ]


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
    """Group addressees, as addressees() has them."""
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
    return (
        with_asked(inquiry.targets.all())
        .select_related("section__department", "received_by")
        .order_by("section__department__order", "section__order", "pk")
    )


def is_overdue(target: InquiryTarget, today: date) -> bool:
    """target  as with_asked() has it"""
    due_on = asked_on(target)
    return due_on is not None and due_on < today


def open_days_left(due_on: date, today: date, calendar: Calendar) -> int:
    """Return the working days to a due day; once it is over -1 or less, also on a closed day."""
    left = calendar.working_days_between(today, due_on)
    return min(left, -1) if due_on < today else left
