"""By when what a notice asks for is due, as it is now."""

from collections.abc import Iterable
from datetime import datetime

from notifications.queries_mail import dues_of
from workflow.models import OutboxEvent

UNDATED = ("read", "review")
"""供覧 and 後閲: nobody waits for them."""


def days_of(events: Iterable[OutboxEvent], at: datetime) -> dict[int, str]:
    """Return by event (id) the day, as an event's facts hold one; none where there is none.

    A turn to sign has the day of its request, which may move. Three statements at most.
    """
    asking = [event for event in events if _asks(event.facts)]
    return {pk: day.isoformat() for pk, day in dues_of(asking, at).on.items()}


def _asks(facts: object) -> bool:
    """An event that cannot be told keeps back no other."""
    return isinstance(facts, dict) and facts.get("act") not in UNDATED
