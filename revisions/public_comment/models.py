"""意見公募: its period's edges follow the calendar, not a click."""

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from revisions.opinion.models import Opinion
from revisions.plan.models import PlanVersion, Revision
from revisions.public_comment.states import CommentState as S
from workflow.audit.models import Audited, key_of
from workflow.path.models import Stage


class PublicComment(Audited):
    """パブリックコメント. first_on and last_on are both counted."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="comments")
    stage = models.OneToOneField(Stage, on_delete=models.PROTECT, related_name="public_comment")
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    first_on = models.DateField()
    last_on = models.DateField()
    minimum_days = models.PositiveSmallIntegerField(default=30)
    minimum_source = models.CharField(max_length=200, blank=True)
    short_reason = models.TextField(blank=True)
    version = models.ForeignKey(PlanVersion, null=True, on_delete=models.PROTECT, related_name="+")
    state = FSMField(choices=S, default=S.PREPARING, protected=True)
    published_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="comment_ends_after_it_begins", condition=Q(last_on__gte=F("first_on"))
            ),
            models.CheckConstraint(
                name="comment_version_iff_announced",
                condition=Q(state="preparing") | Q(version__isnull=False),
            ),
            models.CheckConstraint(
                name="comment_published_iff_published_at",
                condition=Q(state="published", published_at__isnull=False)
                | (~Q(state="published") & Q(published_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def within(self) -> str:
        return key_of(Revision, self.revision_id)

    @transition(field=state, source=S.PREPARING, target=S.PREPARING)
    def prepare(
        self, *, title: str, text: str, first_on: date, last_on: date, short_reason: str
    ) -> None:
        self.title, self.text, self.short_reason = title, text, short_reason
        self.first_on, self.last_on = first_on, last_on

    @transition(field=state, source=S.PREPARING, target=S.ANNOUNCED)
    def announce(self, *, version: PlanVersion) -> None:
        """予告."""
        self.version = version

    @transition(field=state, source=S.ANNOUNCED, target=S.ACCEPTING)
    def begin(self) -> None:
        """募集の開始日."""

    @transition(field=state, source=S.ACCEPTING, target=S.CLOSED)
    def close(self) -> None:
        """締切日の翌日."""

    @transition(field=state, source=S.CLOSED, target=S.ANSWERING)
    def answer(self) -> None:
        """取りまとめの開始."""

    @transition(field=state, source=[S.CLOSED, S.ANSWERING], target=S.PUBLISHED)
    def publish(self, *, result: str, at: datetime) -> None:
        self.result, self.published_at = result, at


class Submission(models.Model):
    """受付の控え: what makes a second click the same opinion, and a flood slow.

    key      digest of the form shown and the wording sent
    sender   keyed digest of a network address and a day; forgotten when the period is over
    """

    comment = models.ForeignKey(PublicComment, on_delete=models.PROTECT, related_name="submissions")
    opinion = models.OneToOneField(Opinion, on_delete=models.PROTECT, related_name="submission")
    key = models.CharField(max_length=64, unique=True)
    sender = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["sender", "at"], name="submission_flood")]

    @property
    def number(self) -> str:
        """受付番号, as the citizen is told it."""
        return f"{self.comment_id}-{self.opinion.number:04}"
