from collections.abc import Iterable
from copy import copy
from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat

from workflow.audit.chain import digest
from workflow.audit.models import AuditEntry, key_of
from workflow.deadline.calendar import Calendar, in_tokyo
from workflow.deadline.models import (
    CalendarFeed,
    ClosedDay,
    Deadline,
    OfficeHours,
    ReminderRule,
)
from workflow.deadline.registry import kinds
from workflow.deadline.schedule import STANDARD, Hours, Moment, Step, Timetable
from workflow.deadline.states import RUNNING
from workflow.people.models import Post, Section, User
from workflow.people.states import Rank, UserKind

Steps = tuple[Step, ...]


def calendar() -> Calendar:
    """Return what the law closes, and the days that the city itself closes or opens."""
    days = list(ClosedDay.objects.filter(in_force=True).values_list("day", "is_open"))
    return Calendar(
        closed=frozenset(day for day, is_open in days if not is_open),
        opened=frozenset(day for day, is_open in days if is_open),
    )


def running() -> QuerySet[Deadline]:
    """Return what somebody still has to do, late or not, the most urgent first."""
    return Deadline.objects.filter(state__in=RUNNING).order_by("due_at", "pk")


def overdue(at: datetime) -> QuerySet[Deadline]:
    """Return what is late at the moment, whether or not the sweep has said so already."""
    return running().filter(due_at__lt=at)


def to_remind(at: datetime) -> QuerySet[Deadline]:
    return Deadline.objects.filter(next_at__lte=at)


def not_due(at: datetime) -> QuerySet[Deadline]:
    """Return those of which somebody is to be told later; none that failed and rest."""
    return running().filter(next_at__gt=at, attempts=0)


def whose(rows: QuerySet[Deadline]) -> QuerySet[Deadline]:
    """Annotate `whose`: the name of the post, section or body that is to act."""
    names = ("post__name", "section__name", "body__name", "name")
    return rows.annotate(whose=Coalesce(*(F(f"group__{name}") for name in names)))


def answered_for(user: User) -> QuerySet[Deadline]:
    """Return the deadlines that the user has to know of: who has it, by when, how it stands.

    Those of their own groups and those that they wait for; of a section its chief's; of a
    department its director's and its 庶務担当課's: to these a late one is taken up (ladder.py). All
    of them to an auditor.
    """
    if user.kind == UserKind.AUDITOR:
        return Deadline.objects.all()
    section, department = OuterRef("section_id"), OuterRef("department_id")
    posts = Post.objects.filter(group__user=user.pk)
    led = Q(department=department) | Q(section__department=department)
    coordinating = Section.objects.filter(group__user=user.pk, is_coordinating=True)
    mine = User.groups.through.objects.filter(user=user.pk)
    return with_place(Deadline.objects.all()).filter(
        Exists(mine.filter(group=OuterRef("group")))
        | Exists(mine.filter(group=OuterRef("asked_by")))
        | Exists(posts.filter(rank=Rank.SECTION_CHIEF, section=section))
        | Exists(coordinating.filter(department=department))
        | Exists(posts.filter(led, rank=Rank.DIRECTOR))
    )


def with_follows(rows: QuerySet[Deadline], user: User) -> QuerySet[Deadline]:
    """Annotate `follows`: whether the user may know of it, as answered_for()."""
    return rows.annotate(follows=Exists(answered_for(user).filter(pk=OuterRef("pk"))))


def with_place(rows: QuerySet[Deadline]) -> QuerySet[Deadline]:
    """Annotate the section and the department of whoever is asked: a section, a post, a body."""
    section = Coalesce("group__section", "group__post__section")
    department = Coalesce(
        "group__section__department",
        "group__post__section__department",
        "group__post__department",
    )
    return rows.annotate(section_id=section, department_id=department)


def running_of(user: User) -> QuerySet[Deadline]:
    """Return what the user's posts, sections and bodies have to do, the most urgent first."""
    return running().filter(group__user=user.pk)


def with_changed_at(rows: QuerySet[Deadline]) -> QuerySet[Deadline]:
    """Annotate `changed_at`: the moment of the last entry of its chain."""
    key = Concat(Value(key_of(Deadline, 0)[:-1]), Cast(OuterRef("pk"), CharField()))
    last = AuditEntry.objects.filter(subject=key, seq=OuterRef("chain_length"))
    return rows.annotate(changed_at=Subquery(last.values("at")))


def feed_of(user: User) -> CalendarFeed:
    """Return the person's feed, unsaved where there was none."""
    return CalendarFeed.objects.filter(user=user).first() or CalendarFeed(user=user)


def reader_of(token: str) -> User | None:
    """Return whose feed an address ends in `token`, when they may still sign in."""
    feeds = CalendarFeed.objects.filter(secret=digest(token), user__is_active=True)
    feed = feeds.select_related("user").first()
    return feed.user if feed else None


