"""What cannot wait for the day's digest, and which kinds a person chooses a way for together."""

from datetime import date
from typing import Any

from notifications.states import Topic
from workflow.outbox.models import OutboxEvent

URGENT = frozenset(
    {
        "deadline.passed",
        "deadline.urged",
        "deadline.escalated",
        "deadline.brought_forward",
        "signoff.sent_back",
        "signoff.rejected",
        "inquiry.reminded",
        "inquiry.sent_back",
        "inquiry.handed_back",
        "inquiry.returned",
        "inquiry.reopened",
        "inquiry.extension_declined",
        "stage.sent_back",
        "meeting.moved",
        "meeting.cancelled",
        "meeting.adjourned",
        "meeting.minutes_returned",
        "opinion.sent_back",
        "transfer.failed",
    }
)
URGENT_ACTS = frozenset({"again"})
NEAR = 1
"""Open days left, at most, at which whatever is due is urgent."""

TOPICS = {"deadline": Topic.DEADLINE, "signoff": Topic.SIGNOFF, "inquiry": Topic.INQUIRY}
ELSEWHERE = {
    "inquiry.reminded": Topic.DEADLINE,
    "inquiry.extended": Topic.DEADLINE,
    "inquiry.extension_asked": Topic.DEADLINE,
    "inquiry.extension_declined": Topic.DEADLINE,
}


def topic_of(kind: str) -> Topic:
    return ELSEWHERE.get(kind) or TOPICS.get(kind.partition(".")[0], Topic.OTHER)


def is_urgent(event: OutboxEvent, left: int | None) -> bool:
    """left   open days until what it asks for is due, None when there is no day"""
    near = left is not None and left <= NEAR
    return near or event.kind in URGENT or event.facts.get("act") in URGENT_ACTS


def day_of(value: Any) -> date | None:
    """Read a day of an event's facts; None when there is none, or it is no day."""
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
