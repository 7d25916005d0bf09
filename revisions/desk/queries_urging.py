"""督促の一覧: who has not done what is due, and by which number they are rung up."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import islice
from typing import Any

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from revisions.desk.work import SOON, steered
from revisions.plan.models import Revision
from workflow.audit.models import AuditEntry, key_of
from workflow.deadline.calendar import Calendar, end_of_day, in_tokyo
from workflow.deadline.models import Deadline
from workflow.deadline.naming import day_names
from workflow.deadline.queries import overdue, running, with_follows
from workflow.ledger.command import BATCH
from workflow.people.models import User
from workflow.people.states import UserKind

TOLD = (
    "deadline.reminded",
    "deadline.unreceived",
    "deadline.passed",
    "deadline.urged",
    "deadline.escalated",
    "inquiry.reminded",
)
BY_SECTION = ("department_order", "department_id", "section_order", "section_id", "due_at", "pk")
BY_DAY = ("due_at", *BY_SECTION)


@dataclass(frozen=True)
class Owing:
    """One deadline that runs. left: open days, below 0 when it is over.

    due_of    which day of what it is about it is, where that has several: 課の案
    deadline  id, where the reader may follow it
    """

    who: str
    department: str
    extension: str
    what: str
    link: str
    due_on: date
    left: int
    told_at: datetime | None
    due_of: str
    deadline: int | None


def owing(
    user: User, at: datetime, days: Calendar, *, soon: bool, by_day: bool
) -> QuerySet[Deadline]:
    """Return what is late in the revisions that the user steers; to an auditor, in all.

    soon    also what is due within a few open days
    by_day  the latest first, else section by section
    """
    until = end_of_day(days.working_day_after(in_tokyo(at), SOON))
    rows = running().filter(due_at__lte=until) if soon else overdue(at)
    revisions = Revision.objects.all() if user.kind == UserKind.AUDITOR else steered(user)
    keys = [key_of(Revision, pk) for pk in revisions.values_list("pk", flat=True)]
    rows = _with_places(rows.filter(part_of__in=keys))
    order = [F(name).asc(nulls_last=True) for name in (BY_DAY if by_day else BY_SECTION)]
    return with_follows(rows, user).annotate(told_at=_last_told()).order_by(*order)


def owed(rows: Iterable[Any], today: date, days: Calendar) -> Iterator[Owing]:
    left = cache(lambda due_on: days.working_days_between(today, due_on))
    for row, due_of in _with_days(iter(rows)):
        due_on = in_tokyo(row.due_at)
        yield Owing(
            who=row.who,
            department=row.department or "",
            extension=row.extension or "",
            what=row.title,
            link=row.link,
            due_on=due_on,
            left=left(due_on),
            told_at=row.told_at,
            due_of=due_of,
            deadline=row.pk if row.follows else None,
        )


def _with_days(rows: Iterator[Any]) -> Iterator[tuple[Any, str]]:
    while part := list(islice(rows, BATCH)):
        names = day_names(part)
        words = {subject: name.word for subject, name in names.items()}
        yield from ((row, words.get(row.subject, "")) for row in part)


def _with_places(rows: QuerySet[Deadline]) -> QuerySet[Deadline]:
    """A group is that of a section, of a post (of a section, or of none), or of a body."""

    def place(path: str) -> Coalesce:
        return Coalesce(f"group__section__{path}", f"group__post__section__{path}")

    return rows.annotate(
        who=Coalesce(
            "group__section__name", "group__post__name", "group__body__name", "group__name"
        ),
        extension=place("extension"),
        department=place("department__name"),
        department_order=place("department__order"),
        department_id=place("department_id"),
        section_order=place("order"),
        section_id=place("pk"),
    )


def _last_told() -> Subquery:
    """Of the deadline, or of the row that it is about."""
    prefix = key_of(Deadline, 0).removesuffix("0")
    own = Concat(Value(prefix), Cast(OuterRef("pk"), CharField()), output_field=CharField())
    entries = AuditEntry.objects.filter(
        Q(subject=own) | Q(subject=OuterRef("subject")), verb__in=TOLD
    )
    return Subquery(entries.order_by("-at").values("at")[:1])