def stuck() -> QuerySet[Deadline]:
    """Return what could not be told when it was due, what failed most often first."""
    return running().filter(attempts__gt=0).order_by("-attempts", "pk")


def rules(at: datetime | None = None) -> dict[str, ReminderRule]:
    """Return the rule in force, now or then, of every kind of which one was ever set."""
    found = ReminderRule.objects.order_by("number")
    return {rule.kind: rule for rule in (found.filter(set_at__lte=at) if at else found)}


def steps_of(rule: ReminderRule) -> Steps:
    return tuple(Step(**step) for step in rule.steps)


def steps_in_force(at: datetime | None = None) -> dict[str, Steps]:
    """Return the rule of every kind that has its own, kept or shipped with it; "" of the others.

    at  moment; None is now
    """
    shipped = {kind.code: kind.steps for kind in kinds() if kind.steps}
    kept = {kind: steps_of(rule) for kind, rule in rules(at).items()}
    return {kind: steps for kind, steps in ({"": STANDARD} | shipped | kept).items() if steps}


def as_json(steps: Iterable[Step]) -> list[dict[str, object]]:
    return [asdict(step) for step in steps]


class Timetables:
    """By what every deadline is reminded, read once.

    steps  kind → a rule instead of that in force, to look ahead
    """

    def __init__(self, steps: dict[str, Steps] | None = None) -> None:
        self.calendar = calendar()
        self._steps = steps_in_force() | (steps or {})
        self._hours = _hours_by_group()
        self._kept: dict[tuple[str, Hours], Timetable] = {}

    def under(self, then: Calendar) -> "Timetables":
        """Return the same by another calendar, to look ahead."""
        found = copy(self)
        found.calendar, found._kept = then, {}
        return found

    def of(self, kind: str, group_id: int) -> Timetable:
        hours = self._hours.get(group_id) or self._hours[None]
        key = kind, hours
        if key not in self._kept:
            steps = self._steps.get(kind) or self._steps[""]
            self._kept[key] = Timetable(steps, self.calendar, hours)
        return self._kept[key]

    def next_at(self, deadline: Deadline, at: datetime) -> datetime | None:
        """Return when somebody is next told of the deadline: of what is past, when they may be."""
        timetable = self.of(deadline.kind, deadline.group_id)
        moment = timetable.first(*stands(deadline, timetable))
        if moment is None:
            return None
        return timetable.opening(at) if moment.at <= at else moment.at

    def owed(self, deadline: Deadline, at: datetime) -> Moment | None:
        """Return the first moment by `at` of which nobody was told yet.

        The office was closed then, or telling failed.
        """
        timetable = self.of(deadline.kind, deadline.group_id)
        moment = timetable.first(*stands(deadline, timetable))
        return moment if moment and moment.at <= at else None

    def settled(self, deadline: Deadline, at: datetime) -> int:
        """Return up to where nothing needs telling any more, as told_left."""
        timetable, due_on = self.of(deadline.kind, deadline.group_id), in_tokyo(deadline.due_at)
        owed = self.owed(deadline, at)
        by_now = timetable.left(due_on, owed.at - timedelta(seconds=1) if owed else at)
        return min(by_now, stands(deadline, timetable)[1])


def stands(deadline: Deadline, timetable: Timetable) -> tuple[date, int, bool]:
    """Return the due day, up to where nothing needs telling, and whether it is received."""
    due_on, told_left = in_tokyo(deadline.due_at), deadline.told_left
    if told_left is None:
        told_left = timetable.left(due_on, deadline.reminded_until)
    return due_on, told_left, deadline.received_at is not None


def _hours_by_group() -> dict[int | None, Hours]:
    """None is the city. The posts of a section keep its hours."""
    kept = OfficeHours.objects.filter(in_force=True)
    found: dict[int | None, Hours] = {None: Hours()}
    for row in kept:
        found[row.group_id] = Hours(row.opens, row.closes, row.remind_at)
    if len(found) > 1:
        posts = Post.objects.filter(section__group__in=[group for group in found if group])
        for group, of_section in posts.values_list("group", "section__group"):
            found.setdefault(group, found[of_section])
    return found


def acts_on_hours() -> int:
    """Return how often any hours were set or removed."""
    found: int | None = OfficeHours.objects.aggregate(n=Sum("chain_length"))["n"]
    return found or 0


def timed_by(kind: str) -> QuerySet[Deadline]:
    """Return the running deadlines under the rule of `kind`; "" is of all without their own."""
    found, own = running(), [code for code in steps_in_force() if code]
    return found.filter(kind=kind) if kind else found.exclude(kind__in=own)


def running_by_kind() -> dict[str, int]:
    """Return kind → how many deadlines run."""
    return dict(running().order_by().values_list("kind").annotate(Count("pk")))
