"""職員・組織: posts are held by appointment; groups of posts, sections, bodies carry grants."""

from datetime import date
from typing import Any, Self

from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflow.audit.models import Audited
from workflow.people.states import (
    BodyKind,
    MinutesSigners,
    Quorum,
    QuorumBase,
    Rank,
    SeatRole,
    UserKind,
)


class User(AbstractUser, Audited):
    """職員・委員: somebody who signs in. Rights come from appointments, never from the person."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("氏名"), max_length=80)
    kind = models.CharField(max_length=10, choices=UserKind, default=UserKind.STAFF)

    def __str__(self) -> str:
        return self.name or self.username


class Department(models.Model):
    """部."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class Section(models.Model):
    """課."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="sections")
    is_coordinating = models.BooleanField(_("庶務担当課"), default=False)
    order = models.PositiveSmallIntegerField(default=0)
    group = models.OneToOneField(Group, on_delete=models.PROTECT)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """職: what a right belongs to."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    rank = models.CharField(max_length=20, choices=Rank)
    section = models.ForeignKey(Section, null=True, on_delete=models.PROTECT, related_name="posts")
    department = models.ForeignKey(
        Department, null=True, on_delete=models.PROTECT, related_name="posts"
    )
    order = models.PositiveSmallIntegerField(default=0)
    group = models.OneToOneField(Group, on_delete=models.PROTECT)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class Dated(models.QuerySet[Any]):
    """Rows with `since` and `until`, both counted; an open end is no `until`."""

    def on(self, day: date) -> Self:
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


def dated(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name, condition=Q(until=None) | Q(until__gte=models.F("since"))
    )


class Appointment(models.Model):
    """発令: a person holds a post from a day to a day."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="appointments")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    is_concurrent = models.BooleanField(_("兼務"), default=False)

    objects = Dated.as_manager()

    class Meta:
        constraints = [
            dated("appointment_ends_after_it_begins"),
            models.UniqueConstraint(fields=["user", "post", "since"], name="appointed_once"),
        ]


class Body(models.Model):
    """会議体."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=30, choices=BodyKind)
    order = models.PositiveSmallIntegerField(default=0)
    group = models.OneToOneField(Group, on_delete=models.PROTECT)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class BodyRule(models.Model):
    """会議体の規程: how it meets and decides, valid from a day, with the text of its source."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="rules")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)
    quorum = models.CharField(max_length=20, choices=Quorum, default=Quorum.NONE)
    base = models.CharField(max_length=20, choices=QuorumBase, default=QuorumBase.IN_OFFICE)
    seats = models.PositiveSmallIntegerField(null=True, blank=True)
    chair_votes_first = models.BooleanField(default=False)
    minutes_signers = models.CharField(
        max_length=20, choices=MinutesSigners, default=MinutesSigners.NONE
    )

    objects = Dated.as_manager()

    class Meta:
        constraints = [dated("body_rule_ends_after_it_begins")]


class Seat(models.Model):
    """構成員: a post sits in a body."""

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="seats")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="seats")
    role = models.CharField(max_length=10, choices=SeatRole, default=SeatRole.MEMBER)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        constraints = [dated("seat_ends_after_it_begins")]
