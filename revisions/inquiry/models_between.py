"""Between sections, and between a section and the secretariat: what stands beside an answer."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from revisions.inquiry.models import InquiryTarget, SheetAnswer
from revisions.inquiry.states import ForwardState as F
from workflow.people.models import Section


class Forward(models.Model):
    """所管違いの転送: a section says that another one answers for a sheet.

    target  that was asked
    into    that answers instead, once it was taken
    """

    target = models.ForeignKey(InquiryTarget, on_delete=models.PROTECT, related_name="forwards")
    uid = models.SlugField(max_length=20)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    into = models.ForeignKey(
        InquiryTarget, null=True, on_delete=models.PROTECT, related_name="forwarded"
    )
    reply = models.TextField(blank=True)
    state = FSMField(choices=F, default=F.OPEN, protected=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "uid"], condition=Q(state="open"), name="one_open_forward"
            ),
            models.CheckConstraint(
                name="forward_taken_iff_into",
                condition=Q(state="taken", into__isnull=False) | (~Q(state="taken") & Q(into=None)),
            ),
        ]

    @transition(field=state, source=F.OPEN, target=F.TAKEN)
    def take(self, *, into: InquiryTarget) -> None:
        """引受け."""
        self.into = into

    @transition(field=state, source=F.OPEN, target=F.DECLINED)
    def decline(self, *, reason: str) -> None:
        """引き受けない."""
        self.reply = reason

    @transition(field=state, source=F.OPEN, target=F.WITHDRAWN)
    def withdraw(self) -> None:
        """転送の取下げ."""


class Consent(models.Model):
    """共管の課の同意: of a section that leads a sheet too, with what the first lead answers.

    target  of the section that is to consent
    agrees  None until it has said so
    """

    answer = models.ForeignKey(SheetAnswer, on_delete=models.CASCADE, related_name="consents")
    target = models.ForeignKey(InquiryTarget, on_delete=models.PROTECT, related_name="consents")
    agrees = models.BooleanField(null=True)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "target"], name="one_consent_a_lead"),
            models.CheckConstraint(
                name="consent_said_by_somebody",
                condition=Q(agrees=None, by=None, at=None)
                | Q(agrees__isnull=False, by__isnull=False, at__isnull=False),
            ),
        ]


class Mending(models.Model):
    """事務局による修正: what the secretariat changed in an answer that it had been given.

    before, after  the sheet as answered, and as mended
    """

    target = models.ForeignKey(InquiryTarget, on_delete=models.PROTECT, related_name="mendings")
    uid = models.SlugField(max_length=20)
    before = models.JSONField()
    after = models.JSONField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
