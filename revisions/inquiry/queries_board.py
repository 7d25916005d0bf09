"""進捗のボードを読む: counted by the database, never row by row."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Count,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import Coalesce

from revisions.inquiry.models import Inquiry, InquiryTarget, Remark, SheetAnswer
from revisions.inquiry.models_board import BoardVisit
from revisions.inquiry.queries_tiers import due_before, key_in_sql, with_asked
from revisions.inquiry.states import DONE, UNANSWERED, InquiryState
from revisions.plan.models import Revision
from workflow.access import granted
from workflow.audit.models import AuditEntry
from workflow.audit.queries import told
from workflow.deadline.calendar import Calendar, end_of_day, in_tokyo
from workflow.people.models import User
from workflow.people.states import UserKind

SETTLES = timedelta(seconds=10)
"""An entry younger than this is not yet seen: another, written before it, may still be to come."""

QUIET = (
    "inquiry.delivered",
    "inquiry.sheet_answered",
    "inquiry.answered_unchanged",
    "inquiry.answer_removed",
    "inquiry.remark_added",
    "inquiry.remark_removed",
    "inquiry.questions_answered",
    "inquiry.draft_discarded",
    "inquiry.workbook_saved",
)
"""No news to who waits for an answer: what a section does before it sends one."""

BY_SECTION = (
    "section__department__order",
    "section__department__pk",
    "section__order",
    "pk",
)


@dataclass(frozen=True)
class Counts:
    """Addressees: all, answered or not needed, of these accepted or not needed, overdue.

    oldest  day of the one that is overdue the longest, where it was asked for
    news    of how many there is something that the reader has not seen
    """

    total: int = 0
    answered: int = 0
    done: int = 0
    late: int = 0
    oldest: date | None = None
    news: int = 0
    states: Counter[str] = field(default_factory=Counter)

    @property
    def waiting(self) -> int:
        return self.total - self.answered

    def __add__(self, other: "Counts") -> "Counts":
        days = [day for day in (self.oldest, other.oldest) if day]
        return Counts(
            total=self.total + other.total,
            answered=self.answered + other.answered,
            done=self.done + other.done,
            late=self.late + other.late,
            oldest=min(days, default=None),
            news=self.news + other.news,
            states=self.states + other.states,
        )


@dataclass(frozen=True)
class DepartmentCounts:
    code: str
    name: str
    counts: Counts


def boards_of(user: User) -> QuerySet[Inquiry]:
    """Return the inquiries that run: those of the revisions that the user steers; to an auditor,
    all. The most urgent first."""
    running = Inquiry.objects.filter(state=InquiryState.ISSUED)
    if user.kind != UserKind.AUDITOR:
        running = running.filter(
            revision__in=granted(Revision.objects.all(), "steer_revision", user)
        )
    listed = running.select_related("revision").defer("text", "addressed")
    return listed.order_by("due_on", "pk")


def with_visit(user: User, at: datetime) -> QuerySet[Inquiry]:
    """Return inquiries with `seen`, the last entry that the user has seen, 0 when none, and
    `latest`, the last one of all that has settled."""
    visits = BoardVisit.objects.filter(user=user, inquiry=OuterRef("pk")).values("upto")
    settled = AuditEntry.objects.filter(at__lte=at - SETTLES).order_by("-pk").values("pk")[:1]
    return Inquiry.objects.annotate(
        seen=Coalesce(Subquery(visits), Value(0), output_field=BigIntegerField()),
        latest=Coalesce(Subquery(settled), Value(0), output_field=BigIntegerField()),
    ).select_related("stage", "revision__plan", "version")


def with_news(inquiry: Inquiry, user: User, seen: int) -> QuerySet[InquiryTarget]:
    """Return the addressees as with_asked() does, each with `is_new`: somebody else did something
    to it after the entry `seen`.

    Found from the entries of the revision since, so that it costs by what is new. Compared by key:
    by a pattern, PostgreSQL expects one entry in a plan that it keeps, and looks through all
    sections for each addressee.
    """
    entries = _news(user, seen).filter(within_key=inquiry.within)
    is_new = ExpressionWrapper(Q(subject__in=entries.values("subject")), BooleanField())
    targets = with_asked(inquiry.targets.annotate(subject=key_in_sql(F("pk"))))
    return targets.annotate(is_new=is_new)


def news_of(targets: Iterable[InquiryTarget], user: User, seen: int) -> dict[int, dict[str, Any]]:
    """Return target id → the latest that happened to it after the entry `seen`, as told(); its
    `entry` has `count`, how many there are."""
    keys = {target.key: target.pk for target in targets}
    if not keys:
        return {}
    entries = _news(user, seen).filter(subject__in=keys)
    latest = entries.annotate(
        count=Window(Count("pk"), partition_by="subject"),
        last=Window(Max("pk"), partition_by="subject"),
    ).filter(pk=F("last"))
    return {keys[entry["entry"].subject]: entry for entry in told(latest)}


def counted(
    inquiry: Inquiry, targets: QuerySet[InquiryTarget], today: date
) -> list[DepartmentCounts]:
    """Return the counts of every department, in one statement."""
    by, late = "section__department__", due_before(today, [inquiry.within])
    rows = targets.values("state", code=F(f"{by}code"), name=F(f"{by}name")).annotate(
        news=Count("pk", filter=Q(is_new=True)),
        place=Min(f"{by}order"),
        first=Min(f"{by}pk"),
        oldest=Min("asked_until", filter=late),
        **_tallies(late),
    )
    found: dict[str, DepartmentCounts] = {}
    for row in rows.order_by("place", "first"):
        code, counts = row["code"], _counts(row)
        before = found[code].counts if code in found else Counts()
        found[code] = DepartmentCounts(code, row["name"], before + counts)
    return list(found.values())


def counted_each(inquiries: Iterable[Inquiry], today: date) -> dict[tuple[int, int], Counts]:
    """Return (inquiry id, department id) → counts without states or days, in one statement."""
    wholes = {inquiry.pk: inquiry.within for inquiry in inquiries}
    targets = InquiryTarget.objects.filter(inquiry__in=wholes)
    rows = targets.values("inquiry", department=F("section__department_id")).order_by()
    tallies = _tallies(due_before(today, set(wholes.values())))
    return {(row["inquiry"], row["department"]): _counts(row) for row in rows.annotate(**tallies)}


def chosen_of(
    targets: QuerySet[InquiryTarget],
    today: date,
    calendar: Calendar,
    *,
    department: str = "",
    state: str = "",
    late: int | None = None,
    news: bool = False,
) -> QuerySet[InquiryTarget]:
    """Filter what a board shows, as with_news() returns it.

    late  overdue by that many open days, or more; looked up for each, since PostgreSQL expects one
          late addressee in a plan that it keeps
    """
    if department:
        targets = targets.filter(section__department__code=department)
    if state:
        targets = targets.filter(state=state)
    if late:
        day = overdue_before(today, late, calendar)
        targets = targets.filter(Q(asked_until__lt=end_of_day(day)), state__in=UNANSWERED)
    if news:  # all of them are then: PostgreSQL would look it up for each once more
        targets = targets.filter(Q(is_new=True)).annotate(is_new=Value(True))
    return targets


def marked(
    targets: QuerySet[InquiryTarget], chosen: QuerySet[InquiryTarget]
) -> QuerySet[InquiryTarget]:
    """Return the addressees, each with `is_chosen`: it is one of these."""
    is_chosen = ExpressionWrapper(Q(pk__in=chosen.values("pk")), output_field=BooleanField())
    return targets.annotate(is_chosen=is_chosen)


def overdue_before(today: date, open_days: int, calendar: Calendar) -> date:
    """Return the day before which what was due is so many open days overdue, 1 or more.

    As open_days_left() counts: once a due day is over it is one open day overdue, also on a
    closed day.
    """
    if open_days == 1:
        return today
    return calendar.working_day_before(today + timedelta(days=1), open_days)


def answers_by_kind(targets: Iterable[InquiryTarget]) -> dict[int, dict[str, int]]:
    """Return target id → kind of answer → how many sheets."""
    found: dict[int, dict[str, int]] = {}
    answers = SheetAnswer.objects.filter(target__in=[target.pk for target in targets]).order_by()
    for target, kind, n in answers.values_list("target", "kind").annotate(n=Count("pk")):
        found.setdefault(target, {})[kind] = n
    return found


def remarks_of(targets: Iterable[InquiryTarget]) -> dict[int, int]:
    """Return target id → how many remarks."""
    remarks = Remark.objects.filter(target__in=[target.pk for target in targets]).order_by()
    return dict(remarks.values_list("target").annotate(n=Count("pk")))


def reminded_since(targets: Iterable[InquiryTarget], since: datetime) -> dict[str, datetime]:
    """Return key → when it was last urged at or after `since`, of those that were."""
    keys = [target.key for target in targets]
    entries = AuditEntry.objects.filter(subject__in=keys, verb="inquiry.reminded", at__gte=since)
    return dict(entries.order_by().values_list("subject").annotate(at=Max("at")))


def _news(user: User, seen: int) -> QuerySet[AuditEntry]:
    theirs = Q(by=None) | ~Q(by=user)
    return AuditEntry.objects.filter(theirs, pk__gt=seen).exclude(verb__in=QUIET)


def _tallies(late: Q) -> dict[str, Any]:
    return {
        "total": Count("pk"),
        "answered": Count("pk", filter=~Q(state__in=UNANSWERED)),
        "done": Count("pk", filter=Q(state__in=DONE)),
        "late": Count("pk", filter=late),
    }


def _counts(row: Mapping[str, Any]) -> Counts:
    names = ("total", "answered", "done", "late", "news")
    states = Counter({row["state"]: row["total"]}) if "state" in row else Counter()
    oldest = in_tokyo(row["oldest"]) if row.get("oldest") else None
    told = {name: row[name] for name in names if name in row}
    return Counts(**told, oldest=oldest, states=states)
