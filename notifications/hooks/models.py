from datetime import datetime

from django.db import models
from django.db.models import Q

from notifications.sending import Sending
from workflow.audit.models import Audited
from workflow.models import OutboxEvent


class Webhook(Audited):
    """外部連携: an address of another system of the city that is told what happens.

    areas        what stands before the dot of a kind
    salt         makes its secret (hooks/signing.py)
    former_salt  made the one before; it signs too until former_until
    """

    name = models.CharField(max_length=60, unique=True)
    url = models.CharField(max_length=500)
    areas = models.JSONField(default=list)
    salt = models.CharField(max_length=32)
    former_salt = models.CharField(max_length=32, blank=True)
    former_until = models.DateTimeField(null=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def salts(self, at: datetime) -> list[str]:
        """Return those whose secrets sign at a moment, the new one first."""
        former = self.former_until is not None and at < self.former_until
        return [self.salt, self.former_salt] if former else [self.salt]

    def wants(self, kind: str) -> bool:
        return kind.partition(".")[0] in self.areas


class HookDelivery(Sending):
    """One event told to one webhook. Telling twice is impossible."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.PROTECT, related_name="+")
    hook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "hook"], name="hook_told_once"),
            models.CheckConstraint(
                name="hook_sent_iff_sent_at",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at=None)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                name="hook_waiting",
                condition=Q(state__in=["queued", "retrying"]),
            ),
            models.Index(fields=["id"], name="hook_dead", condition=Q(state="dead")),
        ]
