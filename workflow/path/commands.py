"""広報紙の発行日と入稿の定め."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from workflow.audit.trail import record
from workflow.ledger.command import command
from workflow.path.gates import check_gazette
from workflow.path.models import GazetteRule
from workflow.people.models import User
from workflow.people.policies import check_can_administer


@command
def set_gazette(
    *,
    days: Sequence[int],
    lead: int,
    since: date,
    source: str,
    by: User | None,
    at: datetime,
) -> GazetteRule:
    """Say on which days of a month the 広報紙 is issued, and when its paper (原稿) is due."""
    last = GazetteRule.objects.select_for_update().order_by("since").last()  # lock

    check_can_administer(by)  # check
    check_gazette(days, lead, since, source, last)

    days = sorted(set(days))  # move
    rule = GazetteRule(days=days, lead=lead, since=since, source=source.strip())

    facts: Any = {"since": since.isoformat(), "source": rule.source, "days": days, "lead": lead}
    record("path.gazette_set", rule, by=by, at=at, **facts)  # record
    return rule
