"""What the page of notices has to know."""

from dataclasses import dataclass
from datetime import datetime

from notifications.asked import days_of
from notifications.catalog import Notice, notice_of
from notifications.queries import names_of, why
from notifications.states import ChannelCode
from workflow.models import OutboxEvent, User


@dataclass(frozen=True)
class Told:
    """One notice as its reader sees it."""

    event: OutboxEvent
    notice: Notice
    why: str
    read: bool


def recent(user: User, *, at: datetime, before: int | None = None, limit: int = 50) -> list[Told]:
    """Return the newest notices first, from event `before` on backwards."""
    rows = user.deliveries.filter(channel=ChannelCode.APP).select_related("event__entry")
    if before is not None:
        rows = rows.filter(event__lt=before)
    read = {row.event: row.read_at is not None for row in rows.order_by("-event")[:limit]}
    mine = set(user.groups.values_list("pk", flat=True))
    names, days = names_of(read), days_of(read, at)
    return [
        Told(event, _notice(event, days.get(event.pk)), why(event, mine, names), seen)
        for event, seen in read.items()
    ]


def _notice(event: OutboxEvent, day: str | None) -> Notice:
    return notice_of(event, due_on=day) if day else notice_of(event)
