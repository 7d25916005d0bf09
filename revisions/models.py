"""Every table of the work, in import order. The classes live in their slices."""

from revisions.cycle.models import Proposal
from revisions.inquiry.models import Inquiry, InquiryTarget, Remark, SheetAnswer
from revisions.inquiry.models_between import Consent, Forward, Mending
from revisions.inquiry.models_board import BoardVisit
from revisions.inquiry.models_drafts import AnswerDraft, Presence
from revisions.inquiry.models_grants import TargetGrant
from revisions.inquiry.models_questions import AnswerFile, Question, QuestionAnswer
from revisions.inquiry.workbook.models import Upload
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
from revisions.plan.models_changes import Change
from revisions.public_comment.models import PublicComment, Submission

__all__ = [
    "AgendaItem",
    "AnswerDraft",
    "AnswerFile",
    "Attendance",
    "BoardVisit",
    "Change",
    "Consent",
    "Forward",
    "Indicator",
    "Inquiry",
    "InquiryTarget",
    "Meeting",
    "MeetingGrant",
    "Mending",
    "Opinion",
    "Placement",
    "Plan",
    "PlanVersion",
    "Policy",
    "Presence",
    "Program",
    "Project",
    "ProjectSection",
    "Proposal",
    "PublicComment",
    "Question",
    "QuestionAnswer",
    "Remark",
    "Revision",
    "RevisionGrant",
    "Scan",
    "SheetAnswer",
    "Submission",
    "Submitter",
    "TargetGrant",
    "Upload",
    "VersionGrant",
    "YearlyAction",
]
