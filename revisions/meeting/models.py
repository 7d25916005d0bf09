"""会議: roster of the day, attendance, agenda, votes and minutes."""

from datetime import date, time
from typing import Any

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase

from revisions.meeting.states import ItemOutcome, Presence
from revisions.meeting.states import MeetingState as S
from revisions.meeting.states import MinutesState as M
from revisions.plan.models import PlanVersion, Revision
from workflow.audit.models import Audited, key_of
from workflow.path.models import Stage
from workflow.people.models import Body, Post
from workflow.people.states import SeatRole
from workflow.signoff.models import Request


def has_minutes(meeting: Any) -> bool:
    return meeting.state in (S.IN_SESSION, S.CLOSED)


def has_closed(meeting: Any) -> bool:
    return meeting.state == S.CLOSED


class Meeting(Audited):
    """会議. presiding: the chair, or who acts for the chair (職務代理)."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="meetings")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="meetings")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    held_on = models.DateField()
    starts_at = models.TimeField(null=True)
    place = models.CharField(max_length=80, blank=True)
    version = models.ForeignKey(PlanVersion, null=True, on_delete=models.PROTECT, related_name="+")
    presiding = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    state = FSMField(choices=S, default=S.PLANNED, protected=True)
    reason = models.TextField(blank=True)
    minutes = models.TextField(blank=True)
    minutes_state = FSMField(choices=M, default=M.DRAFTING, protected=True)
    request = models.OneToOneField(Request, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="meeting_presided_when_in_session",
                condition=~Q(state__in=["in_session", "closed"]) | Q(presiding__isnull=False),
            ),
            models.CheckConstraint(
                name="minutes_fixed_after_closing",
                condition=Q(minutes_state="drafting") | Q(state="closed"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def within(self) -> str:
        return key_of(Revision, self.revision_id)

    @transition(field=state, source=S.PLANNED, target=S.CONVENED)
    def convene(self, *, version: PlanVersion) -> None:
        """招集: the roster of the day and the paper are laid down."""
        self.version = version

    @transition(field=state, source=[S.PLANNED, S.CONVENED], target=None)
    def move(self, *, held_on: date, starts_at: time | None, place: str) -> None:
        """日時・場所の変更: the roster is that of the new day."""
        self.held_on, self.starts_at, self.place = held_on, starts_at, place

    @transition(field=state, source=S.CONVENED, target=S.IN_SESSION)
    def start(self, *, presiding: Post) -> None:
        """開会."""
        self.presiding = presiding

    @transition(field=state, source=S.CONVENED, target=S.ADJOURNED)
    def adjourn(self, *, reason: str) -> None:
        """流会: no quorum."""
        self.reason = reason

    @transition(field=state, source=S.IN_SESSION, target=S.CLOSED)
    def close(self) -> None:
        """閉会."""

    @transition(field=state, source=[S.PLANNED, S.CONVENED], target=S.CANCELLED)
    def cancel(self, *, reason: str) -> None:
        self.reason = reason

    @transition(field=state, source=[S.CONVENED, S.IN_SESSION], target=None)
    def take_attendance(self) -> None:
        """出欠."""

    @transition(field=state, source=S.IN_SESSION, target=None)
    def decide_item(self) -> None:
        """議題の結果."""

    @transition(field=state, source=[S.IN_SESSION, S.CLOSED], target=None)
    def hear(self) -> None:
        """発言の記録."""

    @transition(field=minutes_state, source=M.DRAFTING, target=M.FIXED, conditions=[has_closed])
    def fix_minutes(self, *, request: Request | None) -> None:
        """議事録の確定. request: what its signers sign; None when nobody signs."""
        self.request = request

    @transition(field=minutes_state, source=M.FIXED, target=M.SIGNED)
    def sign_minutes(self) -> None:
        """Everybody who must sign has signed."""

    @transition(field=minutes_state, source=M.FIXED, target=M.DRAFTING)
    def return_minutes(self) -> None:
        """A signer sent them back, or the signing was called off."""

    @transition(
        field=minutes_state,
        source=[M.DRAFTING, M.FIXED, M.SIGNED],
        target=M.DRAFTING,
        conditions=[has_minutes],
    )
    def edit_minutes(self, *, text: str) -> None:
        """An edit voids every signature."""
        self.minutes = text


class MeetingGrant(GroupObjectPermissionBase):
    """Guardian's direct table: which body sees what was sent to it."""

    content_object = models.ForeignKey(Meeting, on_delete=models.CASCADE)


class Attendance(models.Model):
    """出欠: one post of the roster on the day, or one invited to the agenda."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=SeatRole)
    is_invited = models.BooleanField(default=False)
    presence = models.CharField(max_length=10, choices=Presence, default=Presence.UNKNOWN)
    proxy = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "post"], name="attends_once")]


class AgendaItem(models.Model):
    """議題. needs_vote: the outcome follows from the count, not from a choice."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    needs_vote = models.BooleanField(default=False)
    yes = models.PositiveSmallIntegerField(null=True)
    no = models.PositiveSmallIntegerField(null=True)
    abstain = models.PositiveSmallIntegerField(null=True)
    presiding_vote = models.CharField(max_length=3, blank=True)
    outcome = models.CharField(max_length=20, choices=ItemOutcome, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "order"], name="agenda_ordered_once")
        ]
