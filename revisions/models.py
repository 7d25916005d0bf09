"""Every table of the work, in import order. The classes live in their slices."""

from revisions.cycle.models import Proposal
from revisions.inquiry.models import Inquiry, InquiryTarget, Remark, SheetAnswer, TargetGrant
from revisions.meeting.models import AgendaItem, Attendance, Meeting
from revisions.opinion.models import Opinion, Scan, Submitter
from revisions.plan.models import (
    Indicator,
    Placement,
    Plan,
    PlanVersion,
    Policy,
    Program,
    Project,
    ProjectSection,
    Revision,
    RevisionGrant,
    YearlyAction,
)
from revisions.public_comment.models import PublicComment

__all__ = [
    "AgendaItem",
    "Attendance",
    "Indicator",
    "Inquiry",
    "InquiryTarget",
    "Meeting",
    "Opinion",
    "Placement",
    "Plan",
    "PlanVersion",
    "Policy",
    "Program",
    "Project",
    "ProjectSection",
    "Proposal",
    "PublicComment",
    "Remark",
    "Revision",
    "RevisionGrant",
    "Scan",
    "SheetAnswer",
    "Submitter",
    "TargetGrant",
    "YearlyAction",
]
