from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from workflow.people.models import (
    Absence,
    Appointment,
    Body,
    BodyRule,
    ClassMember,
    Deputy,
    Post,
    Seat,
    Section,
    User,
)
from workflow.people.states import Rank, UserKind


def group_names(groups: Collection[int]) -> dict[int, str]:
    """Return the names of the posts, sections and bodies that groups (ids) stand for."""
    rows = Group.objects.filter(pk__in=groups).values_list(
        "pk", "post__name", "section__name", "body__name", "name"
    )
    return {pk: next(name for name in found if name) for pk, *found in rows}


def posts_held(user: User | int, on: date) -> QuerySet[Post]:
    """Return the posts the user holds on the day, the principal one first."""
    return (
        Post.objects.filter(appointments__in=Appointment.objects.on(on).filter(user=user))
        .select_related("section", "department")
        .order_by("appointments__is_concurrent", "order", "pk")
    )


def posts_answered_for(user: User, on: date) -> QuerySet[Post]:
    """Return the posts that the user holds on the day, and those of the sections they lead."""
    held = posts_held(user, on).order_by()
    led = held.filter(rank=Rank.SECTION_CHIEF).values("section")
    return Post.objects.filter(Q(pk__in=held.values("pk")) | Q(section__in=led))


def vacant(on: date) -> QuerySet[Post]:
    """Return the posts that nobody holds on the day who can sign in (欠員)."""
    held = Appointment.objects.on(on).filter(post=OuterRef("pk"), user__is_active=True)
    return Post.objects.filter(~Exists(held))


def holders(post: Post, on: date) -> QuerySet[User]:
    return User.objects.filter(appointments__in=Appointment.objects.on(on).filter(post=post))


def classes_on(day: date) -> dict[str, list[str]]:
    """Return class name → codes of its sections on the day, in the order of the office."""
    found: dict[str, list[str]] = {}
    members = ClassMember.objects.on(day).filter(section__in=Section.objects.on(day))
    rows = members.order_by("class_name", "section__order", "section_id")
    for name, code in rows.values_list("class_name", "section__code").distinct():
        found.setdefault(name, []).append(code)
    return found


def chiefs() -> QuerySet[Post]:
    return Post.objects.filter(rank=Rank.SECTION_CHIEF).order_by("order", "pk")


def chief_of(section: Section) -> Post | None:
    return chiefs().filter(section=section).first()


def rule_of(body: Body, on: date) -> BodyRule | None:
    return BodyRule.objects.on(on).filter(body=body).order_by("-since").first()


def rules_on(day: date) -> dict[int, BodyRule]:
    """Return the rule of every body (id) that has one on the day."""
    return {rule.body_id: rule for rule in BodyRule.objects.on(day).order_by("since")}


def next_rule(body: Body, last: BodyRule | None) -> BodyRule:
    """Return a rule yet to be saved, in all as the last one, which it follows."""
    if last is None:
        return BodyRule(body=body)
    kept = {f.attname: getattr(last, f.attname) for f in BodyRule._meta.concrete_fields}
    return BodyRule(**kept | {"id": None, "until": None})


def roster(body: Body, on: date) -> QuerySet[Seat]:
    """Return the seats of the body that somebody holds on the day, the chair first."""
    held = Appointment.objects.on(on).values("post")
    return (
        Seat.objects.on(on)
        .filter(body=body, post__in=held)
        .select_related("post")
        .order_by(_chair_first(), "post__order", "pk")
    )


def _chair_first() -> Case:
    return Case(
        When(role="chair", then=Value(0)), When(role="deputy", then=Value(1)), default=Value(2)
    )


def sections_of(user: User, on: date) -> QuerySet[Section]:
    return Section.objects.filter(
        posts__appointments__in=Appointment.objects.on(on).filter(user=user)
    ).distinct()


