"""督促の一件: what telling of one locked deadline moves, records and asks to be told."""

from datetime import datetime
from typing import Any

from workflow.audit.trail import record
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.ladder import Office, Telling, reason_of
from workflow.deadline.models import Deadline
from workflow.deadline.naming import DayName
from workflow.deadline.queries import stands
from workflow.deadline.registry import kind_of
from workflow.deadline.schedule import Moment, Timetable, days_left, most_urgent
from workflow.deadline.states import DeadlineState
from workflow.ledger.command import move
from workflow.outbox.queue import emit
from workflow.people.models import User

TOLD = ("reminded", "unreceived", "passed", "urged", "escalated")
TELLING = frozenset(f"deadline.{verb}" for verb in TOLD)
"""The verbs of every way of telling."""


def tell(
    deadline: Deadline, timetable: Timetable, office: Office, *, by: User | None, at: datetime
) -> bool:
    """Tell once of what fell due since the last time, with what is true now.

    Returns False when nothing was owed: then it is only reckoned when somebody is told next.
    """
    due_on, told_left, received = stands(deadline, timetable)
    moment = most_urgent(timetable.owed(due_on, told_left, received, at))
    deadline.told_left = timetable.left(due_on, at) if moment else told_left
    following = timetable.first(due_on, deadline.told_left, received)
    deadline.next_at = following.at if following else None
    deadline.attempts, deadline.error = 0, ""
    if moment is None:
        move(deadline)
        return False
    telling = office.telling(deadline, moment.step.to)
    days = days_left(due_on, timetable.calendar, at=at)
    _record(deadline, moment, telling, days, office.day_of(deadline), by=by, at=at)
    return True


def wait(deadline: Deadline, timetable: Timetable, at: datetime) -> bool:
    """Outside the office's hours nobody is told."""
    _due_on, deadline.told_left, _received = stands(deadline, timetable)
    deadline.next_at = timetable.opening(at)
    move(deadline)
    return False


def _record(
    deadline: Deadline,
    moment: Moment,
    telling: Telling,
    left: int,
    day: DayName | None,
    *,
    by: User | None,
    at: datetime,
) -> None:
    before, late = deadline.state, at > deadline.due_at
    passed = late and before == DeadlineState.OPEN
    if passed:
        deadline.lapse()
    verb = f"deadline.{_verb(moment, telling, late=late, passed=passed)}"
    facts: dict[str, Any] = {"due_on": in_tokyo(deadline.due_at).isoformat(), "days_left": left}
    if day and day.word:
        facts["due_of"] = day.word
    if day and day.whole_on != in_tokyo(deadline.due_at):
        facts["whole_on"] = day.whole_on.isoformat()
    if telling.tier != "holder" or telling.skipped:
        facts |= {"section": telling.holder, "why": reason_of(telling, left)}
    if telling.vacant:
        facts["holder_vacant"] = True
    entry = record(
        verb,
        deadline,
        by=by,
        at=at,
        before=before,
        after=deadline.state,
        moment=moment.at.isoformat(),
        step=moment.step.to,
        to=telling.rung.name,
        tier=telling.tier,
        **facts,
    )
    facts |= {"title": deadline.title, "kind": deadline.kind}
    if day and day.lies_with:
        facts["lies_with"] = day.lies_with
    emit(entry, to=[telling.rung.group], link=_link(deadline, telling, day), **facts)


def _link(deadline: Deadline, telling: Telling, day: DayName | None) -> str:
    """Lead whoever is asked to where they act, the others as far as they may follow."""
    if day and day.link and telling.tier == "holder":
        return day.link
    opens = telling.tier in kind_of(deadline.kind).opens
    return deadline.link if opens else page(deadline)


def page(deadline: Deadline) -> str:
    """Where it is read by those who may not open what it is about."""
    return f"/deadlines/{deadline.pk}/"


def _verb(moment: Moment, telling: Telling, *, late: bool, passed: bool) -> str:
    if telling.tier != "holder":
        return "escalated"
    if moment.step.unreceived and not late:
        return "unreceived"
    if passed:
        return "passed"
    return "urged" if late else "reminded"
