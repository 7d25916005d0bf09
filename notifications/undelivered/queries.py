"""届かなかった通知: what was given up, in which words, and for whom."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.catalog import notice_of
from notifications.failures import in_words
from notifications.models import Delivery, HookDelivery
from notifications.queries import names_of, why
from notifications.sending import Sending
from notifications.states import ChannelCode, DeliveryState
from notifications.undelivered.states import Channel
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
"""The page (the name of its URL) of whom a row is for."""

Rows = QuerySet[Any]
"""Of Delivery or HookDelivery."""


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
    rows: Rows = (
        HookDelivery.objects.all()
        if channel == Channel.WEBHOOK
        else Delivery.objects.filter(channel=ChannelCode.EMAIL, leader=None)
    )
    rows = rows.filter(state=DeliveryState.DEAD)
    if by.kind in EVERYTHING:
        return rows
    return rows.filter(event__entry__within_key__in=overseen(by))


def listed(rows: Rows, channel: Channel) -> Rows:
    """Let rows come with what in_rows() reads, a constant number of statements."""
    rows = rows.select_related("event__entry")
    if channel == Channel.WEBHOOK:
        return rows.select_related("hook")
    rows = rows.select_related("user").prefetch_related("user__groups")
    return rows.annotate(others=Count("followers"))


def in_rows(
    rows: Iterable[Any], channel: Channel, *, sees: Callable[[User], bool], mends: bool
) -> list[Undelivered]:
    """sees   whose address the reader may see
    mends  whether they keep people and webhooks
    """
    rows, kept = list(rows), KEPT[channel]
    names = names_of(row.event for row in rows)
    return [
        Undelivered(
            picked=pick(row),
            what=_what(row),
            link=row.event.link,
            to=str(row.hook if channel == Channel.WEBHOOK else row.user),
            post="" if channel == Channel.WEBHOOK else _post(row, names),
            address=row.user.email if channel == Channel.EMAIL and sees(row.user) else None,
            mend=reverse(kept.page, args=[getattr(row, kept.whose)]) if mends else "",
            attempts=row.attempts,
            at=row.given_up_at,
            error=in_words(row.error),
        )
        for row in rows
    ]


def _what(row: Any) -> str:
    """A digest is named by what leads it."""
    subject, others = notice_of(row.event).subject, getattr(row, "others", 0)
    return _("%(first)s　ほか%(n)d件") % {"first": subject, "n": others} if others else subject


def pick(row: Sending) -> str:
    return f"{row.pk}.{row.stamp}"


def _post(row: Delivery, names: dict[int, str]) -> str:
    return why(row.event, {group.pk for group in row.user.groups.all()}, names)


def keepers() -> list[str]:
    """Return the names of those who keep addresses and webhooks: whom to ask."""
    kept = User.objects.filter(pk__in=administrators()).order_by("name")
    return list(kept.values_list("name", flat=True))
