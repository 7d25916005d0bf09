"""When a mail goes that is not sent at once. Pure: no database, no clock, no Django."""

from datetime import date, datetime, time

from workflow.deadline.calendar import TOKYO, Calendar, in_tokyo

HOURS = range(8, 18)
"""Hours of an open day in which a digest goes, as its reader chooses."""


def next_digest(after: datetime, hour: int, calendar: Calendar) -> datetime:
    """Return the first moment later than `after`, on the hour in Tokyo, on an open day."""
    day = in_tokyo(after)
    today = _on(hour, day)
    if calendar.is_closed(day) or today <= after:
        return _on(hour, calendar.working_day_after(day, 1))
    return today


def may_go(at: datetime, calendar: Calendar) -> bool:
    """Tell whether the office works: a worker that was down must not send at night."""
    return at.astimezone(TOKYO).hour in HOURS and not calendar.is_closed(in_tokyo(at))


def next_try(at: datetime, calendar: Calendar) -> datetime:
    """Return `at` when the office works then, else when it next does."""
    return at if may_go(at, calendar) else next_digest(at, HOURS.start, calendar)


def _on(hour: int, day: date) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=TOKYO)
