"""決裁: a request circulates over frozen content; posts sign its steps."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from workflow.audit.models import Audited, Evidence
from workflow.people.models import Post
from workflow.signoff.states import Meaning, RequestState, StepRole, StepState

R, S = RequestState, StepState


class Content(Evidence):
    """決裁の対象: exactly the bytes that are signed, found by their SHA-256."""

    sha256 = models.CharField(max_length=64, unique=True)
    body = models.TextField()


class Request(Audited):
    """起案・決裁. What happens in the domain when it is decided stands in signoff/kinds.py."""

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    link = models.CharField(max_length=200)
    part_of = models.CharField(max_length=80)
    content = models.ForeignKey(Content, on_delete=models.PROTECT)
    drafter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    drafter_post = models.ForeignKey(Post, on_delete=models.PROTECT)
    state = FSMField(choices=R, default=R.DRAFT, protected=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    decided_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="request_ended_iff_ended_at",
                condition=Q(state__in=["decided", "rejected", "withdrawn"], ended_at__isnull=False)
                | Q(state__in=["draft", "circulating"], ended_at=None),
            ),
            models.CheckConstraint(
                name="request_decided_iff_decided_on",
                condition=Q(state="decided", decided_on__isnull=False)
                | (~Q(state="decided") & Q(decided_on=None)),
            ),
        ]

    @property
    def within(self) -> str:
        return self.part_of

    @transition(field=state, source=R.DRAFT, target=R.CIRCULATING)
    def circulate(self, *, content: Content, at: datetime) -> None:
        """回議に付す. Every circulation has its own steps."""
        self.content, self.submitted_at, self.attempt = content, at, self.attempt + 1

    @transition(field=state, source=R.CIRCULATING, target=R.DECIDED)
    def decide(self, *, at: datetime, on: date) -> None:
        self.ended_at, self.decided_on = at, on

    @transition(field=state, source=R.CIRCULATING, target=R.REJECTED)
    def reject(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field=state, source=R.CIRCULATING, target=R.DRAFT)
    def return_to_drafter(self) -> None:
        """差戻し、または起案者の引戻し."""

    @transition(field=state, source=R.CIRCULATING, target=R.CIRCULATING)
    def rewind(self) -> None:
        """最後の承認者の引戻し."""

    @transition(field=state, source=[R.DRAFT, R.CIRCULATING], target=R.WITHDRAWN)
    def withdraw(self, *, at: datetime) -> None:
        self.ended_at = at


class Step(models.Model):
    """決裁欄: one post's turn. Steps of the same order run side by side (合議)."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="steps")
    attempt = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=12, choices=StepRole)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    state = FSMField(choices=S, default=S.WAITING, protected=True)
    activated_at = models.DateTimeField(null=True)
    acted_at = models.DateTimeField(null=True)
    acted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ["attempt", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "attempt", "order", "post"], name="step_once_a_circulation"
            ),
            models.CheckConstraint(
                name="step_acted_iff_acted_at_and_by",
                condition=Q(
                    state__in=["approved", "sent_back", "rejected"],
                    acted_at__isnull=False,
                    acted_by__isnull=False,
                )
                | Q(state__in=["waiting", "active", "closed"], acted_at=None, acted_by=None),
            ),
        ]
        indexes = [
            models.Index(fields=["post"], name="step_inbox", condition=Q(state="active")),
        ]

    @transition(field=state, source=S.WAITING, target=S.ACTIVE)
    def activate(self, *, at: datetime) -> None:
        self.activated_at = at

    @transition(field=state, source=S.ACTIVE, target=S.APPROVED)
    def approve(self, *, by_id: int, at: datetime, comment: str) -> None:
        self.acted_by_id, self.acted_at, self.comment = by_id, at, comment

    @transition(field=state, source=S.ACTIVE, target=S.SENT_BACK)
    def send_back(self, *, by_id: int, at: datetime, comment: str) -> None:
        self.acted_by_id, self.acted_at, self.comment = by_id, at, comment

    @transition(field=state, source=S.ACTIVE, target=S.REJECTED)
    def reject(self, *, by_id: int, at: datetime, comment: str) -> None:
        self.acted_by_id, self.acted_at, self.comment = by_id, at, comment

    @transition(field=state, source=S.APPROVED, target=S.ACTIVE)
    def pull_back(self) -> None:
        """引戻し. The signature stays; another one says that it was taken back."""
        self.acted_by_id, self.acted_at, self.comment = None, None, ""

    @transition(field=state, source=S.ACTIVE, target=S.WAITING)
    def deactivate(self) -> None:
        """The step before was pulled back."""
        self.activated_at = None

    @transition(field=state, source=[S.WAITING, S.ACTIVE], target=S.CLOSED)
    def close(self) -> None:
        """The circulation ended before their turn."""


class Signature(Evidence):
    """署名: who, as which post, meant what, over which bytes, when."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="signatures")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    meaning = models.CharField(max_length=12, choices=Meaning)
    at = models.DateTimeField()
    statement = models.TextField()
    sha256 = models.CharField(max_length=64)
