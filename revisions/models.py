"""Every table of the work, in import order. The classes live in their slices."""

from revisions.cycle.models import Proposal
from revisions.inquiry.models import Inquiry, InquiryTarget, Remark, SheetAnswer, TargetGrant
from revisions.meeting.models import AgendaItem, Attendance, Meeting, MeetingGrant
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
    VersionGrant,
    YearlyAction,
)
from revisions.public_comment.models import PublicComment, Submission

__all__ = [
    "AgendaItem",
    "Attendance",
    "Indicator",
    "Inquiry",
    "InquiryTarget",
    "Meeting",
    "MeetingGrant",
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
    "Submission",
    "Submitter",
    "TargetGrant",
    "VersionGrant",
    "YearlyAction",
]
