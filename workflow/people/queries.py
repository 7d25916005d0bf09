from datetime import date

from django.db.models import Case, QuerySet, Value, When
from django.utils.translation import gettext as _

from workflow.errors import NotAllowed
from workflow.people.models import Appointment, Body, BodyRule, Post, Seat, Section, User


def posts_held(user: User, on: date) -> QuerySet[Post]:
    """Return the posts the user holds on the day, the principal one first."""
    return (
        Post.objects.filter(appointments__in=Appointment.objects.on(on).filter(user=user))
        .select_related("section", "department")
        .order_by("appointments__is_concurrent", "order", "pk")
    )


def principal_post(user: User, on: date) -> Post:
    """Return the post in whose name the user acts when the right belongs to no single post.

    raises  NotAllowed when the user holds none on the day
    """
    post = posts_held(user, on).first()
    if post is None:
        raise NotAllowed(_("現在、職に就いていないため、操作できません。"))
    return post


def holders(post: Post, on: date) -> QuerySet[User]:
    return User.objects.filter(appointments__in=Appointment.objects.on(on).filter(post=post))


def chief_of(section: Section) -> Post | None:
    return section.posts.filter(rank="section_chief").order_by("order", "pk").first()


def rule_of(body: Body, on: date) -> BodyRule | None:
    return BodyRule.objects.on(on).filter(body=body).order_by("-since").first()


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
