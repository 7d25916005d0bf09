"""経路: a case runs through stages copied from a route (path/routes.py)."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from workflow.audit.models import Audited
from workflow.path.states import (
    Asks,
    DeviationKind,
    Outcome,
    Precision,
    StageKind,
)
from workflow.path.states import (
    StageState as S,
)
from workflow.people.models import Body


class Case(models.Model):
    """A run of a route. Its stages are its own: later edits of the route don't touch it."""

    route = models.SlugField()
    title = models.CharField(max_length=200)


class Round(models.Model):
    """検討段階."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="round_numbered_once")
        ]

    def __str__(self) -> str:
        return self.name


class Stage(models.Model):
    """段階: one run of one step of the path. A send-back makes another row."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="stages")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="stages")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=StageKind)
    asks = models.CharField(max_length=20, choices=Asks)
    name = models.CharField(max_length=80)
    body = models.ForeignKey(Body, null=True, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followers")
    rerun_of = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="rerun"
    )
    lead = models.PositiveSmallIntegerField(default=0)  # working days after the one before it
    length = models.PositiveSmallIntegerField(default=1)  # working days its route gives it
    planned_from = models.DateField(null=True)
    planned_until = models.DateField(null=True)
    precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    state = FSMField(choices=S, default=S.PLANNED, protected=True)
    opened_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=24, choices=Outcome, blank=True)
    remarks = models.TextField(blank=True)

    class Meta:
        ordering = ["case", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="stage_planned_in_order",
                condition=Q(planned_from=None, planned_until=None)
                | Q(planned_until__isnull=False, planned_until__gte=F("planned_from")),
            ),
            models.CheckConstraint(
                name="stage_open_iff_opened_on",
                condition=Q(state__in=["open", "concluded", "sent_back"], opened_on__isnull=False)
                | Q(state__in=["planned", "skipped"], opened_on=None)
                | Q(state="cancelled"),
            ),
            models.CheckConstraint(
                name="stage_ended_iff_ended_at",
                condition=Q(
                    state__in=["concluded", "sent_back", "skipped", "cancelled"],
                    ended_at__isnull=False,
                    ended_on__isnull=False,
                )
                | Q(state__in=["planned", "open"], ended_at=None, ended_on=None),
            ),
            models.CheckConstraint(
                name="stage_concluded_iff_outcome",
                condition=(Q(state="concluded") & ~Q(outcome=""))
                | (~Q(state="concluded") & Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @transition(field=state, source=S.PLANNED, target=S.OPEN)
    def open(self, *, on: date) -> None:
        self.opened_on = on

    @transition(field=state, source=S.OPEN, target=S.CONCLUDED)
    def conclude(self, *, outcome: str, remarks: str, on: date, at: datetime) -> None:
        self.outcome, self.remarks, self.ended_on, self.ended_at = outcome, remarks, on, at

    @transition(field=state, source=S.OPEN, target=S.SENT_BACK)
    def send_back(self, *, reason: str, on: date, at: datetime) -> None:
        self.remarks, self.ended_on, self.ended_at = reason, on, at

    @transition(field=state, source=S.PLANNED, target=S.SKIPPED)
    def skip(self, *, reason: str, on: date, at: datetime) -> None:
        self.remarks, self.ended_on, self.ended_at = reason, on, at

    @transition(field=state, source=[S.PLANNED, S.OPEN], target=S.CANCELLED)
    def cancel(self, *, reason: str, on: date, at: datetime) -> None:
        self.remarks, self.ended_on, self.ended_at = reason, on, at


class GazetteRule(Audited):
    """広報紙: when it is issued and when its paper (原稿) is due, valid from a day until the next.

    days  of a month, issues
    lead  working days before the issue by which the paper is due
    """

    since = models.DateField(unique=True)
    days = models.JSONField()
    lead = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["since"]


class Deviation(models.Model):
    """逸脱: where the run departs from its route, by whom and why."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="deviations")
    kind = models.CharField(max_length=10, choices=DeviationKind)
    what = models.CharField(max_length=200)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
