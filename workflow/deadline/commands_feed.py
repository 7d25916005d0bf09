"""予定表の購読アドレス: made, renewed and revoked by whom it is for."""

from datetime import datetime

from workflow.audit.chain import digest
from workflow.audit.trail import check_seen, record
from workflow.deadline.models import CalendarFeed
from workflow.deadline.queries import feed_of
from workflow.ledger.command import command
from workflow.people.models import User


@command
def make_feed(*, token: str, seen: int | None = None, by: User, at: datetime) -> CalendarFeed:
    """購読アドレスを作る; the one before ends.

    token    hard to guess; only its hash is kept
    """
    feed = _lock(by)  # lock
    check_seen(feed, seen)  # check
    verb = "deadline.feed_renewed" if feed.secret else "deadline.feed_made"
    feed.secret, feed.made_at = digest(token), at  # move
    record(verb, feed, by=by, at=at)  # record
    return feed


@command
def revoke_feed(*, seen: int | None = None, by: User, at: datetime) -> None:
    """購読アドレスを止める. Nothing happens when there is none."""
    feed = _lock(by)  # lock
    check_seen(feed, seen)  # check
    if feed.secret:
        feed.secret, feed.made_at = None, None  # move
        record("deadline.feed_revoked", feed, by=by, at=at)  # record


def _lock(by: User) -> CalendarFeed:
    """The person's own row is the lock: the first address has none yet."""
    return feed_of(User.objects.select_for_update().get(pk=by.pk))
