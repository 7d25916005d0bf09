import json
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tests.factories import NOON, section, user
from tests.replay import walked_once
from workflow.deadline import commands, parts
from workflow.deadline.calendar import TOKYO
from workflow.deadline.schedule import Hours
from workflow.deadline.states import DeadlineState as S
from workflow.models import AuditEntry, Deadline

DUE = date(2026, 12, 4)
LONG_BEFORE = datetime(2026, 11, 10, 9, 0, tzinfo=TOKYO)
DUE_LONG_AGO = date(2026, 11, 16)
PAST_DUE = datetime(2026, 11, 17, 9, 0, tzinfo=TOKYO)


def morning(day: date) -> datetime:
    """Return when reminders go out on a day."""
    return datetime.combine(day, Hours().remind_at, tzinfo=TOKYO)


@walked_once
def deadline(subject: Any, due_on: date = DUE, at: datetime = NOON, **more: Any) -> Deadline:
    """One that a sweep has seen."""
    with transaction.atomic():
        made = parts.set_deadline(
            subject=subject,
            kind=more.get("kind", "answer"),
            title="庁内照会への回答",
            link="/answers/1/",
            group=more.get("group") or section("joho").group,
            due_on=due_on,
            by=user("joho-tanto"),
            at=at,
        )
    commands.remind(deadline_ids=[made.pk], at=at)
    return Deadline.objects.get(pk=made.pk)


@walked_once
def row(subject: Any, state: str) -> Deadline:
    """A deadline walked to a state."""
    if state == S.PASSED:
        made = deadline(subject, DUE_LONG_AGO, at=LONG_BEFORE)
        commands.remind(deadline_ids=[made.pk], at=PAST_DUE)
        return Deadline.objects.get(pk=made.pk)
    made = deadline(subject)
    act = {S.OPEN: None, S.MET: parts.meet, S.LIFTED: parts.lift}[S(state)]
    if act:
        with transaction.atomic():
            act(subject, made.kind, by=user("joho-tanto"), at=NOON)
    return made


def state_of(entry: AuditEntry) -> tuple[str, str]:
    body = json.loads(entry.body)
    return body["before"], body["after"]
