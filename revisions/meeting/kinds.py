"""議事録の署名: what the signers' acts do; meetings to come. Registered by revisions/kinds.py."""

from collections.abc import Collection, Iterator
from datetime import date, datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from revisions.meeting import parts, parts_minutes
from revisions.meeting.gates import page
from revisions.meeting.models import Meeting
from revisions.meeting.states import MeetingState
from workflow.audit.trail import record
from workflow.deadline.registry import Planned, register_planners
from workflow.outbox.queue import emit
from workflow.people.models import User
from workflow.signoff.kinds import Kind, register
from workflow.signoff.models import Request


def signed(request: Request, *, by: User, at: datetime, reason: str = "") -> None:
    meeting = _lock(request)
    before = meeting.minutes_state
    meeting.sign_minutes()
    entry = record(
        "meeting.minutes_signed",
        meeting,
        by=by,
        at=at,
        before=before,
        after=meeting.minutes_state,
        content=request.content.sha256,
    )
    emit(entry, to=parts.secretariat(meeting), link=page(meeting, "#minutes"), title=meeting.title)


def returned(request: Request, *, by: User, at: datetime, reason: str = "") -> None:
    """A draft that had come back before is called off without another effect."""
    meeting = _lock(request)
    if not can_proceed(meeting.return_minutes):
        return
    before = meeting.minutes_state
    meeting.return_minutes()
    entry = record(
        "meeting.minutes_returned",
        meeting,
        by=by,
        at=at,
        before=before,
        after=meeting.minutes_state,
        reason=reason,
    )
    groups, link = parts.secretariat(meeting), page(meeting, "#minutes")
    emit(entry, to=groups, link=link, title=meeting.title, reason=reason)


def _lock(request: Request) -> Meeting:
    meetings = Meeting.objects.select_for_update(of=("self",)).select_related("revision")
    return meetings.get(request=request)


register(
    Kind(
        parts_minutes.KIND,
        _("議事録の署名"),
        decided=signed,
        sent_back=returned,
        rejected=returned,
        pulled_back=returned,
        withdrawn=returned,
        tells_back=True,
    )
)


def planned(days: Collection[date]) -> Iterator[Planned]:
    to_do = {
        MeetingState.PLANNED: gettext("開く日を変えます。招集の前なので、まだ誰にも知らせません。"),
        MeetingState.CONVENED: gettext("開く日を変えます。招集した人に新しい日を知らせます。"),
    }
    for meeting in Meeting.objects.filter(held_on__in=days, state__in=to_do):
        state = MeetingState(meeting.state)
        what = gettext("会議（%s）") % state.label
        yield Planned(meeting.held_on, meeting.title, what, to_do[state], page(meeting, "move/"))


register_planners(planned)
