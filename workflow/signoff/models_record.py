"""記録の側: what a request says of itself, its number, who opened it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from workflow.audit.models import Evidence
from workflow.authority.about import UNSAID, About
from workflow.authority.states import Disclosure, Flag, Retention
from workflow.signoff.keeping import number_text


class Recorded(models.Model):
    """The fields of About on a request, its number, and what it corrects."""

    flags = models.JSONField(default=list)
    tier = models.CharField(max_length=60, blank=True)
    basis = models.CharField(max_length=200, blank=True)
    amount = models.BigIntegerField(null=True)
    retention = models.CharField(max_length=10, choices=Retention, blank=True)
    disclosure = models.CharField(max_length=10, choices=Disclosure, blank=True)
    disclosure_ground = models.CharField(max_length=200, blank=True)
    symbol = models.CharField(max_length=20, blank=True)
    document_number = models.PositiveIntegerField(null=True)
    document_year = models.PositiveSmallIntegerField(null=True)
    corrects = models.ForeignKey(
        "workflow.Request", null=True, on_delete=models.PROTECT, related_name="corrections"
    )
    correction_reason = models.TextField(blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="request_not_open_says_why",
                condition=Q(disclosure__in=["", "open"]) | ~Q(disclosure_ground=""),
            ),
            models.CheckConstraint(
                name="request_numbered_when_decided",
                condition=Q(document_number=None, document_year=None)
                | (
                    Q(state="decided", document_number__gte=1, document_year__isnull=False)
                    & ~Q(symbol="")
                ),
            ),
            models.UniqueConstraint(
                name="request_number_once_a_year",
                fields=["symbol", "document_year", "document_number"],
            ),
            models.UniqueConstraint(
                name="request_corrected_once",
                fields=["corrects"],
                condition=~Q(state__in=["rejected", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="request_correction_has_reason",
                condition=Q(corrects=None, correction_reason="")
                | (Q(corrects__isnull=False) & ~Q(correction_reason="")),
            ),
        ]

    @property
    def about(self) -> About:
        return About(**{name: getattr(self, name) for name in vars(UNSAID)})

    def classify(self, about: About) -> None:
        """Take over all that `about` says."""
        for name, value in vars(about).items():
            setattr(self, name, value)
        self.flags = [str(flag) for flag in about.flags]

    @property
    def correction(self) -> dict[str, object] | None:
        """What it corrects and why, as it is signed; None when it corrects nothing."""
        if self.corrects is None:
            return None
        return {
            "request": self.corrects.pk,
            "content_sha256": self.corrects.content.sha256,
            "reason": self.correction_reason,
        }

    @property
    def number(self) -> str:
        """文書番号, as an office writes it; "" without one."""
        if self.document_number is None or self.document_year is None:
            return ""
        return number_text(self.symbol, self.document_number, self.document_year)

    def get_flags_display(self) -> list[str]:
        return [str(Flag(flag).label) for flag in self.flags]


class DocumentSeries(models.Model):
    """文書番号の系列: the last number given to a symbol in a fiscal year."""

    symbol = models.CharField(max_length=20)
    fiscal_year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["symbol", "fiscal_year"], name="series_once_a_year")
        ]


class Reading(Evidence):
    """開封: a signer opened what a circulation asks them to sign. No state hangs on it."""

    request = models.ForeignKey(
        "workflow.Request", on_delete=models.PROTECT, related_name="readings"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    attempt = models.PositiveSmallIntegerField()
    content = models.ForeignKey("workflow.Content", on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "request", "attempt"], name="reading_once_a_circulation"
            )
        ]


class Paper(Evidence):
    """原本の写し of a decision that was taken on paper."""

    request = models.OneToOneField(
        "workflow.Request", on_delete=models.PROTECT, related_name="paper"
    )
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()
