"""What a transfer would change, before it does: a constant number of statements."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from workflow.deadline.models import Deadline
from workflow.deadline.queries import running
from workflow.people.models import Post, Seat, User
from workflow.signoff.models import Request, Step
from workflow.signoff.standing import DEADLINE
from workflow.signoff.states import OPEN, TURN, RequestState
from workflow.transfer.models import Transfer, TransferLine
from workflow.transfer.office import Office


@dataclass(frozen=True)
class Items:
    """What waits for some posts; the deadline of a turn is none beside it."""

    steps: list[Step]
    deadlines: list[Deadline]

    def __len__(self) -> int:
        return len(self.steps) + len(self.deadlines)


@dataclass(frozen=True)
class Change:
    """What one person gains and loses; `drafts` they started in a post that they leave."""

    user: User
    gained: list[Post]
    lost: list[Post]
    gains: Items
    loses: Items
    drafts: list[Request]


@dataclass(frozen=True)
class Empty:
    """A post that nobody holds any more from a day, and what waits for it."""

    post: Post
    since: date
    items: Items


@dataclass(frozen=True)
class Twice:
    """One person in more than one turn of a line that runs, by what the transfer gives them."""

    user: User
    request: Request
    posts: list[Post]


@dataclass(frozen=True)
class Preview:
    changes: list[Change]
    empty: list[Empty]
    twice: list[Twice]

    @property
    def waiting(self) -> list[Empty]:
        """Posts that stand empty while something waits for them."""
        return [row for row in self.empty if row.items]


def preview(transfer: Transfer, lines: Sequence[TransferLine]) -> Preview:
    office = Office(lines, transfer.effective_on)
    work = _Work(office)
    changes = [_change(user, office, work) for user in office.users.values()]
    return Preview(
        changes=changes,
        empty=[
            Empty(post, since, work.left_at(post, office))
            for post in office.left.values()
            if (since := office.empty_since(post.pk))
        ],
        twice=[twice for change in changes for twice in _twice(change, office, work)],
    )


class _Work:
    """Everything open at the office's posts. Four statements."""

    def __init__(self, office: Office) -> None:
        posts = office.posts.values()
        self._groups = {post.pk: {post.group_id} for post in posts}
        for post in posts:
            if post.section:
                self._groups[post.pk].add(post.section.group_id)
        seats = Seat.objects.on(office.day).filter(post__in=office.posts)
        for post_id, group_id in seats.values_list("post", "body__group"):
            self._groups[post_id].add(group_id)
        every = {group for groups in self._groups.values() for group in groups}
        self._deadlines = list(running().filter(group__in=every).exclude(kind=DEADLINE))
        self.lines = _running_lines(list(office.posts))
        self.drafts = list(
            Request.objects.filter(
                state__in=[RequestState.DRAFT, RequestState.CIRCULATING],
                drafter__in=office.users,
                drafter_post__in=office.left,
            ).order_by("pk")
        )

    def at(self, posts: Iterable[Post], beside: Iterable[Post] = ()) -> Items:
        """Return what waits for `posts` and not for those `beside` them."""
        posts = list(posts)
        return self._items({post.pk for post in posts}, self._of(posts) - self._of(beside))

    def left_at(self, post: Post, office: Office) -> Items:
        """Return what waits for an empty post, and for its section when that is empty too."""
        groups = {post.group_id}
        if post.section and not office.has_section(post.section_id, office.after):
            groups.add(post.section.group_id)
        return self._items({post.pk}, groups)

    def _items(self, posts: Set[int], groups: Set[int]) -> Items:
        return Items(
            [s for s in self.lines if s.state in TURN and s.post_id in posts],
            [d for d in self._deadlines if d.group_id in groups],
        )

    def _of(self, posts: Iterable[Post]) -> set[int]:
        return {group for post in posts for group in self._groups[post.pk]}


def _running_lines(posts: Sequence[int]) -> list[Step]:
    """Return every step of the circulations in which one of `posts` (ids) has yet to act."""
    turns = Step.objects.filter(
        state__in=OPEN, post__in=posts, request__state=RequestState.CIRCULATING
    )
    steps = Step.objects.filter(request__in=turns.values("request"), attempt=F("request__attempt"))
    return list(steps.select_related("request", "post").order_by("request", "order", "pk"))


def _change(user: User, office: Office, work: _Work) -> Change:
    before = office.posts_of(user.pk, office.before)
    after = office.posts_of(user.pk, office.after)
    gained = [post for pk, post in after.items() if pk not in before]
    lost = [post for pk, post in before.items() if pk not in after]
    gone = {post.pk for post in lost}
    return Change(
        user=user,
        gained=gained,
        lost=lost,
        gains=work.at(gained, beside=before.values()),
        loses=work.at(lost, beside=after.values()),
        drafts=[r for r in work.drafts if r.drafter_id == user.pk and r.drafter_post_id in gone],
    )


def _twice(change: Change, office: Office, work: _Work) -> Iterator[Twice]:
    after = office.posts_of(change.user.pk, office.after).keys()
    given = {post.pk for post in change.gained}
    turns: dict[int, list[Step]] = {}
    for step in work.lines:
        if _takes(step, change.user, after):
            turns.setdefault(step.request_id, []).append(step)
    for steps in turns.values():
        comes = any(s.state in OPEN and s.post_id in given for s in steps)
        if comes and len({s.post_id for s in steps}) > 1:
            yield Twice(change.user, steps[0].request, [s.post for s in steps])


def _takes(step: Step, user: User, posts: Set[int]) -> bool:
    """Whether the turn is the user's: done by them, or to come in one of `posts`."""
    return step.acted_by_id == user.pk or (step.state in OPEN and step.post_id in posts)
