"""逆算日程: from the month of adoption, the latest and the proposed days of every stage.

Pure: no database, no clock, no Django. The working days that are left between what is possible and
what is latest are shared out evenly among the stages, and one share is kept before the adoption.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from workflow.deadline.calendar import Calendar
from workflow.path.placing import Job, Place, Reason, end_of_month


@dataclass(frozen=True)
class Dates:
    """Where one stage stands.

    first, last      proposed; of one under way its own, with the end that is to be expected
    earliest         the first day on which it could begin; None once it has
    latest_first     the last day on which it may begin; None once it has
    latest_last      the last day on which it may end; None once it has
    slack            working days by which it may be later than proposed; below 0 it is too late
    critical         no other stage has less room
    ready            what must be out before it begins, and by when (notice, gazette)
    why, why_latest  the rules that made the proposed and the latest day, the last one last
    """

    key: int
    first: date
    last: date
    earliest: date | None = None
    latest_first: date | None = None
    latest_last: date | None = None
    slack: int = 0
    critical: bool = False
    ready: Reason | None = None
    why: tuple[Reason, ...] = ()
    why_latest: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Timetable:
    """A plan for the whole path.

    soonest  where each stage would stand if all were done as early as can be
    by       the last open day of the month of adoption
    """

    jobs: tuple[Job, ...]
    dates: dict[int, Dates]
    soonest: dict[int, Dates]
    by: date
    place: Place

    @property
    def adopted_on(self) -> date:
        return self.dates[self.jobs[-1].key].last

    @property
    def is_possible(self) -> bool:
        """Nothing that is still to begin is later than it may be."""
        return all(self.dates[job.key].slack >= 0 for job in self.jobs if not job.ended)


@dataclass(frozen=True)
class Moved:
    """A stage that slips: working days, and where it comes to stand."""

    key: int
    days: int
    first: date
    last: date


def lay_out(jobs: Sequence[Job], *, month: date, calendar: Calendar, today: date) -> Timetable:
    """Propose days for the path whose last stage is to end in `month`.

    jobs    those before a job stand before it; the last one is the adoption
    month   any day of it
    raises  ValueError when there is no job, or one follows a job that does not stand before it
    """
    place = Place(calendar, today)
    by = calendar.previous_working_day(end_of_month(month))
    *earlier, adoption = _in_order(jobs)
    opens = place.begin_to_end_by(adoption, place.open_from(month.replace(day=1)))
    jobs = (*earlier, replace(adoption, not_before=max(adoption.not_before or opens, opens)))
    laid = [place.as_settled(job) for job in jobs]
    latest = _backward(laid, place, by)
    earliest = _forward(laid, place, latest, shares=None)
    proposed = _forward(laid, place, latest, shares=_shares(laid))
    rooms = {job.key: _room(job, place, earliest, latest) for job in laid if not job.ended}
    least = min(rooms.values(), default=0)
    dates = {
        job.key: replace(
            proposed[job.key],
            earliest=None if job.began else earliest[job.key].first,
            latest_first=latest[job.key].latest_first,
            latest_last=latest[job.key].latest_last,
            why_latest=latest[job.key].why_latest,
            slack=0 if job.ended else _room(job, place, proposed, latest),
            critical=rooms.get(job.key) == least,
            ready=None if job.began else place.ready_by(job, proposed[job.key].first),
        )
        for job in laid
    }
    return Timetable(jobs, dates, earliest, by, place)


def slip(table: Timetable, key: int, days: int) -> tuple[Moved, ...]:
    """Return what moves when a stage is `days` working days later than proposed, that one first.

    raises  ValueError when days is below 0 or the stage has ended
    """
    if days < 0 or any(job.key == key and job.ended for job in table.jobs):
        raise ValueError(f"遅らせる開庁日の数は0以上とし、終わった段階は動かせません({days})。")
    new: dict[int, tuple[date, date]] = {}
    for job in map(table.place.as_settled, table.jobs):
        new[job.key] = _pushed(table, job, new, days if job.key == key else 0)
    return tuple(
        Moved(job.key, table.place.calendar.working_days_between(old.last, last), first, last)
        for job in table.jobs
        for old, (first, last) in [(table.dates[job.key], new[job.key])]
        if last != old.last
    )


def _pushed(
    table: Timetable, job: Job, new: dict[int, tuple[date, date]], days: int
) -> tuple[date, date]:
    place, old = table.place, table.dates[job.key]
    if job.ended:
        return old.first, old.last
    if job.began:
        return old.first, place.calendar.working_day_after(old.last, days)
    first = place.calendar.working_day_after(old.first, days)
    for key in job.after:
        was, now = table.dates[key].last, new[key][1]
        if old.first < place.next_after(
            was, job.lead
        ):  # it was not to wait, and keeps its distance
            moved = place.calendar.working_days_between(was, now)
            first = max(first, place.calendar.working_day_after(old.first, moved))
        else:
            first = max(first, place.next_after(now, job.lead) if now > was else old.first)
    if first == old.first:
        return old.first, old.last
    first = place.begin(job, first)
    return first, place.end(job, first)


def _in_order(jobs: Sequence[Job]) -> Sequence[Job]:
    seen: set[int] = set()
    for job in jobs:
        if not seen.issuperset(job.after):
            raise ValueError("前の段階は、先に並べてください。")
        seen.add(job.key)
    if not jobs:
        raise ValueError("段階がありません。")
    return jobs


def _backward(jobs: Sequence[Job], place: Place, by: date) -> dict[int, Dates]:
    """Return the latest days, the adoption first: each is over before what follows it begins."""
    found: dict[int, Dates] = {}
    for job in reversed(jobs):
        bound, why = by, Reason("adoption", {"by": by})
        for follower in jobs:
            if job.key not in follower.after or follower.began:
                continue
            begins = found[follower.key].latest_first or by
            if follower.fixed and not follower.movable:
                begins = min(begins, follower.fixed[0])
            over = place.over_before(begins, follower.lead)
            if over < bound:
                facts = {"stage": follower.key, "lead": follower.lead, "begins": begins}
                bound, why = over, Reason("before", facts)
        found[job.key] = _latest(job, place, bound, why)
    return found


def _latest(job: Job, place: Place, bound: date, why: Reason) -> Dates:
    if job.ended:
        return Dates(job.key, job.began or job.ended, job.ended)
    if job.began:
        last = bound if job.comment else place.calendar.previous_working_day(bound)
        return Dates(job.key, job.began, last, latest_last=last, why_latest=(why,))
    open_by = place.begin_to_end_by(job, bound)
    first = place.begin_by(job, open_by)
    rule, why_latest = job.rule_on(first), [why]
    if job.comment:
        why_latest.append(Reason("comment", {"days": job.comment}))
    elif job.length > 1:
        why_latest.append(Reason("length", {"days": job.length}))
    if job.irregular:
        why_latest.append(Reason("irregular", {"regular": job.irregular}))
    if rule.until < open_by:
        why_latest.append(Reason("rule_until", {"day": rule.until}))
    if rule.regular and first != open_by:
        facts = {"regular": rule.regular, "day": first, "until": open_by}
        why_latest.append(Reason("regular", facts))
    last = place.end(job, first)
    return Dates(
        job.key, first, last, latest_first=first, latest_last=last, why_latest=tuple(why_latest)
    )


def _forward(
    jobs: Sequence[Job], place: Place, latest: dict[int, Dates], *, shares: dict[int, int] | None
) -> dict[int, Dates]:
    """Return days from today on: without shares as early as can be, with them spread out."""
    found: dict[int, Dates] = {}
    for job in jobs:
        if job.began:
            last = job.ended or max(place.today, job.expected or place.end(job, job.began))
            found[job.key] = Dates(job.key, job.began, last, why=(Reason("actual", {}),))
        elif job.fixed:
            found[job.key] = Dates(job.key, *job.fixed, why=(Reason("fixed", {}),))
        else:
            by = latest[job.key].latest_first
            share = shares[job.key] if shares and by else 0
            found[job.key] = _proposed(job, place, found, by if share else None, share)
    return found


def _proposed(
    job: Job, place: Place, found: dict[int, Dates], by: date | None, share: int
) -> Dates:
    """Place a job after what is before it; of the days left until `by` it takes one share."""
    bounds = [(day, Reason("not_before", {"day": day})) for day in (job.not_before,) if day]
    for key in job.after:
        facts = {"stage": key, "lead": job.lead}
        bounds.append((place.next_after(found[key].last, job.lead), Reason("after", facts)))
    first = place.begin(job, max([place.today, *(day for day, _ in bounds)]))
    rule = job.rule_on(first)
    bound, reason = max([*place.bounds(rule), *bounds], key=lambda each: each[0])
    day, why = place.open_from(bound), [reason]
    if rule.regular and first != day:
        why.append(Reason("regular", {"regular": rule.regular, "day": first, "from": day}))
    left = place.calendar.working_days_between(first, by) if by else 0
    if left > 0 and (part := left // share):
        later = place.begin_by(job, place.calendar.working_day_after(first, part))
        if place.begin(job, later) == later:  # else it could no longer be made known
            first = later
            why.append(Reason("spread", {"days": part}))
    return Dates(job.key, first, place.end(job, first), why=tuple(why))


def _shares(jobs: Sequence[Job]) -> dict[int, int]:
    """Return among how many the days left are shared: the job, those that follow it, and a rest."""
    found: dict[int, int] = {}
    for job in reversed(jobs):
        following = [found[j.key] for j in jobs if job.key in j.after and not j.fixed]
        found[job.key] = 1 + max(following, default=1)
    return found


def _room(job: Job, place: Place, placed: dict[int, Dates], latest: dict[int, Dates]) -> int:
    between, by = place.calendar.working_days_between, latest[job.key]
    if by.latest_first is None:
        return between(placed[job.key].last, by.latest_last or placed[job.key].last)
    return between(placed[job.key].first, by.latest_first)
