from collections.abc import Iterable
from typing import Any

from workflow.authority.models import DecisionRule, DecisionTable
from workflow.authority.resolve import Rule

FACTS = [
    *("order", "article", "subject", "matter", "tier", "flags"),
    *("amount_from", "amount_to", "scope", "steps", "retention"),
]


def rows_of(table: DecisionTable, rules: Iterable[Rule]) -> list[DecisionRule]:
    """Return the rows of a new table, yet to be saved."""
    return [
        DecisionRule(
            table=table,
            order=rule.order,
            article=rule.article,
            subject=rule.subject,
            matter=rule.matter,
            tier=rule.tier.name,
            flags=sorted(rule.flags),
            amount_from=rule.amount_from,
            amount_to=rule.amount_to,
            scope=rule.scope,
            steps=[{"role": p.role, "who": p.who, "needed": p.needed} for p in rule.places],
            retention=rule.retention,
        )
        for rule in rules
    ]


def facts_of(row: DecisionRule) -> dict[str, Any]:
    """Return all that a row says, for the audit entry of its table."""
    return {name: getattr(row, name) for name in FACTS}
