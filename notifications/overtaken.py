"""What is not true any more when its mail is due: by what was done since to the same thing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from notifications.models import Delivery
from notifications.urgency import day_of
from workflow.audit.models import AuditEntry
from workflow.audit.queries import told
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.parts import HANDED_OVER
from workflow.deadline.parts_remind import TOLD
from workflow.deadline.queries import running
from workflow.models import OutboxEvent

_MEETS = {
    "meeting.moved",
    "meeting.started",
    "meeting.adjourned",
    "meeting.closed",
    "meeting.cancelled",
}
_ANSWERED = {"inquiry.submitted", "inquiry.compiled", "inquiry.answered", "inquiry.waived"}

AFTER: dict[str, set[str]] = {
    **{f"deadline.{verb}": {HANDED_OVER} for verb in TOLD},
    "deadline.unreceived": {HANDED_OVER, "deadline.received"},
    "meeting.convened": _MEETS,
    "meeting.moved": _MEETS,
    "inquiry.extended": _ANSWERED | {"inquiry.extended"},
    "inquiry.extension_asked": {
        "inquiry.extended",
        "inquiry.extension_declined",
        "inquiry.waived",
    },
    "inquiry.forwarded": {
        "inquiry.taken_over",
        "inquiry.forward_declined",
        "inquiry.forward_withdrawn",
        "inquiry.waived",
    },
    "inquiry.forward_declined": _ANSWERED | {"inquiry.forwarded"},
}
"""Kind → the verbs after which it is not true any more. Who is told of those reads what is."""

ISSUED, ANSWER = "inquiry.issued", "inquiry.answer"
"""One event tells every section: whether it still holds lies with the deadline of each."""


def overtaken(events: Iterable[OutboxEvent]) -> set[int]:
    """Return which events (ids) tell of what has since become of it."""
    asked = [event for event in events if event.kind in AFTER]
    if not asked:
        return set()
    verbs = set[str]().union(*(AFTER[event.kind] for event in asked))
    subjects = {event.entry.subject for event in asked}
    later = defaultdict[str, list[dict[str, Any]]](list)
    for entry in told(AuditEntry.objects.filter(subject__in=subjects, verb__in=verbs)):
        later[entry["entry"].subject].append(entry)
    bodies = told(event.entry for event in asked)
    return {
        event.pk
        for event, body in zip(asked, bodies, strict=True)
        if any(_overtakes(entry, event, body) for entry in later[event.entry.subject])
    }


def _overtakes(entry: dict[str, Any], event: OutboxEvent, body: dict[str, Any]) -> bool:
    """Of one inquiry several sheets (uid) may be under way: each by its own."""
    sheets = {found["facts"].get("uid") for found in (entry, body)} - {None}
    since = entry["entry"].seq > event.entry.seq
    return since and entry["verb"] in AFTER[event.kind] and len(sheets) < 2


def unasked(deliveries: Sequence[Delivery]) -> set[int]:
    """Return which (ids) tell of an inquiry by which none of their reader's sections has to answer
    on the day that they say.

    deliveries  of with_read()
    """
    asked = {row.pk: _asked(row) for row in deliveries if row.event.kind == ISSUED}
    if not asked:
        return set()
    groups = {group for theirs in asked.values() for group, *_of in theirs}
    rows = running().order_by().filter(kind=ANSWER, group__in=groups)
    found = rows.values_list("group", "part_of", "title", "due_at")
    still = {(*of, in_tokyo(due_at)) for *of, due_at in found}
    return {pk for pk, theirs in asked.items() if theirs and still.isdisjoint(theirs)}


def _asked(row: Delivery) -> set[tuple[Any, ...]]:
    """Return (group, revision, title, day) of the deadlines that an inquiry gave its reader."""
    event = row.event
    day = day_of(event.facts.get("due_on"))
    mine = {group.pk for group in row.user.groups.all()}.intersection(event.groups)
    return {(group, event.entry.within_key, event.facts.get("title"), day) for group in mine}
