"""意見: the one ledger of every channel's opinions, how each was disposed of, and what changed."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from revisions.opinion.states import Channel, Disposition, Medium
from revisions.opinion.states import OpinionState as S
from revisions.plan.models import Revision
from workflow.audit.models import Audited, key_of
from workflow.path.models import Stage
from workflow.people.models import Section


class Opinion(Audited):
    """意見. `text` is the wording as received and is never changed; `summary` is published."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="opinions")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="opinions")
    number = models.PositiveIntegerField()
    channel = models.CharField(max_length=12, choices=Channel)
    medium = models.CharField(max_length=10, choices=Medium)
    source = models.CharField(max_length=120, blank=True)
    received_on = models.DateField()
    received_at = models.DateTimeField()
    project_uid = models.SlugField(max_length=20, blank=True)
    place = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    summary = models.TextField(blank=True)
    similar_to = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="similar"
    )
    section = models.ForeignKey(Section, null=True, on_delete=models.PROTECT, related_name="+")
    disposition = models.CharField(max_length=12, choices=Disposition, blank=True)
    response = models.TextField(blank=True)
    change = models.TextField(blank=True)
    state = FSMField(choices=S, default=S.RECEIVED, protected=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["revision", "number"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "number"], name="opinion_numbered_once"),
            models.CheckConstraint(
                name="opinion_disposed_iff_drafted",
                condition=Q(state="received") | (~Q(disposition="") & ~Q(response="")),
            ),
            models.CheckConstraint(
                name="opinion_approved_iff_approved_at",
                condition=Q(state__in=["approved", "published"], approved_at__isnull=False)
                | Q(state__in=["received", "drafted"], approved_at=None),
            ),
        ]

    @property
    def within(self) -> str:
        return key_of(Revision, self.revision_id)

    @property
    def is_drafted(self) -> bool:
        """What was sent back is a draft to be mended, and no answer."""
        return self.state != S.RECEIVED

    @transition(field=state, source=[S.RECEIVED, S.DRAFTED], target=None)
    def assign(self, *, section: Section | None) -> None:
        """担当課の割当て."""
        self.section = section

    @transition(field=state, source=[S.RECEIVED, S.DRAFTED, S.APPROVED], target=None)
    def link(self, *, to: "Opinion") -> None:
        """似た意見にまとめる: what was published stays as it was read."""
        self.similar_to = to

    @transition(field=state, source=[S.RECEIVED, S.DRAFTED], target=S.DRAFTED)
    def draft_response(self, *, disposition: str, response: str, summary: str, change: str) -> None:
        """市の考え方の案."""
        self.disposition, self.response = disposition, response
        self.summary, self.change = summary, change

    @transition(field=state, source=S.DRAFTED, target=S.APPROVED)
    def approve(self, *, at: datetime) -> None:
        self.approved_at = at

    @transition(field=state, source=S.DRAFTED, target=S.RECEIVED)
    def send_back(self) -> None:
        """差戻し: the draft stays, to be mended."""

    @transition(field=state, source=S.APPROVED, target=S.PUBLISHED)
    def publish(self) -> None:
        """結果公表."""


class Submitter(models.Model):
    """提出者: personal data, kept apart from the opinion and never exported."""

    opinion = models.OneToOneField(Opinion, on_delete=models.PROTECT, related_name="submitter")
    name = models.CharField(max_length=80, blank=True)
    address = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=120, blank=True)


class Scan(models.Model):
    """The paper an opinion came on."""

    opinion = models.ForeignKey(Opinion, on_delete=models.PROTECT, related_name="scans")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()
