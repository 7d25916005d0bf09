from typing import cast

from django.http import HttpRequest

from workflow.deadline.calendar import Calendar
from workflow.deadline.queries import calendar


def calendar_of(request: HttpRequest) -> Calendar:
    """Return the city's calendar, read once a request."""
    kept = vars(request)
    if "calendar" not in kept:
        kept["calendar"] = calendar()
    return cast(Calendar, kept["calendar"])
