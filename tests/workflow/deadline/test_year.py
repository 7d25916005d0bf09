"""A year of the office, day by day, through the commands and the database, beside the oracle.

1,000 deadlines of four kinds are set, received, extended, handed over and ended at any moment;
rules, closed days, hours and posts change meanwhile, and the sweep stands still for days. At every
sweep whoever is told, of what, by which word and with how many days left is what the clerk says.
And a year of fewer deadlines in which something changes almost daily.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group

from tests.factories import post, section
from tests.workflow.deadline.clerk import OWN, Clerk, Hours, Sheet, Told
from tests.workflow.deadline.oracle import ORDER, TOKYO
from workflow.deadline import commands_days, commands_rules, parts, registry, tasks
from workflow.deadline.parts_remind import TOLD
from workflow.deadline.queries import as_json
from workflow.deadline.schedule import STANDARD, Step
from workflow.ledger.command import command
from workflow.models import Body, Deadline, OutboxEvent, Post, Section, User
from workflow.people.states import Rank

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city"), pytest.mark.slow]

BEGINS = datetime(2026, 4, 1, tzinfo=TOKYO)
ASKED = (
    Step("before", 8, unreceived=True),
    Step("before", 2),
    Step("late", 1, every=2, unreceived=True),
    Step("late", 3, every=4, to="chief"),
)
SHIPPED = (Step("on"), Step("late", 2, every=3, to="chief"), Step("late", 4, to="director"))
KINDS = {
    "year.plain": registry.Kind("year.plain"),
    "year.asked": registry.Kind("year.asked", receipt=True, steps=ASKED),
    "year.own": registry.Kind("year.own", own_day=True),
    "year.shipped": registry.Kind("year.shipped", steps=SHIPPED),
}
OUTAGES = {date(2026, 6, 3), *(date(2026, 9, day) for day in range(7, 12)), date(2027, 1, 4)}
EVENINGS = {date(2026, month, 17) for month in (4, 6, 7, 8, 9, 11, 12)}
MORE_EVENINGS = {date(2026, month, day) for month in range(4, 13) for day in range(2, 31, 5)}
"""The sweep runs again when the office is closed already; then much changes at night."""
SWEEPS = [time(8, 35), time(9), time(11, 20), time(13), time(15, 50), time(20)]


class Year:
    """The product and the clerk, to which the same happens."""

    def __init__(self, random: Random) -> None:
        self.random, self.acts = random, list[tuple[datetime, int, Any, tuple[Any, ...]]]()
        self.secretariat = section("sogo-seisaku").group_id
        sections, posts = (
            list(Section.objects.order_by("pk")),
            ["joho-kacho", "joho-tanto", "koho-kacho"],
        )
        self.holders = [s.group_id for s in sections] + [post(code).group_id for code in posts]
        self.holders += Body.objects.order_by("pk").values_list("group", flat=True)[:2]
        ladders = {group: self._ladder(group) for group in self.holders}
        shipped = {"": STANDARD, "year.asked": ASKED, "year.shipped": SHIPPED}
        rules = {kind: as_json(steps) for kind, steps in shipped.items()}
        city = {0: Hours(time(8, 30), time(17, 15), time(8, 30))}
        self.clerk = Clerk(rules, city, ladders)
        self.happened = Counter[str]()
        self._look_who_is_there()

    def at(self, moment: datetime, act: Any, *args: Any) -> None:
        self.acts.append((moment, len(self.acts), act, args))

    def until(self, moment: datetime) -> None:
        """Do whatever is to happen up to a moment, what that brings about included."""
        while self.acts and min(self.acts)[0] <= moment:
            first = min(self.acts)
            self.acts.remove(first)
            at, _, act, args = first
            act(*args, at=at)
            self.happened[act.__name__] += 1

    def somewhen(self, first: datetime, last: datetime) -> datetime:
        minutes = max(1, int((last - first).total_seconds() // 60))
        return first + timedelta(minutes=self.random.randrange(minutes), seconds=7)

    def set(self, number: int, *, at: datetime) -> None:
        kind, holder = self.random.choice(list(KINDS)), self.random.choice(self.holders)
        due_on = at.date() + timedelta(days=self.random.randint(0, 45))
        subject = SimpleNamespace(pk=number, key=f"year.thing:{number}", within="year.whole:1")
        asked = [(subject, Group.objects.get(pk=holder), "/", due_on)]
        more = {"asked_by": Group.objects.get(pk=self.secretariat), "by": None, "at": at}
        command(parts.set_deadlines)(asked, kind=kind, title="年", **more)
        received = not KINDS[kind].receipt
        self.clerk.sheets[subject.key] = Sheet(subject.key, kind, holder, due_on, at, received)
        over = datetime.combine(due_on, time(12), tzinfo=TOKYO)
        for often, days, act in [
            (0.4, 10, self.receive),
            (0.2, 20, self.extend),
            (0.1, 20, self.hand_over),
            (0.9, 50, self.end),
        ]:
            if self.random.random() < often:
                self.at(self.somewhen(at, over + timedelta(days=days)), act, subject, kind)

    def receive(self, subject: Any, kind: str, *, at: datetime) -> None:
        command(parts.receive)(subject, kind, by=None, at=at)
        if sheet := self.clerk.sheets.get(subject.key):
            sheet.received = True

    def extend(self, subject: Any, kind: str, *, at: datetime) -> None:
        if sheet := self.clerk.sheets.get(subject.key):
            due_on = max(at.date(), sheet.due_on) + timedelta(days=self.random.randint(0, 20))
            command(parts.extend)(subject, kind, due_on=due_on, by=None, at=at)
            sheet.anew(due_on, at)

    def hand_over(self, subject: Any, kind: str, *, at: datetime) -> None:
        if sheet := self.clerk.sheets.get(subject.key):
            due_on = at.date() + timedelta(days=self.random.randint(0, 20))
            sheet.holder, sheet.received = self.random.choice(self.holders), True
            sheet.anew(due_on, at)
            group = Group.objects.get(pk=sheet.holder)
            command(parts.hand_over)(subject, kind, group=group, due_on=due_on, by=None, at=at)

    def end(self, subject: Any, kind: str, *, at: datetime) -> None:
        act = self.random.choice([parts.meet, parts.lift])
        command(act)(subject, kind, by=None, at=at)
        self.clerk.sheets.pop(subject.key, None)

    def set_rule(self, *, at: datetime) -> None:
        kind = self.random.choice(["", *KINDS])
        steps = tuple(self._lines(receipt=kind in ("", "year.asked")))
        if as_json(steps) == self.clerk.rules.get(kind):
            return
        commands_rules.set_rule(kind=kind, steps=steps, by=None, at=at)
        self.clerk.set_rule(kind, as_json(steps), at)

    def close(self, *, at: datetime) -> None:
        """Today perhaps, as in a typhoon."""
        day = at.date() + timedelta(days=self.random.choice([0, 0, 1, 2, 3, 5, 9]))
        if not self.clerk.days.is_closed(day):
            forward = self.random.random() < 0.5
            more = {"name": "臨時", "bring_forward": forward, "by": None, "at": at}
            commands_days.add_closed_days(first=day, **more)
            self.clerk.close(day, forward={"year.own"} if forward else set(), at=at)
            if self.random.random() < 0.4:
                self.at(self.somewhen(at, at + timedelta(days=2)), self.as_the_law_says, day)

    def as_the_law_says(self, day: date, *, at: datetime) -> None:
        commands_days.remove_closed_day(day=day, by=None, at=at)
        self.clerk.as_the_law_says(day)

    def open(self, *, at: datetime) -> None:
        day = at.date() + timedelta(days=self.random.randint(0, 9))
        if self.clerk.days.is_closed(day):
            commands_days.add_closed_days(first=day, name="開庁", is_open=True, by=None, at=at)
            self.clerk.open(day)

    def set_hours(self, code: str = "", *, at: datetime) -> None:
        opens, of = self.random.choice([time(7, 30), time(8, 45), time(10)]), None
        hours = Hours(opens, time(16), self.random.choice([time(10), time(12, 30), time(14)]))
        groups = [0]
        if code:
            of = section(code)
            groups = [of.group_id, *of.posts.values_list("group", flat=True)]
        commands_rules.set_hours(section=of, **vars(hours), by=None, at=at)
        self.clerk.hours |= dict.fromkeys(groups, hours)

    def leave(self, *, at: datetime) -> None:
        """Somebody who leads is there no more."""
        posts = Post.objects.filter(rank__in=[Rank.SECTION_CHIEF, Rank.DIRECTOR])
        gone = self.random.choice(posts.order_by("pk"))
        User.objects.filter(groups=gone.group).update(is_active=False)
        self._look_who_is_there()

    def _look_who_is_there(self) -> None:
        filled = set(User.objects.filter(is_active=True).values_list("groups", flat=True))
        self.clerk.vacant = set(Group.objects.values_list("pk", flat=True)) - filled

    def _ladder(self, holder: int) -> dict[str, int]:
        rungs = {"holder": holder, "secretariat": self.secretariat}
        own = Post.objects.filter(group=holder).first()
        of = own.section if own else Section.objects.filter(group=holder).first()
        if of is None:
            return rungs
        chief = of.posts.filter(rank=Rank.SECTION_CHIEF).order_by("pk").first()
        director = of.department.posts.filter(rank=Rank.DIRECTOR).order_by("pk").first()
        coordinating = of.department.sections.filter(is_coordinating=True).first()
        found = {"chief": chief, "director": director, "coordinating": coordinating}
        return rungs | {OWN: of.group_id} | {t: row.group_id for t, row in found.items() if row}

    def _lines(self, *, receipt: bool) -> list[Step]:
        random = self.random
        lines = {("before", 6): Step("before", 6, unreceived=True)} if receipt else {}
        always = Step("late", random.randint(1, 4), random.choice([0, 2, 5]))
        for tier in random.sample(ORDER, random.randint(1, 5)):
            when = random.choice(["before", "on", "late"])
            days = 0 if when == "on" else random.randint(1, 12)
            every = random.randint(0, 7) if when == "late" else 0
            waits = receipt and random.random() < 0.3
            lines[when, days] = Step(when, days, every, tier, waits)
        lines["late", always.days] = always
        return list(lines.values())


@pytest.fixture
def year(monkeypatch: pytest.MonkeyPatch) -> Year:
    for code, kind in KINDS.items():
        monkeypatch.setitem(registry._kinds, code, kind)
    return Year(Random(20260401))  # noqa: S311


def test_a_thousand_deadlines_over_a_year_day_by_day(year, monkeypatch):
    fill(year, 1000, EVENINGS, often=1)
    told, days = Counter[str](), 0
    for found in live(year, EVENINGS, monkeypatch):
        told.update([one.verb for one in found] + [one.tier for one in found])
        days += bool(found)
    assert min(told.values()) > 40, told
    assert (len(told), told.total() > 10_000, days > 250) == (5 + len(ORDER), True, True), told
    assert min(year.happened.values()) > 2, year.happened


def test_a_year_in_which_something_changes_almost_daily(year, monkeypatch):
    fill(year, 150, MORE_EVENINGS, often=5)
    found = [one for told in live(year, MORE_EVENINGS, monkeypatch) for one in told]
    assert len(found) > 1000
    assert min(year.happened.values()) > 5, year.happened


def fill(year: Year, deadlines: int, evenings: set[date], often: int) -> None:
    """Let deadlines be set on any day of ten months, and all else change `often` as often."""
    ends = BEGINS + timedelta(days=365)
    for number in range(deadlines):
        year.at(year.somewhen(BEGINS, BEGINS + timedelta(days=300)), year.set, number)
    changes = [year.set_rule] * 6 + [year.close] * 16 + [year.open] * 6 + [year.set_hours] * 3
    for change in [*changes * often, *[year.leave] * 6]:
        year.at(year.somewhen(BEGINS, ends), change)
    for day in sorted(evenings):
        night = datetime.combine(day, time(21), tzinfo=TOKYO)
        for change in year.random.choices([year.set_rule, year.close, year.set_hours], k=2):
            year.at(year.somewhen(night, night + timedelta(hours=9)), change)
    for code in ["joho", "joho", "koho", "bunsho"] * often:
        year.at(year.somewhen(BEGINS, ends), year.set_hours, code)


def live(year: Year, evenings: set[date], monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Told]]:
    """Go through 365 days; yield what every sweep told, which is what the clerk tells."""
    seen = 0
    for day in (BEGINS.date() + timedelta(days=n) for n in range(365)):
        for hour in [] if day in OUTAGES else SWEEPS[-1:] if day in evenings else SWEEPS:
            at = datetime.combine(day, hour, tzinfo=TOKYO)
            year.until(at)
            monkeypatch.setattr(tasks, "now", lambda at=at: at)
            tasks.sweep()
            found, seen = told_since(seen)
            assert found == sorted(year.clerk.tell(at), key=lambda one: one.name), at
            yield found


def told_since(seen: int) -> tuple[list[Told], int]:
    """Return what was told by events later than `seen`, by name, and the last event there is."""
    verbs = [f"deadline.{verb}" for verb in TOLD]
    events = list(OutboxEvent.objects.filter(pk__gt=seen).select_related("entry").order_by("pk"))
    names = dict(Deadline.objects.values_list("pk", "subject"))
    found = [
        Told(
            names[int(event.entry.subject.rpartition(":")[2])],
            event.entry.at.astimezone(TOKYO),
            event.kind,
            facts_of(event)["tier"],
            event.groups[0],
            event.facts["days_left"],
        )
        for event in events
        if event.kind in verbs
    ]
    return sorted(found, key=lambda one: one.name), events[-1].pk if events else seen


def facts_of(event: OutboxEvent) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(event.entry.body)["facts"]
    return facts
