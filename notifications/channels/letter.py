"""What a mail says: what, by when, why you, and one link to each act."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.catalog import DEFAULT, Notice, notice_of
from notifications.models import Delivery
from notifications.queries import why
from notifications.queries_mail import Around, Mail
from workflow.models import OutboxEvent

SOON = 3
"""Open days left, at most, at which a digest puts something under what is due soon."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Item:
    """left   open days until it is due, None without a day"""

    notice: Notice
    why: str
    url: str
    left: int | None


@dataclass(frozen=True)
class Letter:
    """sections   (heading, items), the most urgent first; no heading where there is one item"""

    subject: str
    sections: tuple[tuple[str, tuple[Item, ...]], ...]


def letter_of(mail: Mail, around: Around) -> Letter:
    items = [_item(row, around) for row in mail.told]
    if len(items) == 1:
        return Letter(items[0].notice.subject, (("", tuple(items)),))
    sections = tuple(_sections(items))
    counts = "、".join(
        _("%(heading)s%(count)d件") % {"heading": heading, "count": len(some)}
        for heading, some in sections
    )
    words = {"count": len(items), "counts": counts}
    return Letter(_("改定のお知らせ%(count)d件（%(counts)s）") % words, sections)


def _sections(items: list[Item]) -> Iterator[tuple[str, tuple[Item, ...]]]:
    late = [i for i in items if i.left is not None and i.left < 0]
    today = [i for i in items if i.left == 0]
    soon = [i for i in items if i.left is not None and 0 < i.left <= SOON]
    other = [i for i in items if i.left is None or i.left > SOON]
    named = [(_("期限超過"), late), (_("今日まで"), today), (_("まもなく期限"), soon)]
    for heading, some in [*named, (_("そのほか"), other)]:
        if some:
            yield heading, tuple(sorted(some, key=lambda item: item.left or 0))


def _item(row: Delivery, around: Around) -> Item:
    event, left = row.event, around.dues.left(row.event)
    if event.pk not in around.notices:
        around.notices[event.pk] = _notice(event, left, around)
    return Item(
        notice=around.notices[event.pk],
        why=why(event, {group.pk for group in row.user.groups.all()}, around.names),
        url=settings.BASE_URL + reverse("follow_notice", args=[event.pk]),
        left=left,
    )


def _notice(event: OutboxEvent, left: int | None, around: Around) -> Notice:
    """An event that has no words must not keep back what a digest tells besides."""
    now: dict[str, Any] = {}
    if left is not None:
        now = {"due_on": around.dues.on[event.pk].isoformat(), "days_left": left}
    try:
        return notice_of(event, **now)
    except Exception:
        log.exception("notifications.no_words: %d", event.pk)
        return Notice(str(DEFAULT.happened), "", "", str(DEFAULT.act), ())
