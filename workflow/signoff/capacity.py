"""Whose items a person works on: those of their posts, and of absent deciders they stand in for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from workflow.authority.states import StepRole
from workflow.people.models import Absence, Appointment, Deputy, Post, User
from workflow.people.states import DeputyKind


@dataclass(frozen=True)
class Capacity:
    """The posts on whose items a person works on a day.

    own       ids of the posts they hold
    deputies  registrations under which they are next to decide for an absent post
    """

    user: User
    on: date
    own: tuple[int, ...]
    deputies: tuple[Deputy, ...] = ()

    @property
    def posts(self) -> Q:
        return Q(post__in=self.own)

    @property
    def lent(self) -> Q:
        """Steps of others."""
        return lent_to(self.deputies)

    @property
    def theirs(self) -> Q:
        return self.posts | self.lent if self.deputies else self.posts

    def acting_for(self, post_id: int) -> Deputy | None:
        """Return in which right they act on an item of the post; None when it is their own."""
        if post_id in self.own:
            return None
        return next((deputy for deputy in self.deputies if deputy.post_id == post_id), None)


def lent_to(deputies: Iterable[Deputy]) -> Q:
    """Return the deciders' steps that the registrations are for.

    What bars a substitute (重要・異例…) is left to its decider.
    """
    found = Q(pk__in=[])
    for deputy in deputies:
        theirs = Q(post=deputy.post_id, role=StepRole.DECIDER)
        if deputy.scope:
            theirs &= Q(request__kind__in=deputy.scope)
        if deputy.kind == DeputyKind.SUBSTITUTE:
            theirs &= Q(request__flags=[])
        found |= theirs
    return found


def standing_in(posts: QuerySet[Post], on: date) -> QuerySet[Deputy]:
    """Return the registrations of the day for some posts under which somebody is there."""
    return Deputy.objects.on(on).filter(post__in=posts).exclude(_absent("deputy", on))


def capacity_of(user: User, on: date) -> Capacity:
    """Two statements."""
    own = tuple(Appointment.objects.on(on).filter(user=user).values_list("post", flat=True))
    return Capacity(user, on, own, tuple(_next_in_line(own, on)))


def _next_in_line(own: tuple[int, ...], on: date) -> Iterator[Deputy]:
    """Yield the user's registrations for absent posts for which nobody before them is there."""
    there, mine = set[tuple[int, str]](), Deputy.objects.on(on).filter(deputy__in=own)
    rows = standing_in(Post.objects.filter(pk__in=mine.values("post")), on)
    for row in rows.filter(_absent("post", on)).select_related("post").order_by("kind", "order"):
        if row.deputy_id in own and (row.post_id, row.kind) not in there:
            yield row
        if not row.scope:
            there.add((row.post_id, row.kind))


def _absent(post: str, on: date) -> Q:
    """The holder of the post is away on the day, or nobody holds it."""
    away = Absence.objects.on(on).filter(post=OuterRef(post))
    held = Appointment.objects.on(on).filter(post=OuterRef(post), user__is_active=True)
    return Q(Exists(away)) | ~Q(Exists(held))
