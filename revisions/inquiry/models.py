"""照会: one row per addressee, locked alone, so no section overwrites another."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from revisions.inquiry.states import (
    DONE,
    EXTENDABLE,
    TO_ACCEPT,
    WAITING,
    WRITING,
    AnswerKind,
    InquiryKind,
    InquiryState,
)
from revisions.inquiry.states import TargetState as S
from revisions.inquiry.tiers import Tiers
from revisions.plan.models import PlanVersion, Revision
from revisions.plan.states import DropReason
from workflow.audit.models import Audited, key_of
from workflow.path.models import Stage
from workflow.people.models import Section
from workflow.signoff.models import Request


class Inquiry(Audited):
    """庁内照会.

    …_days     open days that a tier keeps the answers before they go on; the section has the rest
    addressed  by which choices of which day, as addressees.rule() has it, and the classes of then
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="inquiries")
    stage = models.OneToOneField(Stage, on_delete=models.PROTECT, related_name="inquiry")
    kind = models.CharField(max_length=10, choices=InquiryKind)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    due_on = models.DateField()
    through_coordinating = models.BooleanField(default=False)
    chief_days = models.PositiveSmallIntegerField(default=0)
    compiling_days = models.PositiveSmallIntegerField(default=0)
    secretariat_days = models.PositiveSmallIntegerField(default=0)
    addressed = models.JSONField(default=dict)
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
    def prepare(self, *, kind: str, title: str, text: str, due_on: date, tiers: Tiers) -> None:
        self.kind, self.title, self.text, self.due_on = kind, title, text, due_on
        self.through_coordinating, self.chief_days = tiers.through_coordinating, tiers.chief_days
        self.compiling_days, self.secretariat_days = tiers.compiling_days, tiers.secretariat_days

    @transition(field=state, source=InquiryState.PREPARING, target=None)
    def ask(self) -> None:
        """設問の用意."""

    @transition(field=state, source=InquiryState.PREPARING, target=InquiryState.ISSUED)
    def issue(self, *, version: PlanVersion, addressed: dict[str, Any], at: datetime) -> None:
        self.version, self.addressed, self.issued_at = version, addressed, at

    @transition(field=state, source=InquiryState.ISSUED, target=InquiryState.CLOSED)
    def close(self) -> None:
        """締切: its stage ended."""


