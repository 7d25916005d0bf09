from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.models import Delivery
from notifications.states import ChannelCode, Topic, Way
from workflow.models import OutboxEvent, User
from workflow.people.queries import group_names

NAMED: dict[str, Any] = {
    "signoff": gettext_lazy("起案や決裁をした、あなたあて"),
    "people": gettext_lazy("異動した、あなたあて"),
    "transfer": gettext_lazy("システム管理者の、あなたあて"),
}
"""As whom somebody is told who is named, by the area of the kind."""


OUTCOMES = frozenset({"vacant", "pull_up"})
"""Acts that are asked of whoever did it as well: they can't know that they reached nobody."""


@dataclass(frozen=True)
class Wish:
    """How a person is told: whether by mail at all, the way of a topic, the hour of the digest."""

    mailed: bool
    ways: dict[str, str]
    hour: int

    def way(self, topic: Topic) -> Way:
        return Way(self.ways.get(topic, Way.DIGEST)) if self.mailed else Way.APP

    def chosen(self) -> dict[str, Any]:
        """Return topic → way, and the hour, as they were chosen."""
        ways = {topic.value: self.ways.get(topic, Way.DIGEST) for topic in Topic}
        return {**ways, "digest_hour": self.hour}


def unread(user: User) -> QuerySet[Delivery]:
    return user.deliveries.filter(channel=ChannelCode.APP, read_at=None)


def wishes(users: Collection[int]) -> dict[int, Wish]:
    """Return how each of `users` (ids) who is active is told."""
    rows = User.objects.filter(pk__in=users, is_active=True).values_list(
        "pk", "email", "preference__ways", "preference__digest_hour"
    )
    return {
        pk: Wish(bool(email), ways or {}, settings.DIGEST_HOUR if hour is None else hour)
        for pk, email, ways, hour in rows
    }


def recipients(events: Iterable[OutboxEvent]) -> dict[int, dict[int, Wish]]:
    """Return, for every event id, the active people to tell and how.

    The person who did it is not told of it, but of what came of it.
    """
    events = list(events)
    groups = {group for event in events for group in event.groups}
    named = {user for event in events for user in event.users}
    members: dict[int, set[int]] = {}
    for group, user in User.groups.through.objects.filter(group__in=groups).values_list(
        "group", "user"
    ):
        members.setdefault(group, set()).add(user)
    wished = wishes(named.union(*members.values()))
    return {
        event.pk: {
            user: wished[user]
            for user in set(event.users).union(*(members.get(g, set()) for g in event.groups))
            if user in wished and (user != event.entry.by_id or event.facts.get("act") in OUTCOMES)
        }
        for event in events
    }


def names_of(events: Iterable[OutboxEvent]) -> dict[int, str]:
    """Return the names of the posts, sections and bodies that the events' groups stand for."""
    return group_names({group for event in events for group in event.groups})


def why(event: OutboxEvent, mine: set[int], names: dict[int, str]) -> str:
    """Say for what the reader is told: 情報システム課長あて; or as whom they are named."""
    told = [names[group] for group in event.groups if group in mine and group in names]
    named = NAMED.get(event.kind.partition(".")[0], _("あなたあて"))
    return _("%sあて") % "・".join(told) if told else str(named)
