from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
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


class CalendarFeed(Audited):
    """予定表の購読アドレス: a secret address from which one person's deadlines are read.

    secret   SHA-256 of what the address ends in, which nobody keeps; None when it was revoked
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    secret = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001
    made_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="calendar_feed_secret_iff_made_at",
                condition=Q(secret=None, made_at=None)
                | Q(secret__isnull=False, made_at__isnull=False),
            )
        ]


class ReminderRule(Audited):
    """督促の規則: one version of the rule of a kind; that with the highest number is in force.

    kind   of deadlines; "" is the rule of every kind that has none of its own
    steps  as schedule.Step, in order; none where the kind has no rule of its own any more
    """

    kind = models.CharField(max_length=40, blank=True)
    number = models.PositiveSmallIntegerField()
    steps = models.JSONField()
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "number"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="reminder_rule_numbered_once")
        ]

    @property
    def within(self) -> str:
        """All versions of a kind are read as one history."""
        return f"{self._meta.label_lower}:{self.kind}"


class OfficeHours(Audited):
    """執務時間 of the city (no group), or of a section that has its own."""

    group = models.ForeignKey(Group, null=True, on_delete=models.PROTECT, related_name="+")
    opens = models.TimeField()
    closes = models.TimeField()
    remind_at = models.TimeField()
    in_force = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Coalesce("group", 0), name="office_hours_once_a_group"),
            models.CheckConstraint(
                name="office_hours_in_order",
                condition=Q(opens__lt=F("closes"))
                & Q(remind_at__gte=F("opens"), remind_at__lte=F("closes")),
            ),
        ]


class Deadline(Audited):
    """期限: by when a group is to act on a subject.

    asked_by        the 事務局 that waits for it; None where that is known from `part_of` alone
    received_at     since when it is known to have been received; None while that is awaited
    reminded_until  since when the day holds: what fell due up to then needs no telling
    told_left       the same as a place in the order of the rule, as Timetable.left(), and how far
                    it was told since; None until a sweep has seen the row
    attempts        how often in a row telling has failed; `error` names the last failure
    """

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
    asked_by = models.ForeignKey(Group, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(null=True)
    reminded_until = models.DateTimeField()
    told_left = models.SmallIntegerField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=80, blank=True)

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
            ),
            models.Index(
                fields=["part_of", "kind"],
                name="deadline_of_whole",
                condition=Q(state__in=["open", "passed"]),
            ),
            models.Index(fields=["-attempts"], name="deadline_stuck", condition=Q(attempts__gt=0)),
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

    @transition(field=state, source=S.OPEN, target=S.OPEN)
    def bring_forward(self, *, due_at: datetime) -> None:
        """期限の繰上げ: the day it fell on is closed now."""
        self.due_at = due_at

    @transition(field=state, source=S.OPEN, target=S.OPEN)
    def put_off(self, *, due_at: datetime) -> None:
        """期限の繰下げ: likewise, where it can't be done before."""
        self.due_at = due_at

    @transition(field=state, source=[S.OPEN, S.PASSED], target=S.OPEN)
    def hand_over(self, *, group_id: int, due_at: datetime, at: datetime) -> None:
        """次の担当へ: the act now lies with another group, by its own day."""
        self.group_id, self.due_at = group_id, due_at
        self.received_at = self.received_at or at
