"""Where a stage may stand in time: what its kind, its body and the 広報紙 ask. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from workflow.deadline.calendar import Calendar, days
from workflow.people.regular import Regular

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Gazette:
    """広報紙.

    days  of a month on which it is issued; a month that lacks one has no such issue
    lead  working days before the issue by which the paper (原稿) must be there
    """

    days: tuple[int, ...]
    lead: int

    def before(self, day: date) -> date:
        """Return the last issue before `day`."""
        while (day := day - DAY).day not in self.days:
            pass
        return day

    def after(self, day: date) -> date:
        while (day := day + DAY).day not in self.days:
            pass
        return day

    def paper_by(self, issue: date, calendar: Calendar) -> date:
        return calendar.working_day_before(issue, self.lead)


@dataclass(frozen=True)
class Rule:
    """What is asked of a stage that begins on a day from `since` to `until`, both included.

    notice   calendar days before its first one by which its body is convened
    regular  the days on which its body meets; None for any open day
    gazette  what announces it (予告) before it begins, if anything does
    """

    notice: int = 0
    regular: Regular | None = None
    gazette: Gazette | None = None
    since: date = date.min
    until: date = date.max


@dataclass(frozen=True)
class Job:
    """A stage, as far as time is concerned.

    length      working days it takes, 1 or more
    lead        working days that pass between those before it and itself
    comment     the least calendar days of its 意見募集, the first one counted, in place of length
    rules       one after another, as in_turn() gives them
    not_before  the first day on which it may begin
    fixed       first and last day, where they are settled
    movable     its days may yet give way: what is before it may end later than they say
    irregular   the days on which its body meets by its rules, where it was settled on another
    began, ended, expected  days of a stage under way: when it began, when it ended or will
    """

    key: int
    length: int = 1
    after: tuple[int, ...] = ()
    lead: int = 0
    comment: int = 0
    rules: tuple[Rule, ...] = (Rule(),)
    not_before: date | None = None
    fixed: tuple[date, date] | None = None
    movable: bool = False
    irregular: Regular | None = None
    began: date | None = None
    ended: date | None = None
    expected: date | None = None

    def rule_on(self, day: date) -> Rule:
        return next(rule for rule in self.rules if day <= rule.until)


@dataclass(frozen=True)
class Reason:
    """Why a day is as it is, as data: a rule and what it worked with. The screen words it."""

    rule: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """The days of one calendar, seen from one day."""

    calendar: Calendar
    today: date

    @property
    def first_open(self) -> date:
        return self.open_from(self.today)

    def open_from(self, day: date) -> date:
        return self.calendar.working_day_after(day - DAY, 1)

    def begin(self, job: Job, day: date) -> date:
        """Return the first day from `day` on, on which the job may begin: open, its body's, ahead.

        Ahead is what can still be made known, by notice or in the 広報紙.
        """
        found = (self._first(rule, day) for rule in job.rules if day <= rule.until)
        return next(filter(None, found), self.open_from(day))

    def _first(self, rule: Rule, day: date) -> date | None:
        day = self.open_from(max([day, *(bound for bound, _ in self.bounds(rule))]))
        met = rule.regular.on_or_after(day, self.calendar) if rule.regular else day
        return met if met and met <= rule.until else None

    def begin_by(self, job: Job, day: date) -> date:
        """Return the last day up to `day` on which the job may begin, made known or not."""
        found = (self._last(rule, day) for rule in reversed(job.rules) if rule.since <= day)
        return next(filter(None, found), self.calendar.previous_working_day(day))

    def _last(self, rule: Rule, day: date) -> date | None:
        day = self.calendar.previous_working_day(min(day, rule.until))
        met = rule.regular.on_or_before(day, self.calendar) if rule.regular else day
        return met if met and met >= rule.since else None

    def end(self, job: Job, first: date) -> date:
        if job.comment:
            return first + (job.comment - 1) * DAY
        return self.calendar.working_day_after(first, job.length - 1)

    def begin_to_end_by(self, job: Job, day: date) -> date:
        """Return the last open day on which the job may begin to be over on `day`."""
        if job.comment:
            return self.calendar.previous_working_day(day - (job.comment - 1) * DAY)
        last = self.calendar.previous_working_day(day)
        return self.calendar.working_day_before(last, job.length - 1)

    def next_after(self, last: date, lead: int) -> date:
        """Return the first day for what follows, with `lead` working days in between."""
        return self.calendar.working_day_after(last, lead + 1)

    def over_before(self, first: date, lead: int) -> date:
        """Return the last day on which what is before may end: the inverse of `next_after`."""
        first = self.calendar.previous_working_day(first)
        return self.calendar.working_day_before(first, lead) - DAY

    def ready_by(self, job: Job, first: date) -> Reason | None:
        """Return what must be out, by which day, for the job to begin on `first`."""
        rule = job.rule_on(first)
        if rule.gazette:
            issue = rule.gazette.before(first)
            by = rule.gazette.paper_by(issue, self.calendar)
            return Reason("gazette", {"issue": issue, "by": by})
        if rule.notice:
            by = self.calendar.previous_working_day(first - rule.notice * DAY)
            return Reason("notice", {"days": rule.notice, "by": by})
        return None

    def bounds(self, rule: Rule) -> list[tuple[date, Reason]]:
        """Return what keeps a stage from beginning earlier under a rule, whatever is before it."""
        found = [(self.first_open, Reason("today", {}))]
        if rule.since > date.min:
            found.append((rule.since, Reason("rule_since", {"day": rule.since})))
        if rule.notice:
            day = self.first_open + rule.notice * DAY
            found.append((day, Reason("notice", {"days": rule.notice, "by": self.first_open})))
        if rule.gazette:
            found.append(self._announced(rule.gazette))
        return found

    def _announced(self, gazette: Gazette) -> tuple[date, Reason]:
        issue = gazette.after(self.first_open - DAY)
        while (by := gazette.paper_by(issue, self.calendar)) < self.first_open:
            issue = gazette.after(issue)
        return issue + DAY, Reason("gazette", {"issue": issue, "by": by})

    def open_days(self, first: date, last: date) -> int:
        return sum(not self.calendar.is_closed(day) for day in days(first, last))

    def regular_day(self, job: Job, day: date) -> date | None:
        """Return the day on which the body meets by the rule of `day`, from `day` on."""
        regular = job.rule_on(day).regular
        return regular.on_or_after(day, self.calendar) if regular else day

    def as_settled(self, job: Job) -> Job:
        """Return a job whose days are settled: as long as they are, on a regular day or not."""
        if job.fixed is None:
            return job
        first, last = job.fixed
        if self.regular_day(job, first) != first:
            free = tuple(replace(rule, regular=None) for rule in job.rules)
            job = replace(job, rules=free, irregular=job.rule_on(first).regular)
        if job.comment:
            return replace(job, comment=(last - first).days + 1)
        return replace(job, length=max(self.open_days(first, last), 1))


def in_turn(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return rules that follow each other without a gap, from ever to ever.

    Where several hold, the one that began last; where none does, one that asks for nothing.
    """
    rules = sorted(rules, key=lambda rule: rule.since)
    ends = {rule.until + DAY for rule in rules if rule.until < date.max}
    edges = sorted({date.min, *(rule.since for rule in rules), *ends})
    spans = [*((first, after - DAY) for first, after in pairwise(edges)), (edges[-1], date.max)]
    found = []
    for first, last in spans:
        *_, held = Rule(), *(rule for rule in rules if rule.since <= first <= rule.until)
        found.append(replace(held, since=first, until=last))
    return tuple(found)


def end_of_month(day: date) -> date:
    return (day.replace(day=1) + 32 * DAY).replace(day=1) - DAY