class InquiryTarget(Audited):
    """照会先.

    asked_as     the inquiry's choices by which the section is asked: ["leads", "body:kanjikai"]
    coordinator  the department's 庶務担当課, which compiles this answer; None: it goes past none
    version      what a section was shown anew (再開); else what the inquiry showed
    request      the chief's approval of the answer last submitted
    wanted_on    until when the section asks for more time (期限延長の申出), and because of what
    """

    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="targets")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    coordinator = models.ForeignKey(Section, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(PlanVersion, null=True, on_delete=models.PROTECT, related_name="+")
    asked_as = models.JSONField(default=list)
    due_on = models.DateField()
    wanted_on = models.DateField(null=True)
    wanted_because = models.TextField(blank=True)
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

    says_something = False  # parts.lock_target() tells
    asked_until: datetime | None = None  # queries_tiers.with_asked() tells
    is_steered = is_mended = has_chief = False  # views_target.visible() tells, to whoever looks

    class Meta:
        ordering = ["inquiry", "section__order", "pk"]
        permissions = [
            ("answer_inquirytarget", "照会に回答する"),
            ("compile_inquirytarget", "照会の回答をまとめる"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "section"], name="one_row_an_addressee"),
            models.CheckConstraint(
                name="target_received_by_iff_received",
                condition=Q(received_at=None, received_by=None)
                | Q(received_at__isnull=False, received_by__isnull=False),
            ),
            models.CheckConstraint(
                name="target_compiled_by_somebody",
                condition=~Q(state="compiling") | Q(coordinator__isnull=False),
            ),
            models.CheckConstraint(
                name="target_wanted_on_iff_because",
                condition=Q(wanted_on=None, wanted_because="")
                | (Q(wanted_on__isnull=False, state__in=EXTENDABLE) & ~Q(wanted_because="")),
            ),
        ]

    @property
    def within(self) -> str:
        return key_of(Revision, self.revision_id)

    @property
    def shown(self) -> PlanVersion | None:
        """The plan as the section was shown it."""
        return self.version or self.inquiry.version

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
        self._arrive(at, is_late)

    @transition(field=state, source=S.IN_REVIEW, target=S.NOT_APPLICABLE)
    def answer_not_applicable(self, *, at: datetime, is_late: bool) -> None:
        self._arrive(at, is_late)

    @transition(field=state, source=S.IN_REVIEW, target=S.COMPILING)
    def approve(self) -> None:
        """課長の承認: on to the coordinating section."""

    @transition(field=state, source=S.COMPILING, target=S.ANSWERED)
    def compile(self, *, at: datetime, is_late: bool) -> None:
        """まとめ: on to the secretariat."""
        self._arrive(at, is_late)

    @transition(field=state, source=S.COMPILING, target=S.NOT_APPLICABLE)
    def compile_not_applicable(self, *, at: datetime, is_late: bool) -> None:
        self._arrive(at, is_late)

    @transition(field=state, source=S.COMPILING, target=S.RETURNED)
    def hand_back(self, *, reason: str) -> None:
        """差戻し: by the coordinating section."""
        self.reason = reason

    @transition(field=state, source=S.IN_REVIEW, target=S.RETURNED)
    def send_back(self, *, reason: str) -> None:
        """差戻し: by the chief."""
        self.reason = reason

    @transition(field=state, source=[S.ANSWERED, S.NOT_APPLICABLE], target=S.RETURNED)
    def return_(self, *, reason: str, due_on: date) -> None:
        """差戻し: by the secretariat."""
        self.reason, self.due_on, self.answered_at, self.is_late = reason, due_on, None, False

    @transition(field=state, source=S.IN_REVIEW, target=S.RECEIVED)
    def pull_back(self) -> None:
        """引戻し."""

    @transition(field=state, source=[S.ANSWERED, S.NOT_APPLICABLE], target=S.ACCEPTED)
    def accept(self) -> None:
        """受理: the changes have reached the draft."""

    @transition(field=state, source=[*WAITING, *WRITING], target=S.WAIVED)
    def waive(self, *, reason: str) -> None:
        """回答不要."""
        self.reason = reason
        self._want_no_more()

    @transition(field=state, source=list(EXTENDABLE), target=None)
    def extend(self, *, due_on: date) -> None:
        """期限延長; it answers what the section asked for."""
        self.due_on = due_on
        self._want_no_more()

    @transition(field=state, source=list(EXTENDABLE), target=None)
    def ask_extension(self, *, until: date, because: str) -> None:
        """期限延長の申出."""
        self.wanted_on, self.wanted_because = until, because

    @transition(field=state, source=list(EXTENDABLE), target=None)
    def decline_extension(self) -> None:
        """期限を延ばさない."""
        self._want_no_more()

    @transition(field=state, source=list(TO_ACCEPT), target=None)
    def mend(self) -> None:
        """事務局による修正."""

    @transition(field=state, source=list(DONE), target=S.RETURNED)
    def reopen(self, *, reason: str, due_on: date, version: PlanVersion | None) -> None:
        """再開. version: what the section answers from now on, where the draft has its answer."""
        self.reason, self.due_on, self.answered_at, self.is_late = reason, due_on, None, False
        self.version = version or self.version

    def _arrive(self, at: datetime, is_late: bool) -> None:
        self.answered_at, self.is_late = at, is_late
        self._want_no_more()

    def _want_no_more(self) -> None:
        self.wanted_on, self.wanted_because = None, ""


class SheetAnswer(models.Model):
    """一事業についての回答.

    uid               of the project; new-1, new-2 … for those to be added
    before, proposed  a sheet as in plan/content.py, or empty
    rows              names of the rows of its tables in the form, by table (rows.py)
    dropped_as        of 廃止: the class of reason for which it is not carried over
    place             the program in which a new project is to stand: 1-2
    """

    target = models.ForeignKey(InquiryTarget, on_delete=models.PROTECT, related_name="answers")
    uid = models.SlugField(max_length=20)
    kind = models.CharField(max_length=12, choices=AnswerKind)
    before = models.JSONField(default=dict)
    proposed = models.JSONField(default=dict)
    rows = models.JSONField(default=dict)
    place = models.CharField(max_length=10, blank=True)
    dropped_as = models.CharField(max_length=10, choices=DropReason, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["uid"]
        constraints = [
            models.UniqueConstraint(fields=["target", "uid"], name="one_answer_a_sheet"),
            models.CheckConstraint(
                name="answer_dropped_as_iff_discontinue",
                condition=(Q(kind="discontinue") & ~Q(dropped_as=""))
                | (~Q(kind="discontinue") & Q(dropped_as="")),
            ),
        ]


class Remark(models.Model):
    """意見: on a place of the plan as it was shown; it becomes an opinion when accepted.

    row  its line in the workbook it came in, whose copy may come again; else empty
    """

    target = models.ForeignKey(InquiryTarget, on_delete=models.PROTECT, related_name="remarks")
    project_uid = models.SlugField(max_length=20, blank=True)
    place = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    reason = models.TextField(blank=True)
    proposal = models.TextField(blank=True)
    row = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["pk"]