def memberships(on: date) -> dict[int, set[int]]:
    """Return, for every user id, the ids of the groups that the day's appointments give."""
    found: dict[int, set[int]] = {}
    held = Appointment.objects.on(on).select_related("post", "post__section")
    seats: dict[int, set[int]] = {}
    for post_id, group_id in Seat.objects.on(on).values_list("post", "body__group"):
        seats.setdefault(post_id, set()).add(group_id)
    for appointment in held:
        post = appointment.post
        groups = found.setdefault(appointment.user_id, set())
        groups.add(post.group_id)
        groups |= seats.get(post.pk, set())
        if post.section:
            groups.add(post.section.group_id)
    return found


def is_absent(post: Post, on: date) -> bool:
    """Tell whether an absence covers the day, or nobody holds the post (欠けたとき).

    Who can't sign in any more holds nothing.
    """
    away = Absence.objects.on(on).filter(post=OuterRef("pk"))
    held = Appointment.objects.on(on).filter(post=OuterRef("pk"), user__is_active=True)
    return Post.objects.filter(Exists(away) | ~Exists(held), pk=post.pk).exists()


def deputies_of(post: Post, on: date) -> list[Deputy]:
    """Return who is registered to act for the post on the day, in their order."""
    rows = Deputy.objects.on(on).filter(post=post)
    return list(rows.select_related("post", "deputy__group").order_by("order", "kind", "pk"))


def absences_from(day: date) -> QuerySet[Absence]:
    """Return the absences of the day and those still to come, the nearest first."""
    return Absence.objects.filter(in_force=True, until__gte=day).select_related("post")


def deputies_from(day: date) -> QuerySet[Deputy]:
    """Return the registrations that hold on the day or later, post by post."""
    rows = Deputy.objects.filter(Q(until=None) | Q(until__gte=day), in_force=True)
    return rows.select_related("post", "deputy").order_by(
        "post__order", "post", "-kind", "order", "since"
    )


def holders_now(on: date, posts: Collection[int] | None = None) -> dict[int, list[str]]:
    """Return the names of who holds each of `posts` (ids), or every post, on the day."""
    found: dict[int, list[str]] = {}
    held = Appointment.objects.on(on).filter(user__is_active=True)
    if posts is not None:
        held = held.filter(post__in=posts)
    for post_id, name in held.order_by("is_concurrent", "pk").values_list("post", "user__name"):
        found.setdefault(post_id, []).append(name)
    return found


def absent_among(posts: Collection[int], on: date) -> set[int]:
    """Return which of `posts` (ids) an absence covers on the day."""
    return set(Absence.objects.on(on).filter(post__in=posts).values_list("post", flat=True))


class Presence(NamedTuple):
    """away: an absence covers the day; manned: somebody holds the post who can sign in."""

    away: bool
    manned: bool


def presence_of(posts: Collection[int], on: date) -> dict[int, Presence]:
    """Return how each of `posts` (ids) is on the day. One statement."""
    held = Appointment.objects.on(on).filter(post=OuterRef("pk"), user__is_active=True)
    away = Absence.objects.on(on).filter(post=OuterRef("pk"))
    how = {"away": Exists(away), "manned": Exists(held)}
    rows = Post.objects.filter(pk__in=posts).annotate(**how).values_list("pk", *how)
    return {pk: Presence(*found) for pk, *found in rows}


def posts_of(users: Collection[int], on: date) -> dict[int, list[Post]]:
    """Return the posts that each of `users` (ids) holds on the day, the principal one first."""
    found: dict[int, list[Post]] = {}
    held = Appointment.objects.on(on).filter(user__in=users).select_related("post")
    for appointment in held.order_by("is_concurrent", "post__order", "pk"):
        found.setdefault(appointment.user_id, []).append(appointment.post)
    return found


def administrators() -> list[int]:
    """Return the ids of those who administer."""
    kept = User.objects.filter(kind=UserKind.ADMIN, is_active=True)
    return list(kept.values_list("pk", flat=True))


def personnel_group() -> Group | None:
    """人事の担当課."""
    return Group.objects.filter(section__code=settings.PERSONNEL_SECTION).first()
