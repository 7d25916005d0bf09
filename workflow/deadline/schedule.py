"""When a group is reminded (督促). Pure: no database, no clock, no Django."""

from datetime import date, datetime, time

from workflow.deadline.calendar import TOKYO, Calendar, in_tokyo

WORKING_DAYS_BEFORE = (3, 1)
REMINDED_AT = time(9)


def next_reminder(due_on: date, calendar: Calendar, *, after: datetime) -> datetime | None:
    """Return the first reminder later than `after`: 3 and 1 working days before, and when late.

    Every moment is 09:00 in Tokyo on an open day; None when no more is to be said.
    """
    days = [calendar.working_day_before(due_on, n) for n in WORKING_DAYS_BEFORE]
    days.append(calendar.working_day_after(due_on, 1))
    moments = [datetime.combine(day, REMINDED_AT, tzinfo=TOKYO) for day in days]
    return next((moment for moment in moments if moment > after), None)


def days_left(due_on: date, calendar: Calendar, *, at: datetime) -> int:
    """Return how many working days are left at a moment: 0 on the day itself, -1 one day late."""
    return calendar.working_days_between(in_tokyo(at), due_on)
