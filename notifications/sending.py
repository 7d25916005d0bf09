"""What every channel that may fail has in common: tried again, given up, sent anew, withdrawn."""

from datetime import datetime

from django.db import models
from django_fsm import FSMField, transition

from notifications.states import DeliveryState as S

STATE = "state"
WAITING = [S.QUEUED, S.RETRYING]
ATTEMPTS = 8
IN_HAND, TAKEN = 1, 2
INTERRUPTED = "interrupted"
"""The error of a try in which the process died."""


class Sending(models.Model):
    """handed       IN_HAND while it is tried, and when its process died in it; TAKEN when it
                 arrived, and is not yet written down as sent; else 0
    given_up_at  since when it lies there; what it was given up for before counts no more
    """

    state = FSMField(choices=S, default=S.QUEUED, protected=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    handed = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def stamp(self) -> int:
        """When it was given up, in microseconds: a page older than that acts on nothing."""
        return round(self.given_up_at.timestamp() * 1_000_000) if self.given_up_at else 0

    @transition(field=STATE, source=WAITING, target=S.SENT)
    def send(self, *, at: datetime) -> None:
        self.sent_at, self.next_at, self.error, self.handed = at, None, "", 0

    @transition(field=STATE, source=WAITING, target=S.RETRYING)
    def retry(self, *, next_at: datetime, error: str) -> None:
        self.attempts, self.next_at, self.error = self.attempts + 1, next_at, error
        self.handed = 0

    @transition(field=STATE, source=WAITING, target=S.DEAD)
    def give_up(self, *, error: str, at: datetime) -> None:
        self.attempts, self.next_at, self.error = self.attempts + 1, None, error
        self.given_up_at, self.handed = at, 0

    @transition(field=STATE, source=S.DEAD, target=S.QUEUED)
    def resend(self, *, at: datetime) -> None:
        """再送: from the first attempt on, as if it were new."""
        self.attempts, self.next_at, self.given_up_at = 0, at, None

    @transition(field=STATE, source=S.DEAD, target=S.WITHDRAWN)
    def withdraw(self) -> None:
        """取下げ: nobody needs it any more."""
