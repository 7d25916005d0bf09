from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from workflow.people.models import Appointment, User
from workflow.people.queries import sections_of
from workflow.signoff.models import Request, Step
from workflow.signoff.states import StepState


def inbox(user: User, on: date) -> QuerySet[Step]:
    """Return the steps that wait for the user's posts, the longest waiting first."""
    return (
        Step.objects.filter(state=StepState.ACTIVE)
        .filter(post__in=_held(user, on))
        .select_related("request", "request__drafter_post", "post")
        .order_by("activated_at", "pk")
    )


def returned(user: User) -> QuerySet[Request]:
    """Return the user's own drafts that came back."""
    return Request.objects.filter(drafter=user, state="draft", attempt__gt=0).order_by("-pk")


def steps_now(request: Request) -> list[Step]:
    """Return the steps of the circulation now running, or of the last one."""
    return list(request.steps.filter(attempt=request.attempt).select_related("post", "acted_by"))


def last_approved(steps: list[Step]) -> Step | None:
    """Return the step approved last, which its signer may pull back until the next acts."""
    done = [s for s in steps if s.state == StepState.APPROVED]
    return max(done, key=lambda s: (s.acted_at, s.pk), default=None)


def decides(step: Step, steps: list[Step]) -> bool:
    """Tell whether the approval of an active step decides the request: nobody is left to sign."""
    left = (StepState.WAITING, StepState.ACTIVE)
    return not any(s.state in left for s in steps if s.pk != step.pk)


def readable(requests: QuerySet[Request], user: User, on: date) -> QuerySet[Request]:
    """Return the requests that the user or their section drafted, or that they sign or audit."""
    if user.kind == "auditor":
        return requests
    involved = Step.objects.filter(request=OuterRef("pk")).filter(
        Q(post__in=_held(user, on)) | Q(acted_by=user)
    )
    colleagues = Q(drafter_post__section__in=sections_of(user, on))
    return requests.filter(Q(drafter=user) | colleagues | Exists(involved))


def _held(user: User, on: date) -> QuerySet[Appointment, Any]:
    return Appointment.objects.on(on).filter(user=user).values("post")
