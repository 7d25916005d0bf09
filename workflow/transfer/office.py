"""Who would hold which post, day by day, once a transfer's lines are carried out."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from workflow.people.models import Appointment, Post, User
from workflow.transfer.models import TransferLine
from workflow.transfer.queries import DAY, left_by


class Span(NamedTuple):
    user: User
    post: Post
    since: date
    until: date | None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or self.until >= day)


class Office:
    """The people of the lines, and everybody in the posts and sections they leave. One statement.

    before  the day before
    after   the first day on which nobody keeps an old post any more
    """

    def __init__(self, lines: Sequence[TransferLine], day: date) -> None:
        kept = [line.keep_until + DAY for line in lines if line.keep_until]
        self.before, self.day, self.after = day - DAY, day, max([day, *kept])
        self.users = {line.user_id: line.user for line in lines}
        self.left = {line.from_post.pk: line.from_post for line in lines if line.from_post}
        given = [line.to_post for line in lines if line.to_post]
        named = {*self.left, *(post.pk for post in given)}
        sections = {post.section_id for post in self.left.values() if post.section_id}
        rows = list(
            Appointment.objects.exclude(until__lt=self.before)
            .filter(Q(user__in=self.users) | Q(post__in=named) | Q(post__section__in=sections))
            .select_related("post__section", "user")
        )
        self._spans = [*_kept(rows, lines, day), *_new(lines, day)]
        self.posts = {span.post.pk: span.post for span in self._spans}

    def posts_of(self, user_id: int, on: date) -> dict[int, Post]:
        return {s.post.pk: s.post for s in self._spans if s.user.pk == user_id and s.holds(on)}

    def held(self, post_id: int, on: date) -> bool:
        """Tell whether somebody who can sign in holds the post."""
        return any(s.post.pk == post_id and s.holds(on) and s.user.is_active for s in self._spans)

    def has_section(self, section_id: int | None, on: date) -> bool:
        """Tell whether somebody who can sign in is in the section."""
        return any(
            s.post.section_id == section_id and s.holds(on) and s.user.is_active
            for s in self._spans
        )

    def empty_since(self, post_id: int) -> date | None:
        """Return the day from which a post that was left stands empty; None when it never does."""
        ends = {s.until + DAY for s in self._spans if s.post.pk == post_id and s.until}
        days = [day for day in sorted({self.day, *ends}) if day >= self.day]
        return next((day for day in days if not self.held(post_id, day)), None)


def _kept(rows: list[Appointment], lines: Sequence[TransferLine], day: date) -> Iterator[Span]:
    """What is held already, up to the day on which a line ends it."""
    ends = {}
    for line in lines:
        mine = [row for row in rows if row.user_id == line.user_id]
        if leaves := left_by(line, mine, day):
            ends[leaves.pk] = line.keep_until or day - DAY
    for row in rows:
        yield Span(row.user, row.post, row.since, ends.get(row.pk, row.until))


def _new(lines: Sequence[TransferLine], day: date) -> Iterator[Span]:
    for line in lines:
        if line.to_post:
            yield Span(line.user, line.to_post, day, None)
