"""Every table of the engine, in import order. The classes live in their slices."""

from workflow.audit.models import AuditEntry
from workflow.authority.models import DecisionRule, DecisionTable
from workflow.deadline.models import (
    CalendarFeed,
    ClosedDay,
    Deadline,
    OfficeHours,
    ReminderRule,
)
from workflow.outbox.models import OutboxEvent, TaskRun
from workflow.path.models import Case, Deviation, GazetteRule, Round, Stage
from workflow.people.models import (
    Absence,
    Appointment,
    Body,
    BodyRule,
    ClassMember,
    Department,
    Deputy,
    Post,
    Seat,
    Section,
    User,
)
from workflow.people.models_tries import SignInTry
from workflow.signoff.models import Content, Request, Signature, Step
from workflow.signoff.models_record import DocumentSeries, Paper, Reading
from workflow.transfer.models import Transfer, TransferLine

__all__ = [
    "Absence",
    "Appointment",
    "AuditEntry",
    "Body",
    "BodyRule",
    "CalendarFeed",
    "Case",
    "ClassMember",
    "ClosedDay",
    "Content",
    "Deadline",
    "DecisionRule",
    "DecisionTable",
    "Department",
    "Deputy",
    "Deviation",
    "DocumentSeries",
    "GazetteRule",
    "OfficeHours",
    "OutboxEvent",
    "Paper",
    "Post",
    "Reading",
    "ReminderRule",
    "Request",
    "Round",
    "Seat",
    "Section",
    "SignInTry",
    "Signature",
    "Stage",
    "Step",
    "TaskRun",
    "Transfer",
    "TransferLine",
    "User",
]
