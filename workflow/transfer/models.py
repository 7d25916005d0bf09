"""人事異動: a set of appointments that changes hands on one day, all of it or nothing."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from workflow.audit.models import Audited
from workflow.people.models import Post
from workflow.transfer.states import TransferState as S


class Transfer(Audited):
    """`failed_on` is the last day on which it could not be carried out."""

    title = models.CharField(max_length=100)
    effective_on = models.DateField()
    state = FSMField(choices=S, default=S.PREPARING, protected=True)
    ended_at = models.DateTimeField(null=True)
    failed_on = models.DateField(null=True)

    class Meta:
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="transfer_ended_iff_ended_at",
                condition=Q(state__in=["applied", "cancelled"], ended_at__isnull=False)
                | Q(state__in=["preparing", "scheduled"], ended_at=None),
            )
        ]
        indexes = [
            models.Index(
                fields=["effective_on"], name="transfer_due", condition=Q(state="scheduled")
            )
        ]

    def __str__(self) -> str:
        return self.title

    @transition(field=state, source=S.PREPARING, target=S.PREPARING)
    def edit(self) -> None:
        """Its name, its day and its lines change while it is prepared."""

    @transition(field=state, source=S.PREPARING, target=S.SCHEDULED)
    def schedule(self) -> None:
        """予約."""

    @transition(field=state, source=S.SCHEDULED, target=S.PREPARING)
    def reopen(self) -> None:
        """予約の取消し."""
        self.failed_on = None

    @transition(field=state, source=[S.PREPARING, S.SCHEDULED], target=S.CANCELLED)
    def cancel(self, *, at: datetime) -> None:
        """中止."""
        self.ended_at = at

    @transition(field=state, source=S.SCHEDULED, target=S.APPLIED)
    def apply(self, *, at: datetime) -> None:
        """発令."""
        self.ended_at = at

    @transition(field=state, source=S.SCHEDULED, target=S.SCHEDULED)
    def fail(self, *, on: date) -> None:
        """発令の失敗."""
        self.failed_on = on


class TransferLine(models.Model):
    """One person leaves a post, gets one, or both.

    keep_until  last day on which the post that is left may still be acted in (引継ぎ)
    """

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="lines")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    from_post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    to_post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    is_concurrent = models.BooleanField(default=False)
    keep_until = models.DateField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="transfer_line_moves_somebody",
                condition=Q(from_post__isnull=False) | Q(to_post__isnull=False),
            ),
            models.CheckConstraint(
                name="transfer_line_between_two_posts", condition=~Q(from_post=F("to_post"))
            ),
            models.CheckConstraint(
                name="transfer_line_keeps_what_it_leaves",
                condition=Q(keep_until=None) | Q(from_post__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["transfer", "user", "from_post"], name="left_once_a_transfer"
            ),
            models.UniqueConstraint(
                fields=["transfer", "user", "to_post"], name="given_once_a_transfer"
            ),
        ]
