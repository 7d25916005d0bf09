"""事務決裁規程を定める. A running request keeps the line that it was given."""

from datetime import datetime

from workflow.audit.trail import record
from workflow.authority import gates
from workflow.authority.checking import Checked
from workflow.authority.models import DecisionRule, DecisionTable
from workflow.authority.parts import facts_of, rows_of
from workflow.deadline.calendar import in_tokyo
from workflow.ledger.command import command
from workflow.people.models import User
from workflow.people.policies import check_can_administer


@command
def adopt_table(*, checked: Checked, by: User | None, at: datetime) -> DecisionTable:
    """Put a whole table into the system (規程の制定・改正), to be in force from its first day.

    checked  what checking.check() read, without an error; all of it is kept, or nothing
    """
    list(DecisionTable.objects.select_for_update())  # lock: one after another

    check_can_administer(by)  # check
    since = gates.check_sound(checked)

    table = DecisionTable(  # move
        name=checked.name,
        organ=checked.organ,
        since=since,
        until=checked.until,
        source=checked.source,
        tiers=[{"name": t.name, "who": t.who, "delegated": t.is_delegated} for t in checked.tiers],
    )
    table.save()
    rows = DecisionRule.objects.bulk_create(rows_of(table, checked.rules))

    record(  # record; nobody is told: it lays lines from its first day on
        "authority.table_adopted",
        table,
        by=by,
        at=at,
        name=table.name,
        organ=table.organ,
        since=table.since.isoformat(),
        until=table.until.isoformat() if table.until else None,
        source=table.source,
        tiers=table.tiers,
        rules=[facts_of(row) for row in rows],
    )
    return table


@command
def withdraw_table(*, table_id: int, reason: str, by: User | None, at: datetime) -> DecisionTable:
    """Take back a table that has not begun; its rows stay."""
    table = DecisionTable.objects.select_for_update().get(pk=table_id)  # lock

    check_can_administer(by)  # check
    gates.check_not_begun(table, in_tokyo(at))
    gates.check_reason(reason)

    table.in_force = False  # move

    record("authority.table_withdrawn", table, by=by, at=at, reason=reason)  # record
    return table
