"""Every table of the engine, in import order. The classes live in their slices."""

from workflow.audit.models import AuditEntry
from workflow.deadline.models import ClosedDay, Deadline
from workflow.outbox.models import OutboxEvent
from workflow.path.models import Case, Deviation, Round, Stage
from workflow.people.models import (
    Appointment,
    Body,
    BodyRule,
    Department,
    Post,
    Seat,
    Section,
    User,
)
from workflow.signoff.models import Content, Request, Signature, Step

__all__ = [
    "Appointment",
    "AuditEntry",
    "Body",
    "BodyRule",
    "Case",
    "ClosedDay",
    "Content",
    "Deadline",
    "Department",
    "Deviation",
    "OutboxEvent",
    "Post",
    "Request",
    "Round",
    "Seat",
    "Section",
    "Signature",
    "Stage",
    "Step",
    "User",
]
