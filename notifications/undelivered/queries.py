"""届かなかった通知: what was given up, in which words, and for whom."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.catalog import DEFAULT, notice_of
from notifications.failures import in_words
from notifications.models import Delivery, HookDelivery, Untold
from notifications.queries import names_of, why
from notifications.sending import Sending
from notifications.states import ChannelCode, DeliveryState
from notifications.undelivered.states import Channel
from workflow.models import OutboxEvent
from workflow.people.models import User
from workflow.people.queries import administrators
from workflow.people.states import UserKind
from workflow.signoff.oversight import overseen

EVERYTHING = {UserKind.ADMIN, UserKind.AUDITOR}
"""Who sees more than what belongs to the revisions that they steer."""


class Kept(NamedTuple):
    page: str
    whose: str


KEPT = {
    Channel.EMAIL: Kept("person_email", "user_id"),
    Channel.WEBHOOK: Kept("webhook", "hook_id"),
}
"""The page (the name of its URL) of whom a row is for; an event is for many."""

Rows = QuerySet[Any]
"""Of Delivery, HookDelivery or Untold."""


@dataclass(frozen=True)
class Undelivered:
    """One row of the screen; `picked` names it as it was when the page was made.

    address  where its mails go now; None where the reader may not see it
    mend     path of the page on which whom it is for is kept; "" where the reader may not open it
    """

    picked: str
    what: str
    link: str
    to: str
    post: str
    address: str | None
    mend: str
    attempts: int
    at: datetime | None
    error: str


def dead(by: User, channel: Channel) -> Rows:
    """Return what was given up and is neither sent anew nor withdrawn, as far as `by` sees it.

    One row a mail, whatever it tells.
    """
    lying: dict[Channel, Rows] = {
        Channel.EMAIL: Delivery.objects.filter(channel=ChannelCode.EMAIL, leader=None),
        Channel.WEBHOOK: HookDelivery.objects.all(),
        Channel.EVENT: Untold.objects.all(),
    }
    rows = lying[channel].filter(state=DeliveryState.DEAD)
    if by.kind in EVERYTHING:
        return rows
    return rows.filter(event__entry__within_key__in=overseen(by))


def listed(rows: Rows, channel: Channel) -> Rows:
    """Let rows come with what in_rows() reads, a constant number of statements."""
    rows = rows.select_related("event__entry")
    if channel == Channel.WEBHOOK:
        return rows.select_related("hook")
    if channel == Channel.EVENT:
        return rows
    rows = rows.select_related("user").prefetch_related("user__groups")
    return rows.annotate(others=Count("followers"))


def in_rows(
    rows: Iterable[Any], channel: Channel, *, sees: Callable[[User], bool], mends: bool
) -> list[Undelivered]:
    """sees   whose address the reader may see
    mends  whether they keep people and webhooks
    """
    rows, kept = list(rows), KEPT.get(channel)
    names = names_of(row.event for row in rows)
    people = _named(row.event for row in rows) if channel == Channel.EVENT else {}
    return [
        Undelivered(
            picked=pick(row),
            what=_what(row),
            link=row.event.link,
            to=_to(row, channel, names, people),
            post=_post(row, names) if channel == Channel.EMAIL else "",
            address=row.user.email if channel == Channel.EMAIL and sees(row.user) else None,
            mend=reverse(kept.page, args=[getattr(row, kept.whose)]) if mends and kept else "",
            attempts=row.attempts,
            at=row.given_up_at,
            error=_why(row, channel),
        )
        for row in rows
    ]


def _what(row: Any) -> str:
    """A digest is named by what leads it."""
    subject, others = _subject(row.event), getattr(row, "others", 0)
    return _("%(first)s　ほか%(n)d件") % {"first": subject, "n": others} if others else subject


def _subject(event: OutboxEvent) -> str:
    """What lies here for having no words must be seen here all the same."""
    try:
        return notice_of(event).subject
    except Exception:
        return _("%(happened)s（%(kind)s）") % {"happened": DEFAULT.happened, "kind": event.kind}


def _to(row: Any, channel: Channel, names: dict[int, str], people: dict[int, str]) -> str:
    if channel != Channel.EVENT:
        return str(row.hook if channel == Channel.WEBHOOK else row.user)
    event = row.event
    asked = [names.get(pk) for pk in event.groups] + [people.get(pk) for pk in event.users]
    return "、".join(filter(None, asked))


def _named(events: Iterable[OutboxEvent]) -> dict[int, str]:
    ids = {pk for event in events for pk in event.users}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))


def _why(row: Sending, channel: Channel) -> str:
    if channel != Channel.EVENT:
        return in_words(row.error)
    words = _(
        "お知らせを作れませんでした（%s）。"
        "原因は、workerのログの notifications.event_failed にあります。"
    )
    return words % row.error


def pick(row: Sending) -> str:
    return f"{row.pk}.{row.stamp}"


def _post(row: Delivery, names: dict[int, str]) -> str:
    return why(row.event, {group.pk for group in row.user.groups.all()}, names)


def keepers() -> list[str]:
    """Return the names of those who keep addresses and webhooks: whom to ask."""
    kept = User.objects.filter(pk__in=administrators()).order_by("name")
    return list(kept.values_list("name", flat=True))
