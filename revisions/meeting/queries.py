"""会議を読む."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from revisions.meeting import quorum
from revisions.meeting.models import Attendance, Meeting
from revisions.meeting.states import MeetingState, Presence
from revisions.plan.models import ProjectSection, Revision
from revisions.plan.queries import readable_revisions
from revisions.plan.states import SectionRole
from workflow.access import granted
from workflow.people.models import Body, BodyRule, Post, Seat, User
from workflow.people.queries import roster, rule_of
from workflow.people.states import BodyKind, MinutesSigners, Quorum, QuorumBase, Rank, SeatRole


@dataclass(frozen=True)
class Turnout:
    """出席の数. needed: None where the body's rule asks for no quorum."""

    present: int
    base: int
    needed: int | None

    @property
    def short(self) -> int:
        return max((self.needed or 0) - self.present, 0)


def readable_meetings(user: User) -> QuerySet[Meeting]:
    """Return the meetings of the revisions the user reads, and those sent to a body of theirs."""
    of_revisions = Meeting.objects.filter(revision__in=readable_revisions(user))
    return of_revisions | granted(Meeting.objects.all(), "view_meeting", user)


def rule_at(meeting: Meeting) -> BodyRule | None:
    return rule_of(meeting.body, meeting.held_on)


def votes_on(rule: BodyRule | None) -> bool:
    """Whether the body decides by counting: it does where it asks for a quorum."""
    return rule is not None and rule.quorum == Quorum.MAJORITY


def needs_signing(rule: BodyRule | None) -> bool:
    return rule is not None and rule.minutes_signers != MinutesSigners.NONE


def attendance_of(meeting: Meeting) -> list[Attendance]:
    """Return who belongs to the meeting, members first; until it has ended by the day's roster.

    A member who took office after the convening has an unsaved row, who left has none.
    """
    rows = list(meeting.attendance.select_related("post__group").order_by("is_invited", "pk"))
    if meeting.state not in (MeetingState.CONVENED, MeetingState.IN_SESSION):
        return rows
    saved = {row.post_id: row for row in rows if not row.is_invited}
    members = [
        saved.get(seat.post_id) or Attendance(meeting=meeting, post=seat.post, role=seat.role)
        for seat in roster(meeting.body, meeting.held_on)
    ]
    return members + [row for row in rows if row.is_invited]


def turnout(rows: Iterable[Attendance], rule: BodyRule | None) -> Turnout:
    """Count the members who came themselves; who is invited or sent somebody is not counted."""
    members = [row for row in rows if not row.is_invited]
    present = sum(row.presence == Presence.PRESENT for row in members)
    if rule is None or not votes_on(rule):
        return Turnout(present, len(members), None)
    base = rule.seats or 0 if rule.base == QuorumBase.SEATS else len(members)
    return Turnout(present, base, quorum.required(max(base, 1)))


def presiding_officer(rows: Iterable[Attendance]) -> Post | None:
    """Return the chair when present, else who acts for the chair (職務代理)."""
    present = {
        row.role: row.post
        for row in rows
        if row.presence == Presence.PRESENT and not row.is_invited
    }
    return present.get(SeatRole.CHAIR) or present.get(SeatRole.DEPUTY)


def officers(meeting: Meeting) -> QuerySet[Post]:
    """Return the posts that may open and close the meeting: who presides, or may come to."""
    if meeting.presiding_id:
        return Post.objects.filter(pk=meeting.presiding_id)
    seats = Seat.objects.on(meeting.held_on).filter(
        body=meeting.body, role__in=[SeatRole.CHAIR, SeatRole.DEPUTY]
    )
    return Post.objects.filter(pk__in=seats.values("post"))


def second_signers(
    meeting: Meeting, rows: Iterable[Attendance], rule: BodyRule | None
) -> list[Post]:
    """Return the members whom the chair may name as second signer: present, and not the chair.

    Nobody where the rule asks for no second signature.
    """
    if rule is None or rule.minutes_signers != MinutesSigners.CHAIR_AND_MEMBER:
        return []
    return [
        row.post
        for row in rows
        if row.presence == Presence.PRESENT
        and not row.is_invited
        and row.role != SeatRole.CHAIR
        and row.post_id != meeting.presiding_id
    ]


def directors(meeting: Meeting) -> QuerySet[Post]:
    """Return the directors who may be invited: those who have no seat in the body."""
    seated = Seat.objects.on(meeting.held_on).filter(body=meeting.body).values("post")
    return Post.objects.filter(rank=Rank.DIRECTOR).exclude(pk__in=seated).select_related("group")


def proposed_guests(revision: Revision, body: Body) -> QuerySet[Post]:
    """Return the directors whose sections lead a sheet; only the headquarters board invites them.

    source  ICT推進会議設置要綱: 協議事項に関連する部等の長
    """
    if body.kind != BodyKind.HEADQUARTERS_BOARD:
        return Post.objects.none()
    leads = ProjectSection.objects.filter(
        project__revision=revision, project__is_discontinued=False, role=SectionRole.LEAD
    )
    return Post.objects.filter(
        rank=Rank.DIRECTOR, department__in=leads.values("section__department")
    )
