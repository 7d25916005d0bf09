"""部の執行機関、課の文書記号と内線番号、会議体の招集の定めと定例日."""

import unicodedata
from datetime import date, datetime
from typing import Any

from workflow.audit.trail import record
from workflow.ledger.command import command
from workflow.people.gates_office import (
    check_extension,
    check_notice,
    check_organ,
    check_regular,
    check_symbol,
)
from workflow.people.models import Body, BodyRule, Department, Section, User
from workflow.people.policies import check_can_administer
from workflow.people.queries import next_rule
from workflow.people.regular import Regular

NONE = "—"
"""Stands in a history for what there was not."""


@command
def set_symbol(*, section_id: int, symbol: str, by: User | None, at: datetime) -> Section:
    """Set the 文書記号 of a section; "" gives its requests no number.

    What was drafted before keeps the one that it was drafted with.
    """
    section = Section.objects.select_for_update().get(pk=section_id)  # lock

    check_can_administer(by)  # check
    symbol = symbol.strip()
    check_symbol(symbol, section)

    before, section.symbol = section.symbol, symbol  # move

    words: Any = {"before": before or NONE, "after": symbol or NONE}
    record("people.symbol_set", section, by=by, at=at, **words)  # record
    return section


@command
def set_extension(*, section_id: int, extension: str, by: User | None, at: datetime) -> Section:
    """Set the 内線番号 of a section, by which the secretariat rings it up."""
    section = Section.objects.select_for_update().get(pk=section_id)  # lock

    check_can_administer(by)  # check
    extension = unicodedata.normalize("NFKC", extension.strip())
    check_extension(extension, section)

    before, section.extension = section.extension, extension  # move

    words: Any = {"before": before or NONE, "after": extension or NONE}
    record("people.extension_set", section, by=by, at=at, **words)  # record
    return section


@command
def set_organ(*, department_id: int, organ: str, by: User | None, at: datetime) -> Department:
    """Say which 執行機関 a department serves; "" for the mayor's. Its table lays the lines."""
    department = Department.objects.select_for_update().get(pk=department_id)  # lock

    check_can_administer(by)  # check
    organ = organ.strip()
    check_organ(organ, department)

    before, department.organ = department.organ, organ  # move

    words: Any = {"before": before or NONE, "after": organ or NONE}
    record("people.organ_set", department, by=by, at=at, **words)  # record
    return department


@command
def set_notice(
    *,
    body_id: int,
    notice_days: int,
    since: date,
    source: str,
    by: User | None,
    at: datetime,
    regular: Regular | None = None,
) -> BodyRule:
    """Say how a body is convened from a day on: so many days before, and on which regular days.

    All else stays as its rule is. Without `regular` it meets as the need arises.
    """
    body = Body.objects.select_for_update().get(pk=body_id)  # lock

    check_can_administer(by)  # check
    last = body.rules.order_by("since").last()
    check_notice(notice_days, since, source, last)
    check_regular(regular)

    rule = next_rule(body, last)  # move
    rule.notice_days, rule.since, rule.source = notice_days, since, source.strip()
    rule.regular = regular.as_kept() if regular else {}
    rule.save()

    facts: Any = {"since": since.isoformat(), "source": rule.source, "rule": rule.pk}
    facts |= {"regular": rule.regular, "regular_before": last.regular if last else {}}
    words: Any = {"before": str(last.notice_days) if last else NONE, "after": str(notice_days)}
    record("people.notice_set", body, by=by, at=at, **words, **facts)  # record
    return rule
