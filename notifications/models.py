from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from notifications.states import ChannelCode
from notifications.states import DeliveryState as S
from workflow.models import OutboxEvent


class Delivery(models.Model):
    """通知: one event told to one person by one channel. Telling twice is impossible."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.PROTECT, related_name="deliveries")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deliveries"
    )
    channel = models.CharField(max_length=10, choices=ChannelCode)
    state = FSMField(choices=S, default=S.QUEUED, protected=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "user", "channel"], name="told_once"),
            models.CheckConstraint(
                name="delivery_sent_iff_sent_at",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at=None)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                name="delivery_waiting",
                condition=Q(state__in=["queued", "retrying"]),
            ),
            models.Index(
                fields=["user", "id"],
                name="notice_unread",
                condition=Q(channel="app", read_at=None),
            ),
        ]

    @transition(field=state, source=[S.QUEUED, S.RETRYING], target=S.SENT)
    def send(self, *, at: datetime) -> None:
        self.sent_at, self.next_at, self.error = at, None, ""

    @transition(field=state, source=[S.QUEUED, S.RETRYING], target=S.RETRYING)
    def retry(self, *, next_at: datetime, error: str) -> None:
        self.attempts, self.next_at, self.error = self.attempts + 1, next_at, error

    @transition(field=state, source=[S.QUEUED, S.RETRYING], target=S.DEAD)
    def give_up(self, *, error: str) -> None:
        self.attempts, self.next_at, self.error = self.attempts + 1, None, error


class Preference(models.Model):
    """通知の受け方."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference"
    )
    email = models.BooleanField(default=True)
