"""事務決裁規程: a dated table of rules. A line is copied from it when a request circulates."""

from django.db import models
from django.db.models import F, Q

from workflow.audit.models import Audited, Evidence
from workflow.authority.states import Retention, Scope
from workflow.people.models import InForce, dated


class DecisionTable(Audited):
    """決裁区分表: in force from a day on, until the next begins.

    organ   the 執行機関 whose departments it is for; "" for the city's, and whoever has none
    until   the last day, counted; a table that ends gives way to the one before
    source  where its text stands (令和7年訓令第3号)
    tiers   決裁区分, highest first: [{"name", "who", "delegated"}]
    """

    name = models.CharField(max_length=120)
    organ = models.CharField(max_length=40, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)
    tiers = models.JSONField()
    in_force = models.BooleanField(default=True)

    objects = InForce.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            dated("decision_table_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["organ", "since"],
                condition=Q(in_force=True),
                name="one_decision_table_a_first_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DecisionRule(Evidence):
    """決裁事項: one row; the first that takes a matter lays its line.

    matter  kind of request, or finer: "revision.proposal:adoption"
    tier    name of one of the table's tiers
    flags   any of them brings a matter here
    steps   places in order: [{"role", "who", "needed"}], see authority/resolve.py
    """

    table = models.ForeignKey(DecisionTable, on_delete=models.PROTECT, related_name="rules")
    order = models.PositiveSmallIntegerField()
    article = models.CharField(max_length=300)
    subject = models.CharField(max_length=200)
    matter = models.CharField(max_length=80)
    tier = models.CharField(max_length=60)
    flags = models.JSONField(default=list)
    amount_from = models.PositiveBigIntegerField(null=True)
    amount_to = models.PositiveBigIntegerField(null=True)
    scope = models.CharField(max_length=20, choices=Scope, blank=True)
    steps = models.JSONField()
    retention = models.CharField(max_length=10, choices=Retention, blank=True)

    class Meta:
        ordering = ["table", "order"]
        constraints = [
            models.UniqueConstraint(fields=["table", "order"], name="decision_rule_ordered_once"),
            models.CheckConstraint(
                name="decision_rule_amounts_in_order",
                condition=Q(amount_from=None)
                | Q(amount_to=None)
                | Q(amount_from__lt=F("amount_to")),
            ),
        ]

    def __str__(self) -> str:
        return self.article
