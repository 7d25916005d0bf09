"""照会: one row per addressee, locked alone, so no section overwrites another."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition
from guardian.models import GroupObjectPermissionBase

from revisions.inquiry.states import AnswerKind, InquiryKind, InquiryState
from revisions.inquiry.states import TargetState as S
from revisions.plan.models import PlanVersion, Revision
from workflow.audit.models import Audited, key_of
from workflow.path.models import Stage
from workflow.people.models import Section
from workflow.signoff.models import Request


class Inquiry(Audited):
    """庁内照会."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="inquiries")
    stage = models.OneToOneField(Stage, on_delete=models.PROTECT, related_name="inquiry")
    kind = models.CharField(max_length=10, choices=InquiryKind)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    due_on = models.DateField()
    version = models.ForeignKey(PlanVersion, null=True, on_delete=models.PROTECT, related_name="+")
    state = FSMField(choices=InquiryState, default=InquiryState.PREPARING, protected=True)
    issued_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="inquiry_issued_iff_issued_at",
                condition=Q(state="preparing", issued_at=None)
                | Q(state__in=["issued", "closed"], issued_at__isnull=False, version__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def within(self) -> str:
        return key_of(Revision, self.revision_id)

    @transition(field=state, source=InquiryState.PREPARING, target=None)
    def prepare(self, *, kind: str, title: str, text: str, due_on: date) -> None:
        self.kind, self.title, self.text, self.due_on = kind, title, text, due_on

    @transition(field=state, source=InquiryState.PREPARING, target=InquiryState.ISSUED)
    def issue(self, *, version: PlanVersion, at: datetime) -> None:
        self.version, self.issued_at = version, at

    @transition(field=state, source=InquiryState.ISSUED, target=InquiryState.CLOSED)
    def close(self) -> None:
        """締切: its stage ended."""


class InquiryTarget(Audited):
    """照会先. request: the chief's approval of the answer last submitted."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="targets")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    state = FSMField(choices=S, default=S.UNDELIVERED, protected=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    received_at = models.DateTimeField(null=True)
    request = models.OneToOneField(Request, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    is_late = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["inquiry", "section__order", "pk"]
        permissions = [("answer_inquirytarget", "照会に回答する")]
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "section"], name="one_row_an_addressee"),
            models.CheckConstraint(
                name="target_received_by_iff_received",
                condition=Q(received_at=None, received_by=None)
                | Q(received_at__isnull=False, received_by__isnull=False),
            ),
        ]

    @property
    def within(self) -> str:
        return key_of(Revision, self.revision_id)

    @transition(field=state, source=S.UNDELIVERED, target=S.PENDING_RECEIPT)
    def deliver(self) -> None:
        """配信."""

    @transition(field=state, source=S.PENDING_RECEIPT, target=S.RECEIVED)
    def receive(self, *, by_id: int, at: datetime) -> None:
        """受取: who took it is recorded."""
        self.received_by_id, self.received_at = by_id, at

    @transition(field=state, source=[S.RECEIVED, S.RETURNED], target=None)
    def write(self) -> None:
        """回答の記入."""

    @transition(field=state, source=[S.RECEIVED, S.RETURNED], target=S.IN_REVIEW)
    def submit(self, *, request: Request, note: str) -> None:
        """課長へ回付."""
        self.request, self.note = request, note

    @transition(field=state, source=S.IN_REVIEW, target=S.ANSWERED)
    def answer(self, *, at: datetime, is_late: bool) -> None:
        self.answered_at, self.is_late = at, is_late

    @transition(field=state, source=S.IN_REVIEW, target=S.NOT_APPLICABLE)
    def answer_not_applicable(self, *, at: datetime, is_late: bool) -> None:
        self.answered_at, self.is_late = at, is_late

    @transition(field=state, source=S.IN_REVIEW, target=S.RETURNED)
    def send_back(self, *, reason: str) -> None:
        """差戻し: by the chief."""
        self.reason = reason

    @transition(field=state, source=[S.ANSWERED, S.NOT_APPLICABLE], target=S.RETURNED)
    def return_(self, *, reason: str, due_on: date) -> None:
        """差戻し: by the secretariat."""
        self.reason, self.due_on, self.answered_at = reason, due_on, None

    @transition(field=state, source=S.IN_REVIEW, target=S.RECEIVED)
    def pull_back(self) -> None:
        """引戻し."""

    @transition(field=state, source=[S.ANSWERED, S.NOT_APPLICABLE], target=S.ACCEPTED)
    def accept(self) -> None:
        """受理: the changes have reached the draft."""

    @transition(
        field=state,
        source=[S.UNDELIVERED, S.PENDING_RECEIPT, S.RECEIVED, S.RETURNED],
        target=S.WAIVED,
    )
    def waive(self, *, reason: str) -> None:
        """回答不要."""
        self.reason = reason

    @transition(
        field=state,
        source=[S.PENDING_RECEIPT, S.RECEIVED, S.RETURNED, S.IN_REVIEW],
        target=None,
    )
    def extend(self, *, due_on: date) -> None:
        """期限延長."""
        self.due_on = due_on


class TargetGrant(GroupObjectPermissionBase):
    """Guardian's direct table: which group answers a target."""

    content_object = models.ForeignKey(InquiryTarget, on_delete=models.CASCADE)


class SheetAnswer(models.Model):
    """一事業についての回答.

    uid               of the project; new-1, new-2 … for those to be added
    before, proposed  a sheet as in plan/content.py, or empty
    place             the program in which a new project is to stand: 1-2
    """

    target = models.ForeignKey(InquiryTarget, on_delete=models.PROTECT, related_name="answers")
    uid = models.SlugField(max_length=20)
    kind = models.CharField(max_length=12, choices=AnswerKind)
    before = models.JSONField(default=dict)
    proposed = models.JSONField(default=dict)
    place = models.CharField(max_length=10, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["uid"]
        constraints = [models.UniqueConstraint(fields=["target", "uid"], name="one_answer_a_sheet")]


class Remark(models.Model):
    """素案への意見: on a place of the frozen draft; it becomes an opinion when accepted."""

    target = models.ForeignKey(InquiryTarget, on_delete=models.PROTECT, related_name="remarks")
    project_uid = models.SlugField(max_length=20, blank=True)
    place = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    proposal = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
