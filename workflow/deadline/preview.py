"""What a rule that is not saved yet would do, on real days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from workflow.deadline.calendar import end_of_day, in_tokyo
from workflow.deadline.ladder import Office
from workflow.deadline.models import Deadline
from workflow.deadline.queries import Steps, Timetables, timed_by
from workflow.deadline.registry import has_receipt
from workflow.deadline.schedule import Moment
from workflow.deadline.states import Tier, When

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
    """changed: how many of the `running` deadlines would next be told at another time."""

    samples: list[Sample]
    changed: int
    running: int


def preview(kind: str, steps: Steps, at: datetime, due_on: date | None = None) -> Preview:
    """Return what the rule would do to running deadlines, to the year's end, to a day of choice."""
    was, timetables = Timetables(), Timetables(steps={kind: steps})
    under = [row for row in timed_by(kind).iterator() if not was.owes(row, at)]
    changed = sum(timetables.next_at(row, at) != was.next_at(row, at) for row in under)
    like = _example(kind)
    chosen = [_sample(_("試す期限"), due_on, timetables, kind, like, at)] if due_on else []
    year_end = _sample(_("年末の期限"), _year_end(at), timetables, kind, like, at)
    samples = [*chosen, *_real(kind, timetables, at), year_end]
    return Preview(samples, changed, running=len(under))


def _example(kind: str) -> Deadline | None:
    """Return one under the rule, whose people are named where a day has none of its own."""
    known = Deadline.objects.filter(kind=kind) if kind else Deadline.objects.all()
    return timed_by(kind).first() or known.order_by("-pk").first()


def _real(kind: str, timetables: Timetables, at: datetime) -> Iterator[Sample]:
    over, found = timed_by(kind).filter(due_at__lt=at).last(), dict[date, Deadline]()
    for deadline in timed_by(kind).filter(due_at__gte=at)[:200]:
        found.setdefault(in_tokyo(deadline.due_at), deadline)
    for deadline in ([over] if over else []) + list(found.values())[:REAL]:
        due_on = in_tokyo(deadline.due_at)
        office = Office([deadline], in_tokyo(at))
        timetable = timetables.of(deadline.kind, deadline.group_id)
        received = deadline.received_at is not None
        until = max(deadline.due_at, at) + AFTER
        moments = timetable.moments(due_on, after=at, until=until, received=received)
        named = [_shown(one, office.telling(deadline, one.step.to).rung.name) for one in moments]
        closed = timetable.calendar.is_closed(due_on)
        yield Sample(deadline.title, due_on, closed, named)


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
