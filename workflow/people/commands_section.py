"""課の始まりと終わり、課の総称 (各施設所管課等): from which day to which."""

from datetime import date, datetime
from typing import Any

from workflow.audit.trail import record
from workflow.ledger.command import command
from workflow.people.commands_office import NONE
from workflow.people.gates_section import check_joins, check_leaves, check_standing
from workflow.people.models import ClassMember, Section, User
from workflow.people.policies import check_can_administer


@command
def set_standing(
    *, section_id: int, since: date | None, until: date | None, by: User | None, at: datetime
) -> Section:
    """Say from which day to which a section is there, both counted; None for an open end.

    Who was asked before keeps what it was asked.
    """
    section = Section.objects.select_for_update().get(pk=section_id)  # lock

    check_can_administer(by)  # check
    check_standing(since, until, section)

    before = _days(section.since, section.until)
    section.since, section.until = since, until  # move

    words: Any = {"before": before, "after": _days(since, until)}
    record("people.section_standing_set", section, by=by, at=at, **words)  # record
    return section


@command
def join_class(
    *, section_id: int, class_name: str, since: date, by: User | None, at: datetime
) -> ClassMember:
    """Let a section belong to a class from a day on, by the class's name."""
    section = Section.objects.select_for_update().get(pk=section_id)  # lock

    check_can_administer(by)  # check
    class_name = class_name.strip()
    check_joins(class_name, section, since)

    member = ClassMember.objects.create(  # move
        section=section, class_name=class_name, since=since
    )

    words: Any = {"before": NONE, "after": _belongs(member)}
    record("people.class_joined", section, by=by, at=at, **words)  # record
    return member


@command
def leave_class(*, member_id: int, until: date, by: User | None, at: datetime) -> ClassMember:
    """Let a section belong to a class until a day, and no longer."""
    section = Section.objects.select_for_update().get(classes=member_id)  # lock
    member = section.classes.get(pk=member_id)

    check_can_administer(by)  # check
    check_leaves(member, until)

    before, member.until = _belongs(member), until  # move
    member.save()

    words: Any = {"before": before, "after": _belongs(member)}
    record("people.class_left", section, by=by, at=at, **words)  # record
    return member


def _belongs(member: ClassMember) -> str:
    return f"{member.class_name}（{_days(member.since, member.until)}）"


def _days(since: date | None, until: date | None) -> str:
    if since is None and until is None:
        return NONE
    return "〜".join(day.isoformat() if day else "" for day in (since, until))
