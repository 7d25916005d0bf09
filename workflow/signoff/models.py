"""決裁: a request circulates over frozen content; posts sign its steps."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from workflow.audit.models import Audited, Evidence
from workflow.authority.states import StepRole
from workflow.people.models import Post
from workflow.people.states import DeputyKind
from workflow.signoff.marks import Mark
from workflow.signoff.models_record import Recorded
from workflow.signoff.states import (
    DECIDING,
    GATING,
    PULLING,
    RETURNING,
    SIGNED,
    SIGNING,
    TURN,
    WORDS,
    Meaning,
    RequestState,
    StepState,
)

R, S, Role = RequestState, StepState, StepRole


def _is(*roles: StepRole) -> Callable[[Any], bool]:
    """Let a transition be for steps of these roles only."""
    return lambda step: step.role in roles


class Content(Evidence):
    """決裁の対象: exactly the bytes that are signed, found by their SHA-256."""

    sha256 = models.CharField(max_length=64, unique=True)
    body = models.TextField()


class Request(Audited, Recorded):
    """起案・決裁. What happens in the domain when it is decided stands in signoff/kinds.py."""

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    link = models.CharField(max_length=200)
    part_of = models.CharField(max_length=80)
    matter = models.CharField(max_length=80, blank=True)
    asked_for_on = models.DateField(null=True)
    content = models.ForeignKey(Content, on_delete=models.PROTECT)
    drafter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    drafter_post = models.ForeignKey(Post, on_delete=models.PROTECT)
    state = FSMField(choices=R, default=R.DRAFT, protected=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    submitted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    decided_on = models.DateField(null=True)

    drafter_left = False  # the post in which it was drafted; lock.py tells

    class Meta:
        indexes = [
            models.Index(fields=["drafter", "-id"], name="request_drafted"),
            models.Index(
                fields=["part_of"], name="request_running", condition=Q(state="circulating")
            ),
            models.Index(fields=["-id"], name="request_returned", condition=Q(state="draft")),
            models.Index(fields=["matter"], name="request_matter", condition=~Q(matter="")),
        ]
        constraints = [
            *Recorded.Meta.constraints,
            models.CheckConstraint(
                name="request_ended_iff_ended_at",
                condition=Q(state__in=["decided", "rejected", "withdrawn"], ended_at__isnull=False)
                | Q(state__in=["draft", "circulating"], ended_at=None),
            ),
            models.CheckConstraint(
                name="request_decided_iff_decided_on",
                condition=Q(state="decided", decided_on__isnull=False)
                | (~Q(state="decided") & Q(decided_on=None)),
            ),
        ]

    @property
    def within(self) -> str:
        return self.part_of

    @transition(field=state, source=R.DRAFT, target=R.CIRCULATING)
    def circulate(self, *, content: Content, at: datetime) -> None:
        """回議に付す. Every circulation has its own steps."""
        self.content, self.submitted_at, self.attempt = content, at, self.attempt + 1

    @transition(field=state, source=R.CIRCULATING, target=R.DECIDED)
    def decide(self, *, at: datetime, on: date) -> None:
        self.ended_at, self.decided_on = at, on

    @transition(field=state, source=R.DRAFT, target=R.DECIDED)
    def back_enter(self, *, at: datetime, on: date) -> None:
        """後日登録: it was decided on paper."""
        self.ended_at, self.decided_on = at, on

    @transition(field=state, source=R.CIRCULATING, target=R.REJECTED)
    def reject(self, *, at: datetime) -> None:
        self.ended_at = at

    @transition(field=state, source=R.CIRCULATING, target=R.DRAFT)
    def return_to_drafter(self) -> None:
        """差戻し、または起案者の引戻し."""

    @transition(field=state, source=R.CIRCULATING, target=R.CIRCULATING)
    def rewind(self) -> None:
        """最後の承認者の引戻し、または途中の欄への差戻し."""

    @transition(field=state, source=[R.DRAFT, R.CIRCULATING], target=R.WITHDRAWN)
    def withdraw(self, *, at: datetime) -> None:
        self.ended_at = at


class Step(models.Model):
    """決裁欄: one post's turn. Steps of the same order run side by side (合議).

    needed    how many of its order must agree; 0 when all of them must
    entry     seq of the act that left it as it is, in the request's chain
    acted_as  "" or a DeputyKind: `acted_by` did it in `acted_post`, for the holder of `post`
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="steps")
    attempt = models.PositiveSmallIntegerField()
    order = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=12, choices=StepRole)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    needed = models.PositiveSmallIntegerField(default=0)
    state = FSMField(choices=S, default=S.WAITING, protected=True)
    activated_at = models.DateTimeField(null=True)
    acted_at = models.DateTimeField(null=True)
    acted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    acted_post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    acted_as = models.CharField(max_length=12, choices=DeputyKind, blank=True)
    entry = models.PositiveIntegerField(null=True)
    comment = models.TextField(blank=True)

    # How things are for who asks, on the day: queries.steps_of() tells. Not told is not allowed.
    mine = False
    manned = True
    away = False

    class Meta:
        ordering = ["attempt", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "attempt", "order", "post"], name="step_once_a_circulation"
            ),
            models.CheckConstraint(
                name="step_acted_iff_acted_at_and_by",
                condition=Q(
                    state__in=[
                        "held",
                        "approved",
                        "concurred",
                        "dissented",
                        "sent_back",
                        "rejected",
                        "post_reviewed",
                        "read",
                    ],
                    acted_at__isnull=False,
                    acted_by__isnull=False,
                )
                | Q(
                    state__in=["waiting", "active", "post_review_due", "closed"],
                    acted_at=None,
                    acted_by=None,
                ),
            ),
            models.CheckConstraint(
                name="step_acted_for_another_in_a_post",
                condition=Q(acted_as="", acted_post=None)
                | (~Q(acted_as="") & Q(acted_post__isnull=False, role="decider")),
            ),
            models.UniqueConstraint(
                name="step_one_decides",
                fields=["request", "attempt"],
                condition=Q(role="decider", state="approved"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["post", "activated_at"],
                name="step_inbox",
                condition=Q(state__in=["active", "held", "post_review_due"]),
            ),
            models.Index(
                fields=["acted_by", "-acted_at", "-id"],
                name="step_done",
                condition=Q(acted_by__isnull=False),
            ),
        ]

    @property
    def word(self) -> str:
        """The state as the office calls it in this role."""
        if self.state == S.CONCURRED and self.comment:
            return str(Meaning.CONCURRED_WITH_OPINION.label)
        return str(WORDS.get((Role(self.role), S(self.state))) or self.get_state_display())

    @transition(field=state, source=S.WAITING, target=S.ACTIVE)
    def activate(self, *, at: datetime) -> None:
        self.activated_at = at

    @transition(field=state, source=TURN, target=S.APPROVED, conditions=[_is(*SIGNING)])
    def approve(self, mark: Mark) -> None:
        self._take(mark)

    @transition(field=state, source=TURN, target=S.CONCURRED, conditions=[_is(Role.CONCURRENCE)])
    def concur(self, mark: Mark) -> None:
        self._take(mark)

    @transition(field=state, source=TURN, target=S.DISSENTED, conditions=[_is(Role.CONCURRENCE)])
    def dissent(self, mark: Mark) -> None:
        """不同意. It stops nothing; the decider reads it."""
        self._take(mark)

    @transition(field=state, source=TURN, target=S.SENT_BACK, conditions=[_is(*GATING)])
    def send_back(self, mark: Mark) -> None:
        self._take(mark)

    @transition(field=state, source=TURN, target=S.WAITING, conditions=[_is(*RETURNING)])
    def return_turn(self, mark: Mark) -> None:
        """途中の欄への差戻し. The step waits for its turn again."""
        self._empty(mark)

    @transition(field=state, source=TURN, target=S.REJECTED, conditions=[_is(*DECIDING)])
    def reject(self, mark: Mark) -> None:
        self._take(mark)

    @transition(field=state, source=S.ACTIVE, target=S.HELD, conditions=[_is(*GATING)])
    def hold(self, mark: Mark) -> None:
        """保留. Its reason and since when stand in the box until somebody acts."""
        self._take(mark)

    @transition(field=state, source=S.HELD, target=S.ACTIVE)
    def resume(self, mark: Mark) -> None:
        self._empty(mark)

    @transition(field=state, source=S.WAITING, target=S.APPROVED, conditions=[_is(*PULLING)])
    def pull_up(self, mark: Mark) -> None:
        """引き上げ承認. It signs before its turn."""
        self._take(mark)

    @transition(field=state, source=[S.WAITING, *TURN], target=S.POST_REVIEW_DUE)
    def pass_over(self, mark: Mark) -> None:
        """後閲に回す. The circulation goes on without it."""
        self._empty(mark)

    @transition(field=state, source=S.POST_REVIEW_DUE, target=S.POST_REVIEWED)
    def post_review(self, mark: Mark) -> None:
        self._take(mark)

    @transition(field=state, source=S.ACTIVE, target=S.READ, conditions=[_is(Role.INFORMED)])
    def read(self, mark: Mark) -> None:
        self._take(mark)

    @transition(field=state, source=[*SIGNED, S.CLOSED, S.POST_REVIEW_DUE], target=S.WAITING)
    def reopen(self, mark: Mark) -> None:
        """引戻し・途中の欄への差戻し. The signature stays; the box is empty again."""
        self._empty(mark)

    @transition(field=state, source=TURN, target=S.WAITING)
    def deactivate(self, mark: Mark) -> None:
        """The turn went back to a step before."""
        self._empty(mark)

    @transition(field=state, source=[S.WAITING, *TURN, S.POST_REVIEW_DUE], target=S.CLOSED)
    def close(self, mark: Mark) -> None:
        """The circulation, or its order, ended before their turn."""
        self._empty(mark)

    def _take(self, mark: Mark) -> None:
        self.acted_by, self.acted_at, self.comment = mark.by, mark.at, mark.said
        self.acted_as = mark.right.acting_as
        self.acted_post = mark.right.post if mark.right.acting_as else None
        self.entry = mark.number

    def _empty(self, mark: Mark) -> None:
        self.acted_by, self.acted_at, self.comment = None, None, ""
        self.acted_as, self.acted_post, self.entry = "", None, mark.number


class Signature(Evidence):
    """署名: who, as which post, meant what, over which bytes, when."""

    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="signatures")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    meaning = models.CharField(max_length=24, choices=Meaning)
    at = models.DateTimeField()
    statement = models.TextField()
    sha256 = models.CharField(max_length=64)
