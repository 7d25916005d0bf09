"""職員・組織: posts are held by appointment; groups of posts, sections, bodies carry grants."""

from datetime import date
from typing import Any, Self

from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflow.audit.models import Audited
from workflow.people.regular import Regular, words_of
from workflow.people.states import (
    BodyKind,
    DeputyKind,
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


class Department(Audited):
    """部. organ: the 執行機関 that it serves (教育委員会…); "" for the mayor's own (市長部局)."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    organ = models.CharField(_("執行機関"), max_length=40, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class Sections(models.QuerySet["Section"]):
    def on(self, day: date) -> Self:
        return self.filter(Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gte=day))


class Section(Audited):
    """課. An open beginning or end is no date."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="sections")
    is_coordinating = models.BooleanField(_("庶務担当課"), default=False)
    symbol = models.CharField(_("文書記号"), max_length=20, blank=True)
    extension = models.CharField(_("内線番号"), max_length=20, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    group = models.OneToOneField(Group, on_delete=models.PROTECT)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    objects = Sections.as_manager()

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                name="section_ends_after_it_begins",
                condition=Q(since=None) | Q(until=None) | Q(until__gte=models.F("since")),
            )
        ]

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


class InForce(Dated):
    """Dated rows that may be taken back; the row stays, since acts were done by it."""

    def on(self, day: date) -> Self:
        return super().on(day).filter(in_force=True)


def dated(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name, condition=Q(until=None) | Q(until__gte=models.F("since"))
    )


class ClassMember(models.Model):
    """課の総称 (各施設所管課等): a section belongs to a class, by the class's name."""

    class_name = models.CharField(max_length=60)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="classes")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = Dated.as_manager()

    class Meta:
        ordering = ["class_name", "section"]
        constraints = [
            dated("class_member_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["class_name", "section", "since"], name="class_member_once"
            ),
        ]


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


class Body(Audited):
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
    """会議体の規程: how it meets and decides, valid from a day, with the text of its source.

    notice_days  a meeting is convened this many days before it is held; 0 when no rule says so
    regular      定例日, as people/regular.py keeps them; {} when it meets as the need arises
    """

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
    notice_days = models.PositiveSmallIntegerField(default=0)
    regular = models.JSONField(default=dict, blank=True)

    objects = Dated.as_manager()

    class Meta:
        constraints = [dated("body_rule_ends_after_it_begins")]

    @property
    def regular_words(self) -> str:
        found = Regular.kept(self.regular)
        return words_of(found) if found else ""


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


class Deputy(Audited):
    """代決・職務代理の登録: by which rule, and in which order, one post acts for another.

    scope   kinds of request (signoff/kinds.py) that it is for; empty for all
    source  text of the rule
    """

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="deputies")
    deputy = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="deputy_for")
    kind = models.CharField(max_length=12, choices=DeputyKind)
    order = models.PositiveSmallIntegerField(default=1)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    scope = models.JSONField(default=list, blank=True)
    source = models.CharField(max_length=200)
    in_force = models.BooleanField(default=True)

    objects = InForce.as_manager()

    class Meta:
        ordering = ["post__order", "post", "kind", "order", "since"]
        constraints = [
            dated("deputy_ends_after_it_begins"),
            models.CheckConstraint(
                name="deputy_of_another_post", condition=~Q(deputy=models.F("post"))
            ),
            models.CheckConstraint(name="deputy_order_from_one", condition=Q(order__gte=1)),
            models.UniqueConstraint(
                fields=["post", "kind", "order", "since"],
                condition=Q(in_force=True),
                name="deputy_once_an_order",
            ),
        ]


class Absence(Audited):
    """不在: whoever holds the post is absent on these days, both counted."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="absences")
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=200)
    in_force = models.BooleanField(default=True)

    objects = InForce.as_manager()

    class Meta:
        ordering = ["since", "post__order", "pk"]
        constraints = [
            dated("absence_ends_after_it_begins"),
            models.UniqueConstraint(
                fields=["post", "since"], condition=Q(in_force=True), name="absent_once"
            ),
        ]
