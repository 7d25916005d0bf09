"""滞留を読む: where each running request lies, and since when."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet

from workflow.people.models import Absence, Appointment, Post, User
from workflow.people.queries import holders_now, vacant
from workflow.people.states import UserKind
from workflow.signoff.capacity import lent_to, standing_in
from workflow.signoff.models import Request, Step
from workflow.signoff.oversight import overseen
from workflow.signoff.queries_inbox import with_due
from workflow.signoff.states import GATING, TURN, RequestState

ORDER = ("activated_at", "pk")


def watched(user: User) -> QuerySet[Request]:
    """Return the requests of the wholes that the user steers; to an auditor, all."""
    if user.kind == UserKind.AUDITOR:
        return Request.objects.all()
    return Request.objects.filter(part_of__in=overseen(user))


def lying(user: User) -> QuerySet[Step]:
    """Return the boxes that running requests wait at, for sought()."""
    running = {"request__state": RequestState.CIRCULATING, "attempt": F("request__attempt")}
    steps = Step.objects.filter(
        state__in=TURN, role__in=GATING, request__in=watched(user), **running
    )
    steps = steps.select_related("post", "request__drafter")
    return with_due(steps.select_related("request__drafter_post__section"), "request__")


def unattended(steps: QuerySet[Step], on: date) -> QuerySet[Step]:
    """Return the turns at which nobody is on the day: who held the post is gone, and whoever
    may decide in its place is not there either.
    """
    empty = vacant(on)
    return steps.filter(post__in=empty, state__in=TURN).exclude(lent_to(standing_in(empty, on)))


def sent_back(user: User, on: date) -> QuerySet[Request]:
    """Return those that lie with their drafter, with `since` and `unattended`; the longest first.

    unattended  on the day nobody holds the drafter's post, and nobody is in its section
    """
    drafts = watched(user).filter(state=RequestState.DRAFT, attempt__gt=0)
    return (
        drafts.annotate(since=Max("steps__acted_at"), unattended=~Exists(_heirs(on)))
        .select_related("drafter", "drafter_post")
        .order_by("since", "pk")
    )


def _heirs(on: date) -> QuerySet[Appointment]:
    """起案の引継ぎ, as in policies.check_is_drafter()."""
    post, section = OuterRef("drafter_post"), OuterRef("drafter_post__section")
    held = Appointment.objects.on(on).filter(user__is_active=True)
    return held.filter(Q(post=post) | Q(post__section=section))


def by_post(steps: QuerySet[Step]) -> list[Any]:
    """Return post, name, n and oldest of every post at which something lies, the most first."""
    found = steps.order_by().values("post", "post__name")
    return list(found.annotate(n=Count("pk"), oldest=Min("activated_at")).order_by("-n", "oldest"))


@dataclass(frozen=True)
class AtPost:
    """Who is at a post today."""

    names: str
    away_until: date | None

    @property
    def vacant(self) -> bool:
        return not self.names


def at_posts(on: date) -> dict[int, AtPost]:
    """Return who is at every post on the day. Two statements and the posts."""
    names = holders_now(on)
    away = dict(Absence.objects.on(on).values_list("post", "until"))
    return {
        pk: AtPost("・".join(names.get(pk, [])), away.get(pk))
        for pk in Post.objects.values_list("pk", flat=True)
    }
