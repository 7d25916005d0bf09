import json
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from workflow.authority.states import StepRole
from workflow.people.models import Absence, Appointment, Deputy, User
from workflow.people.queries import sections_of
from workflow.signoff.models import Content, Request, Signature, Step
from workflow.signoff.models_record import Reading
from workflow.signoff.states import TURN, StepState

WANTED = (*TURN, StepState.POST_REVIEW_DUE)
INFORMED = (StepState.ACTIVE, StepState.READ)


def returned(user: User) -> QuerySet[Request]:
    """Return the drafts that came back and are theirs to mend (policies.check_is_drafter)."""
    back = Request.objects.filter(state="draft", attempt__gt=0)
    return back.filter(_theirs(user)).order_by("-pk")


def steps_now(request: Request) -> list[Step]:
    """Return the steps of the circulation now running, or of the last one."""
    steps = request.steps.filter(attempt=request.attempt)
    return list(steps.select_related("post", "acted_by", "acted_post"))


def steps_of(request: Request, user: User, on: date) -> QuerySet[Step]:
    """Return a request's steps as they are on the day for the user."""
    told = as_on(request.steps.all(), user.pk, on)
    return told.select_related("request__content", "acted_by", "acted_post")


def as_on(steps: QuerySet[Step], user_id: int | None, on: date) -> QuerySet[Step]:
    """Tell of each step how it stands on the day for a user; None for the clock.

    mine    the user holds its post
    manned  somebody does who can sign in
    away    an absence covers the day
    """
    at_post = Appointment.objects.on(on).filter(post=OuterRef("post"))
    how = {
        "mine": Exists(at_post.filter(user=user_id)),
        "manned": Exists(at_post.filter(user__is_active=True)),
        "away": Exists(Absence.objects.on(on).filter(post=OuterRef("post"))),
    }
    return steps.annotate(**how).select_related("post")


class Standby(NamedTuple):
    """A deputy as registered; mine: the user holds their post; there: somebody not absent does."""

    rule: Deputy
    mine: bool
    there: bool


def deputies(step: Step, user: User, on: date) -> list[Standby]:
    return deputies_of([step], user, on)[step.pk]


def deputies_of(steps: Collection[Step], user: User | None, on: date) -> dict[int, list[Standby]]:
    """Return who was ever registered to act for the post of each step (id), in their order.

    Not the post that drafted the request: nobody decides their own draft in another's place.
    One statement.
    """
    at_post = Appointment.objects.on(on).filter(post=OuterRef("deputy"), user__is_active=True)
    away = Absence.objects.on(on).filter(post=OuterRef("deputy"))
    how = {"mine": Exists(at_post.filter(user=user)), "there": Exists(at_post) & ~Exists(away)}
    registered = Deputy.objects.filter(post__in={s.post_id for s in steps}, in_force=True)
    rules = registered.annotate(**how).select_related("deputy__group")
    found: list[Any] = list(rules.order_by("kind", "order", "pk"))
    return {
        step.pk: [
            Standby(rule, rule.mine, rule.there)
            for rule in found
            if rule.post_id == step.post_id and rule.deputy_id != step.request.drafter_post_id
        ]
        for step in steps
    }


def is_deputy_of_any(user: User, posts: list[int], on: date) -> bool:
    """Tell whether the user is registered for the day to act for one of the posts."""
    return Deputy.objects.on(on).filter(post__in=posts, deputy__in=_held(user, on)).exists()


def readable(requests: QuerySet[Request], user: User, on: date) -> QuerySet[Request]:
    """Return the requests that the user or their section drafted, or that they sign or audit.

    Those whom they inform (供覧) read what was decided; a deputy of the decider reads along.
    """
    if user.kind == "auditor":
        return requests
    involved = Step.objects.filter(request=OuterRef("pk")).filter(
        Q(post__in=_held(user, on)) & (~Q(role=StepRole.INFORMED) | Q(state__in=INFORMED))
        | Q(acted_by=user)
        | _deputised(user, on)
    )
    colleagues = Q(drafter_post__section__in=sections_of(user, on))
    return requests.filter(Q(drafter=user) | colleagues | Exists(involved))


def opened(user: User, requests: Iterable[Request]) -> set[int]:
    """Return the ids of those whose content of now the user has opened in this circulation."""
    now = {"attempt": F("request__attempt"), "content": F("request__content")}
    read = Reading.objects.filter(user=user, request__in=[r.pk for r in requests], **now)
    return set(read.values_list("request", flat=True))


def has_opened(user: User, request: Request) -> bool:
    return bool(opened(user, [request]))


def last_seen(user: User, request: Request) -> Content | None:
    """Return what the user opened or signed last of it before this circulation: of the request, or
    of an earlier one on the same matter, which was decided and asked for again."""
    before = _before(request)
    if request.attempt <= 1 and len(before) == 1:
        return None
    read = Reading.objects.filter(user=user, request__in=before)
    read = read.exclude(request=request, attempt__gte=request.attempt)
    last = read.order_by("-request", "-attempt").first()
    signed = Signature.objects.filter(signer=user, step__request__in=before)
    signed = signed.exclude(step__request=request, step__attempt__gte=request.attempt)
    signature = (
        signed.select_related("step").order_by("-step__request", "-step__attempt", "-pk").first()
    )
    if signature and (last is None or _when(signature.step) > _when(last)):
        statement = json.loads(signature.statement)
        return Content.objects.get(sha256=statement["content_sha256"])
    return last.content if last else None


def _before(request: Request) -> list[int]:
    """Return the ids of the request and of those before it on its matter."""
    if not request.matter or request.corrects_id:
        return [request.pk]
    same = Request.objects.filter(kind=request.kind, matter=request.matter, pk__lte=request.pk)
    return list(same.values_list("pk", flat=True))


def _when(circulated: Step | Reading) -> tuple[int, int]:
    return circulated.request_id, circulated.attempt


def _deputised(user: User, on: date) -> Q:
    """Deciders' steps whose post is left to a deputy on the day, and the user is registered."""
    mine = Deputy.objects.on(on).filter(deputy__in=_held(user, on)).values("post")
    away = Absence.objects.on(on).filter(post=OuterRef("post"))
    manned = Appointment.objects.on(on).filter(post=OuterRef("post"), user__is_active=True)
    return Q(role=StepRole.DECIDER, post__in=mine) & (Q(Exists(away)) | Q(~Exists(manned)))


def _held(user: User, on: date) -> QuerySet[Appointment, Any]:
    return Appointment.objects.on(on).filter(user=user).values("post")


def _theirs(user: User) -> Q:
    """What the user drafted in a post they hold, and what others drafted in it who have left.

    A post that nobody holds is its section's.
    """
    members = User.groups.through.objects.filter(user__is_active=True)
    held = members.filter(group=OuterRef("drafter_post__group"))
    mine = user.groups.values("pk")
    in_post = Q(drafter_post__group__in=mine)
    in_section = Q(drafter_post__section__group__in=mine)
    left = ~Exists(held.filter(user=OuterRef("drafter")))
    return (in_post & (Q(drafter=user) | left)) | (in_section & ~Exists(held))
