from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import Group
from django.db.models import QuerySet

from workflow.deadline.calendar import Calendar
from workflow.deadline.models import ClosedDay, Deadline
from workflow.deadline.states import RUNNING


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


def open_for(groups: Iterable[Group]) -> QuerySet[Deadline]:
    return running().filter(group__in=groups)


def overdue(at: datetime) -> QuerySet[Deadline]:
    """Return what is late at the moment, whether or not the sweep has said so already."""
    return running().filter(due_at__lt=at)


def to_remind(at: datetime) -> QuerySet[Deadline]:
    return Deadline.objects.filter(next_at__lte=at)
