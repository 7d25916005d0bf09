from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from revisions.plan.models import Revision
from workflow.access import granted
from workflow.people.models import User

LIMIT = 200  # rows of one kind; the page says so when there are more


@dataclass(frozen=True)
class Work:
    """One thing to do: what, which act, whose it is, by when, where."""

    what: str
    act: str
    from_: str
    link: str
    state: str
    state_label: str
    due_on: date | None = None
    left: int | None = None


def steered(user: User) -> QuerySet[Revision]:
    return granted(Revision.objects.all(), "steer_revision", user)
