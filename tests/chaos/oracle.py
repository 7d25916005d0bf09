"""What must have been told, worked out from the tables alone, without the code that tells."""

import json
from typing import Any, Protocol


class Facts(Protocol):
    def rows(self, sql: str) -> list[Any]: ...


def told_on_screen(facts: Facts) -> list[tuple[int, int]]:
    """Return (event, person) of every notice, sorted, as often as it stands there."""
    return sorted(
        facts.rows(
            "SELECT event_id, user_id FROM notifications_delivery"
            " WHERE channel = 'app' AND state = 'sent'"
        )
    )


def to_be_told(facts: Facts) -> list[tuple[int, int]]:
    """Return (event, person) of every notice that the committed events ask for, sorted."""
    members: dict[int, set[int]] = {}
    for group, user in facts.rows("SELECT group_id, user_id FROM workflow_user_groups"):
        members.setdefault(group, set()).add(user)
    active = {user for (user,) in facts.rows("SELECT id FROM workflow_user WHERE is_active")}
    asked = facts.rows(
        "SELECT event.id, event.groups, event.users, entry.by_id FROM workflow_outboxevent event"
        " JOIN workflow_auditentry entry ON entry.id = event.entry_id"
    )
    return sorted(
        (event, user)
        for event, groups, users, by in asked
        for user in (
            set(_list(users)).union(*(members.get(group, set()) for group in _list(groups)))
        )
        if user in active and user != by
    )


def asked_for(facts: Facts) -> dict[int, tuple[list[int], list[int]]]:
    """Return whom each event is to reach: {event: (groups, users)}."""
    found = facts.rows("SELECT id, groups, users FROM workflow_outboxevent")
    return {event: (_list(groups), _list(users)) for event, groups, users in found}


def reminded(facts: Facts) -> list[tuple[int, list[int], str]]:
    """Return (deadline, groups told, verb) of every reminder, sorted, as often as it was given."""
    found = facts.rows(
        "SELECT entry.subject, event.groups, entry.verb FROM workflow_outboxevent event"
        " JOIN workflow_auditentry entry ON entry.id = event.entry_id"
        " WHERE entry.verb LIKE 'deadline.%'"
    )
    return sorted(
        (int(subject.partition(":")[2]), _list(groups), verb) for subject, groups, verb in found
    )


def to_be_reminded(facts: Facts) -> list[tuple[int, list[int], str]]:
    """Each once: what is due today to whoever is asked, what is late for a month to the top."""
    found = facts.rows(
        "SELECT deadline.id, deadline.kind, section.group_id, section.department_id"
        " FROM workflow_deadline deadline"
        " JOIN workflow_section section ON section.group_id = deadline.group_id"
    )
    tops = dict(
        facts.rows("SELECT department_id, group_id FROM workflow_post WHERE rank = 'director'")
    )
    return sorted(
        (pk, [tops[department]], "deadline.escalated")
        if kind.startswith("late")
        else (pk, [group], "deadline.reminded")
        for pk, kind, group, department in found
    )


def to_be_mailed(facts: Facts) -> list[tuple[int, int]]:
    """Return those of to_be_told() whose reader has an address: all wish for mail."""
    mailed = {user for (user,) in facts.rows("SELECT id FROM workflow_user WHERE email != ''")}
    return [(event, user) for event, user in to_be_told(facts) if user in mailed]


def mailed(facts: Facts) -> list[tuple[int, int]]:
    """Return (event, person) of every notice that went by mail, sorted."""
    return sorted(
        facts.rows(
            "SELECT event_id, user_id FROM notifications_delivery"
            " WHERE channel = 'email' AND state = 'sent'"
        )
    )


def mails_of(facts: Facts) -> dict[tuple[int, str], set[int]]:
    """Return what each mail tells: {(the delivery that leads it, address): events}."""
    mails: dict[tuple[int, str], set[int]] = {}
    for leader, address, event in facts.rows(
        "SELECT coalesce(leader_id, told.id), email, event_id FROM notifications_delivery told"
        " JOIN workflow_user reader ON reader.id = told.user_id WHERE channel = 'email'"
    ):
        mails.setdefault((leader, address), set()).add(event)
    return mails


def digests(facts: Facts) -> dict[int, int]:
    """Return whose each digest is: {the delivery that leads it: person}."""
    return dict(
        facts.rows("SELECT id, user_id FROM notifications_delivery WHERE digest_on IS NOT NULL")
    )


def to_be_gathered(facts: Facts) -> set[int]:
    """Return who has something to be told of that no deadline asks for: nothing of it is urgent."""
    acts = "SELECT id FROM workflow_outboxevent WHERE kind NOT LIKE 'deadline.%'"
    events = {event for (event,) in facts.rows(acts)}
    return {user for event, user in to_be_mailed(facts) if event in events}


def delivery_of(message_id: str) -> int:
    return int(message_id.strip("<>").partition(".")[0])


def _list(value: Any) -> list[int]:
    """JSON, which SQLite gives as text."""
    return json.loads(value) if isinstance(value, str) else value
