from collections.abc import Sequence
from datetime import datetime

from workflow.deadline.calendar import in_tokyo
from workflow.deadline.ladder import Office
from workflow.deadline.parts_remind import tell, wait
from workflow.deadline.parts_timing import lock_timing
from workflow.deadline.policies import check_is_the_clock
from workflow.deadline.queries import Timetables, to_remind
from workflow.ledger.command import command
from workflow.outbox.backoff import pause
from workflow.people.models import User


@command
def remind(*, deadline_ids: Sequence[int], by: User | None = None, at: datetime) -> int:
    """督促: tell whoever their rules name, of those deadlines whose time has come.

    Passed over are those that somebody has locked, and those whose time has not come: sent twice,
    or by two at once, it tells once. A constant number of statements per 500. Returns how many
    were told.
    """
    lock_timing(alone=False)  # lock
    rows = to_remind(at).filter(pk__in=deadline_ids).order_by("pk")
    found = list(rows.select_for_update(skip_locked=True))
    check_is_the_clock(by)  # check
    if not found:
        return 0
    timetables, office = Timetables(), Office(found, in_tokyo(at))
    return sum(
        tell(deadline, timetable, office, by=by, at=at)  # move, record, tell
        if (timetable := timetables.of(deadline.kind, deadline.group_id)).opening(at) <= at
        else wait(deadline, timetable, at)
        for deadline in found
    )


@command
def put_off(*, deadline_id: int, error: str, by: User | None = None, at: datetime) -> None:
    """先送り: what could not be told waits, longer from time to time; the others go on."""
    check_is_the_clock(by)
    deadline = to_remind(at).filter(pk=deadline_id).select_for_update(skip_locked=True).first()
    if deadline:
        deadline.attempts, deadline.error = deadline.attempts + 1, error
        deadline.next_at = at + pause(deadline.attempts, seed=deadline.pk)
        deadline.save(update_fields=["attempts", "error", "next_at"])
