"""What is wrong with a timetable, as data: what cannot be, and what somebody should know. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflow.deadline.calendar import days
from workflow.path.placing import Job, Place, Reason
from workflow.path.schedule import Dates, Timetable


@dataclass(frozen=True)
class Warned:
    """A rule that is broken, of which stage, and the numbers.

    impossible  False where it can be done all the same
    """

    key: int
    rule: str
    values: dict[str, Any]
    impossible: bool = True


def warnings_of(table: Timetable) -> tuple[Warned, ...]:
    """Return everything that is to be told, in the order of the path, the adoption's month last."""
    found: list[Warned] = []
    for job in table.jobs:
        if job.ended:
            continue
        dates = table.dates[job.key]
        if job.began:
            found += _of_one_under_way(table, job, dates)
        elif job.fixed:
            found += _of_a_settled_one(table, job, dates)
        else:
            found += _of_a_proposed_one(table, job, dates)
        if job.comment and (closed := _over_new_year(dates)):
            found.append(Warned(job.key, "new_year", {"days": closed}, impossible=False))
    if table.adopted_on > table.by:
        found.append(_misses(table))
    return tuple(found)


def _misses(table: Timetable) -> Warned:
    late = table.place.calendar.working_days_between(table.by, table.adopted_on)
    facts = {"by": table.by, "adopted_on": table.adopted_on, "days": late}
    return Warned(table.jobs[-1].key, "misses", facts)


def _of_one_under_way(table: Timetable, job: Job, dates: Dates) -> Iterator[Warned]:
    if dates.slack < 0:
        facts = {"by": dates.latest_last, "last": dates.last, "days": -dates.slack}
        yield Warned(job.key, "late", facts)


def _of_a_proposed_one(table: Timetable, job: Job, dates: Dates) -> Iterator[Warned]:
    latest, place = dates.latest_first, table.place
    if latest is None:
        return
    if latest < place.first_open:
        if not _follows_a_late_one(table, job):
            late = place.calendar.working_days_between(latest, place.first_open)
            yield Warned(job.key, "past", {"by": latest, "days": late})
    elif table.soonest[job.key].first > latest and (ready := _too_late_for(place, job, latest)):
        yield Warned(job.key, f"{ready.rule}_past", {**ready.values, "begins": latest})
    snapped = {r.rule: r.values for r in dates.why_latest}.get("regular")
    wanted = {r.rule: r.values for r in table.soonest[job.key].why}.get("regular")
    if snapped and wanted and wanted["from"] <= snapped["until"] < wanted["day"]:
        facts = {"regular": wanted["regular"], "from": wanted["from"], "until": snapped["until"]}
        yield Warned(job.key, "no_regular_day", facts | {"next": wanted["day"]})


def _too_late_for(place: Place, job: Job, first: date) -> Reason | None:
    """Return what can no longer be made known in time for the job to begin on `first`."""
    ready = place.ready_by(job, first)
    return ready if ready and ready.values["by"] < place.first_open else None


def _follows_a_late_one(table: Timetable, job: Job) -> bool:
    """Its lateness is told with the first that is late."""
    return any(table.dates[key].slack < 0 for key in job.after)


def _of_a_settled_one(table: Timetable, job: Job, dates: Dates) -> Iterator[Warned]:
    place, first = table.place, dates.first
    if first < place.today:
        yield Warned(job.key, "begins_past", {"first": first})
    for key in job.after:
        possible = place.next_after(table.dates[key].last, job.lead)
        if first < possible:
            facts = {"stage": key, "possible": possible, "lead": job.lead}
            yield Warned(job.key, "too_early", facts)
    if dates.slack < 0 and dates.latest_first and not _follows_a_late_one(table, job):
        yield Warned(job.key, "too_late", {"by": dates.latest_first, "days": -dates.slack})
    if ready := _too_late_for(place, job, first):
        yield Warned(job.key, f"{ready.rule}_past", {**ready.values, "begins": first})
    if job.comment and (has := (dates.last - first).days + 1) < job.comment:
        yield Warned(job.key, "short_comment", {"has": has, "needs": job.comment})
    for rule, facts in _unlike_its_kind(table, job, dates):
        yield Warned(job.key, rule, facts, impossible=False)


def _unlike_its_kind(
    table: Timetable, job: Job, dates: Dates
) -> Iterator[tuple[str, dict[str, Any]]]:
    place, first, last = table.place, dates.first, dates.last
    if place.calendar.is_closed(first):
        yield "closed", {"day": first}
    elif (met := place.regular_day(job, first)) != first:
        yield "not_regular", {"regular": job.rule_on(first).regular, "next": met}
    if not job.comment and last != first and place.calendar.is_closed(last):
        yield "closed", {"day": last}
    if not job.comment and (has := place.open_days(first, last)) < (needs := job.length):
        yield "short", {"has": has, "needs": needs}


def _over_new_year(dates: Dates) -> list[date]:
    """Return the days of it on which the year ends (12-29 to 01-03)."""
    spanned = days(dates.first, dates.last)
    return [d for d in spanned if (d.month, d.day) >= (12, 29) or (d.month, d.day) <= (1, 3)]
