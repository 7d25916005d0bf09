"""Where a stage may stand in time: what its kind, its body and the 広報紙 ask. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
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
class Comment:
    """意見募集.

    days     the least calendar days of its period, the first one counted
    gazette  what announces it (予告) before it begins, if anything does
    """

    days: int
    gazette: Gazette | None = None


@dataclass(frozen=True)
class Job:
    """A stage, as far as time is concerned.

    length      working days it takes, 1 or more; a public comment takes its calendar days instead
    lead        working days that pass between those before it and itself
    notice      calendar days before its first one by which its body is convened
    not_before  the first day on which it may begin
    fixed       first and last day, where they are settled
    began, ended, expected  days of a stage under way: when it began, when it ended or will
    """

    key: int
    length: int = 1
    after: tuple[int, ...] = ()
    lead: int = 0
    notice: int = 0
    regular: Regular | None = None
    comment: Comment | None = None
    not_before: date | None = None
    fixed: tuple[date, date] | None = None
    began: date | None = None
    ended: date | None = None
    expected: date | None = None


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
        """Return the first day from `day` on, on which the job may begin: open, and its body's."""
        day = self.open_from(day)
        return (job.regular and job.regular.on_or_after(day, self.calendar)) or day

    def begin_by(self, job: Job, day: date) -> date:
        """Return the last day up to `day` on which the job may begin."""
        day = self.calendar.previous_working_day(day)
        return (job.regular and job.regular.on_or_before(day, self.calendar)) or day

    def end(self, job: Job, first: date) -> date:
        if job.comment:
            return first + (job.comment.days - 1) * DAY
        return self.calendar.working_day_after(first, job.length - 1)

    def begin_to_end_by(self, job: Job, day: date) -> date:
        """Return the last open day on which the job may begin to be over on `day`."""
        if job.comment:
            return self.calendar.previous_working_day(day - (job.comment.days - 1) * DAY)
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
        if job.comment and job.comment.gazette:
            issue = job.comment.gazette.before(first)
            by = job.comment.gazette.paper_by(issue, self.calendar)
            return Reason("gazette", {"issue": issue, "by": by})
        if job.notice:
            by = self.calendar.previous_working_day(first - job.notice * DAY)
            return Reason("notice", {"days": job.notice, "by": by})
        return None

    def bounds(self, job: Job) -> list[tuple[date, Reason]]:
        """Return what keeps a job from beginning earlier, whatever stands before it."""
        found = [(self.first_open, Reason("today", {}))]
        if job.notice:
            day = self.first_open + job.notice * DAY
            found.append((day, Reason("notice", {"days": job.notice, "by": self.first_open})))
        if job.comment and job.comment.gazette:
            found.append(self._announced(job.comment.gazette))
        if job.not_before:
            found.append((job.not_before, Reason("not_before", {"day": job.not_before})))
        return found

    def _announced(self, gazette: Gazette) -> tuple[date, Reason]:
        issue = gazette.after(self.first_open - DAY)
        while (by := gazette.paper_by(issue, self.calendar)) < self.first_open:
            issue = gazette.after(issue)
        return issue + DAY, Reason("gazette", {"issue": issue, "by": by})

    def open_days(self, first: date, last: date) -> int:
        return sum(not self.calendar.is_closed(day) for day in days(first, last))

    def as_settled(self, job: Job) -> Job:
        """Return a job whose days are settled: as long as they are, on a regular day or not."""
        if job.fixed is None:
            return job
        first, last = job.fixed
        if job.regular and job.regular.on_or_after(first, self.calendar) != first:
            job = replace(job, regular=None)
        if job.comment:
            return replace(job, comment=replace(job.comment, days=(last - first).days + 1))
        return replace(job, length=max(self.open_days(first, last), 1))


def end_of_month(day: date) -> date:
    return (day.replace(day=1) + 32 * DAY).replace(day=1) - DAY
