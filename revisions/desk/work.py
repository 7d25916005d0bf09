from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from revisions.plan.models import Revision
from workflow.access import granted
from workflow.people.models import User

LIMIT = 200  # rows of one kind; the page says so when there are more
SOON = 3  # open days before its day that something is listed


@dataclass(frozen=True)
class Work:
    """One thing to do: what, which act, whose it is, by when, where.

    due_of    whose day `due_on` is, where the whole has another: 課の案
    whole_on  the day of the whole: of the inquiry
    """

    what: str
    act: str
    from_: str
    link: str
    state: str
    state_label: str
    due_on: date | None = None
    left: int | None = None
    due_of: str = ""
    whole_on: date | None = None


def steered(user: User) -> QuerySet[Revision]:
    return granted(Revision.objects.all(), "steer_revision", user)
