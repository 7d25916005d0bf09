from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from notifications.catalog import Notice, notice_of
from notifications.models import Delivery
from notifications.states import ChannelCode, DeliveryState
from workflow.models import OutboxEvent, User


@dataclass(frozen=True)
class Told:
    """One notice as its reader sees it."""

    event: OutboxEvent
    notice: Notice
    why: str
    read: bool


def unread(user: User) -> QuerySet[Delivery]:
    return user.deliveries.filter(channel=ChannelCode.APP, read_at=None)


def recent(user: User, *, before: int | None = None, limit: int = 50) -> list[Told]:
    """Return the newest notices first, from event `before` on backwards."""
    rows = user.deliveries.filter(channel=ChannelCode.APP).select_related("event__entry")
    if before is not None:
        rows = rows.filter(event__lt=before)
    deliveries = list(rows.order_by("-event")[:limit])
    mine = set(user.groups.values_list("pk", flat=True))
    names = names_of(d.event for d in deliveries)
    return [
        Told(d.event, notice_of(d.event), why(d.event, mine, names), d.read_at is not None)
        for d in deliveries
    ]


def wants_mail(user: User) -> bool:
    preference = getattr(user, "preference", None)
    return bool(user.is_active and user.email and (preference is None or preference.email))


def waiting_mails(at: datetime) -> QuerySet[Delivery]:
    """Return the mails whose turn has come, the longest waiting first."""
    waiting = Q(state__in=[DeliveryState.QUEUED, DeliveryState.RETRYING], next_at__lte=at)
    return Delivery.objects.filter(waiting).order_by("next_at", "id")


def recipients(events: Iterable[OutboxEvent]) -> dict[int, dict[int, bool]]:
    """Return, for every event id, the active people to tell and whether by mail too.

    The person who did it is not told of it.
    """
    events = list(events)
    groups = {group for event in events for group in event.groups}
    named = {user for event in events for user in event.users}
    members: dict[int, set[int]] = {}
    for group, user in User.groups.through.objects.filter(group__in=groups).values_list(
        "group", "user"
    ):
        members.setdefault(group, set()).add(user)
    mailed = _mailed(named.union(*members.values()))
    return {
        event.pk: {
            user: mailed[user]
            for user in set(event.users).union(*(members.get(g, set()) for g in event.groups))
            if user in mailed and user != event.entry.by_id
        }
        for event in events
    }


def names_of(events: Iterable[OutboxEvent]) -> dict[int, str]:
    """Return the names of the posts, sections and bodies that the events' groups stand for."""
    groups = {group for event in events for group in event.groups}
    rows = Group.objects.filter(pk__in=groups).values_list(
        "pk", "post__name", "section__name", "body__name", "name"
    )
    return {pk: next(name for name in found if name) for pk, *found in rows}


def why(event: OutboxEvent, mine: set[int], names: dict[int, str]) -> str:
    """Say for what the reader is told: 情報システム課長あて."""
    told = [names[group] for group in event.groups if group in mine and group in names]
    return _("%sあて") % "・".join(told) if told else _("あなたあて")


def _mailed(users: set[int]) -> dict[int, bool]:
    rows = User.objects.filter(pk__in=users, is_active=True).values_list(
        "pk", "email", "preference__email"
    )
    return {pk: bool(email) and wanted is not False for pk, email, wanted in rows}
