"""誰が: the secretariat prepares a meeting, its presiding officer opens and closes it."""

from datetime import date

from django.utils.translation import gettext as _

from revisions.meeting.models import Meeting
from revisions.meeting.queries import officers, readable_meetings
from revisions.plan.policies import check_can_steer
from workflow.errors import NotAllowed
from workflow.people.models import Post, User
from workflow.people.queries import posts_held


def check_can_run(by: User, meeting: Meeting, on: date) -> Post:
    """Return the post in whose name the presiding officer, or the secretariat, acts."""
    presiding = posts_held(by, on).filter(pk__in=officers(meeting)).first()
    return presiding or check_can_steer(by, meeting.revision, on)


def check_can_read_meeting(by: User, meeting: Meeting) -> None:
    if not readable_meetings(by).filter(pk=meeting.pk).exists():
        raise NotAllowed(_("この会議を見る権限がありません。"))
