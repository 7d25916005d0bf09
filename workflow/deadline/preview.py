"""What a rule that is not saved yet would do, on real days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from workflow.deadline.calendar import end_of_day, in_tokyo
from workflow.deadline.ladder import Office
from workflow.deadline.models import Deadline
from workflow.deadline.queries import Steps, Timetables, answered_for, stands, timed_by
from workflow.deadline.registry import has_receipt, label_of
from workflow.deadline.schedule import Moment, Timetable, most_urgent
from workflow.deadline.states import Tier, When
from workflow.people.models import User

AFTER = timedelta(days=45)
REAL = 2
"""How many running deadlines are shown, each of another day, besides one that is over."""


@dataclass(frozen=True)
class Shown:
    at: datetime
    late: bool
    tier: str
    name: str


@dataclass(frozen=True)
class Sample:
    """The moments of one due day."""

    title: str
    due_on: date
    is_closed: bool
    moments: list[Shown]


@dataclass(frozen=True)
class Preview:
    """Of how many `running` deadlines the next reminder would be at another time.

    owed  those of which somebody is to be told right now, or when the office opens
    """

    samples: list[Sample]
    changed: int
    owed: int
    running: int


def preview(kind: str, steps: Steps, by: User, at: datetime, due_on: date | None = None) -> Preview:
    """Return what the rule would do to running deadlines, to the year's end, to a day of choice.

    by  who reads: of what they may not follow they learn the kind, not the title
    """
    was, timetables = Timetables(), Timetables(steps={kind: steps})
    rows, owed, changed = list(timed_by(kind)), 0, 0
    for row in rows:
        before, owes = was.next_at(row, at), was.owed(row, at) is not None
        row.told_left = was.settled(row, at)
        owed += owes
        changed += not owes and timetables.next_at(row, at) != before
    like = rows[0] if rows else _ended(kind)
    chosen = [_sample(_("試す期限"), due_on, timetables, kind, like, at)] if due_on else []
    year_end = _sample(_("年末の期限"), _year_end(at), timetables, kind, like, at)
    samples = [*chosen, *_real(rows, timetables, by, at), year_end]
    return Preview(samples, changed, owed, running=len(rows))


def _ended(kind: str) -> Deadline | None:
    """Return one whose people are named where a day has none of its own."""
    known = Deadline.objects.filter(kind=kind) if kind else Deadline.objects.all()
    return known.order_by("-pk").first()


def _real(
    rows: Sequence[Deadline], timetables: Timetables, by: User, at: datetime
) -> Iterator[Sample]:
    over, ahead = [row for row in rows if row.due_at < at][-1:], dict[date, Deadline]()
    for row in rows:
        if row.due_at >= at:
            ahead.setdefault(in_tokyo(row.due_at), row)
    shown = [*over, *list(ahead.values())[:REAL]]
    followed = set(
        answered_for(by).filter(pk__in=[d.pk for d in shown]).values_list("pk", flat=True)
    )
    for deadline in shown:
        timetable = timetables.of(deadline.kind, deadline.group_id)
        title = deadline.title if deadline.pk in followed else label_of(deadline.kind)
        yield _of(deadline, title, timetable, at)


def _of(deadline: Deadline, title: str, timetable: Timetable, at: datetime) -> Sample:
    due_on, told_left, received = stands(deadline, timetable)
    found = timetable.owed(due_on, told_left, received, max(deadline.due_at, at) + AFTER)
    moments = [moment for moment in found if moment.at > at]
    if passed := most_urgent(moment for moment in found if moment.at <= at):
        moments.insert(0, Moment(timetable.opening(at), passed.step))
    office = Office([deadline], in_tokyo(at))
    named = [_shown(one, office.telling(deadline, one.step.to).rung.name) for one in moments]
    return Sample(title, due_on, timetable.calendar.is_closed(due_on), named)


def _sample(
    title: str,
    due_on: date,
    timetables: Timetables,
    kind: str,
    like: Deadline | None,
    at: datetime,
) -> Sample:
    """Return all moments of a day from 45 days before on, whether or not they are over.

    like  whose people are told
    """
    due_at, office = end_of_day(due_on), Office([like] if like else [], in_tokyo(at))
    timetable = timetables.of(kind, like.group_id if like else 0)
    moments = timetable.moments(
        due_on, after=due_at - AFTER, until=due_at + AFTER, received=not has_receipt(kind)
    )
    named = [
        _shown(one, office.telling(like, one.step.to).rung.name if like else _("担当の課による"))
        for one in moments
    ]
    if like:
        words = {"title": title, "holder": office.telling(like, "holder").holder}
        title = _("%(title)s（%(holder)sなら）") % words
    return Sample(title, due_on, timetable.calendar.is_closed(due_on), named)


def _shown(moment: Moment, name: str) -> Shown:
    tier = str(Tier(moment.step.to).label)
    return Shown(moment.at, moment.step.when == When.LATE, tier, name)


def _year_end(at: datetime) -> date:
    today = in_tokyo(at)
    return date(today.year + ((today.month, today.day) > (12, 28)), 12, 28)
