from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import transition

from notifications.hooks.models import HookDelivery, Webhook
from notifications.sending import STATE, Sending
from notifications.states import ChannelCode
from notifications.states import DeliveryState as S
from workflow.audit.models import Audited
from workflow.models import OutboxEvent

__all__ = ["Delivery", "HookDelivery", "Preference", "Untold", "Webhook"]


class Delivery(Sending):
    """通知: one event told to one person by one channel. Telling twice is impossible.

    A mail that waits for the day's digest is held; then one leads the digest, the others follow it.

    digest_on  day of the digest that it leads
    leader     the one in whose mail it goes
    next_at    when it is sent, or tried again; of a held one, when the digest goes
    doubts     tries of its mail of which nobody knows whether it arrived: the process died in
               them, or the server did not answer
    """

    event = models.ForeignKey(OutboxEvent, on_delete=models.PROTECT, related_name="deliveries")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deliveries"
    )
    channel = models.CharField(max_length=10, choices=ChannelCode)
    doubts = models.PositiveSmallIntegerField(default=0)
    read_at = models.DateTimeField(null=True)
    digest_on = models.DateField(null=True)
    leader = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="followers", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "user", "channel"], name="told_once"),
            models.UniqueConstraint(
                fields=["user", "digest_on"],
                condition=Q(digest_on__isnull=False),
                name="one_digest_a_day",
            ),
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
                condition=Q(state__in=["queued", "retrying"], leader=None),
            ),
            models.Index(
                fields=["user", "id"],
                name="notice_unread",
                condition=Q(channel="app", read_at=None),
            ),
            models.Index(
                fields=["next_at", "user"], name="delivery_held", condition=Q(state="held")
            ),
            models.Index(
                fields=["leader"], name="digest_followed", condition=Q(leader__isnull=False)
            ),
            models.Index(fields=["id"], name="delivery_dead", condition=Q(state="dead")),
        ]

    @transition(field=STATE, source=S.DEAD, target=S.QUEUED)
    def resend(self, *, at: datetime) -> None:
        """再送: whoever does so has looked whether it arrived."""
        super().resend(at=at)
        self.doubts = 0

    @transition(field=STATE, source=[S.QUEUED, S.HELD], target=S.HELD)
    def hold(self, *, until: datetime) -> None:
        """It waits for the digest of that moment."""
        self.next_at = until

    @transition(field=STATE, source=S.HELD, target=S.QUEUED)
    def lead(self, *, on: date, at: datetime) -> None:
        self.digest_on, self.next_at = on, at

    @transition(field=STATE, source=S.HELD, target=S.QUEUED)
    def follow(self, leader: "Delivery") -> None:
        self.leader, self.next_at = leader, None

    @transition(field=STATE, source=[S.QUEUED, S.RETRYING, S.HELD], target=S.DROPPED)
    def drop(self) -> None:
        """Read on screen or settled in the meantime, or no longer wished for."""
        self.next_at = None


class Untold(Audited, Sending):
    """配れなかった出来事: an event that cannot be told: nobody has it, not even on screen."""

    event = models.OneToOneField(OutboxEvent, on_delete=models.PROTECT, related_name="untold")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="untold_sent_iff_sent_at",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at=None)),
            )
        ]

    @property
    def within(self) -> str:
        return self.event.entry.within_key


class Preference(models.Model):
    """通知の受け方.

    ways         Topic → Way; what is not there is Way.DIGEST
    digest_hour  of the day, in Tokyo; None is the city's
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference"
    )
    ways = models.JSONField(default=dict)
    digest_hour = models.PositiveSmallIntegerField(null=True)
