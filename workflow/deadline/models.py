from datetime import datetime

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from workflow.audit.models import Audited
from workflow.deadline.states import DeadlineState as S


class ClosedDay(Audited):
    """閉庁日・開庁日: a day the city closes, or opens, besides what the law says."""

    NAME_LENGTH = 60

    day = models.DateField(unique=True)
    is_open = models.BooleanField(default=False)
    name = models.CharField(max_length=NAME_LENGTH)
    in_force = models.BooleanField(default=True)

    class Meta:
        ordering = ["day"]


class Deadline(Audited):
    """期限: by when a group is to act on a subject."""

    subject = models.CharField(max_length=80)
    part_of = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    link = models.CharField(max_length=200)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    state = FSMField(choices=S, default=S.OPEN, protected=True)
    ended_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "kind"],
                condition=Q(state__in=["open", "passed"]),
                name="one_running_deadline",
            ),
            models.CheckConstraint(
                name="deadline_ended_iff_ended_at",
                condition=Q(state__in=["met", "lifted"], ended_at__isnull=False, next_at=None)
                | Q(state__in=["open", "passed"], ended_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], name="deadline_next", condition=Q(next_at__isnull=False)
            )
        ]

    @property
    def within(self) -> str:
        return self.part_of

    @transition(field=state, source=S.OPEN, target=S.PASSED)
    def lapse(self) -> None:
        """期限の到来."""

    @transition(field=state, source=[S.OPEN, S.PASSED], target=S.MET)
    def meet(self, *, at: datetime) -> None:
        self.ended_at, self.next_at = at, None

    @transition(field=state, source=[S.OPEN, S.PASSED], target=S.LIFTED)
    def lift(self, *, at: datetime) -> None:
        self.ended_at, self.next_at = at, None

    @transition(field=state, source=[S.OPEN, S.PASSED], target=S.OPEN)
    def extend(self, *, due_at: datetime) -> None:
        """期限延長."""
        self.due_at = due_at
