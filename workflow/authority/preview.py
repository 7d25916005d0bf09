"""経路の下見: each turn of a line with who holds its post on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from workflow.authority.line import Line
from workflow.people.models import Post
from workflow.people.queries import absent_among, holders_now


@dataclass(frozen=True)
class Shown:
    """One turn. needed of `beside` posts of the same order must sign; 0 when all of them must."""

    order: int
    role: str
    role_name: str
    post: Post
    holders: list[str]
    is_absent: bool
    needed: int
    beside: int
    is_laid: bool

    @property
    def is_vacant(self) -> bool:
        return not self.holders


def preview(line: Line, on: date, *, laid: Iterable[Post] = ()) -> list[Shown]:
    """Show a line with the holders of the day: two statements, however many turns.

    laid  posts that a rule put there; the others were added
    """
    posts = [turn.post.pk for turn in line]
    names, away = holders_now(on, posts), absent_among(posts, on)
    orders = [turn.order for turn in line]
    ruled = {post.pk for post in laid}
    return [
        Shown(
            order=turn.order,
            role=turn.role,
            role_name=str(turn.role.label),
            post=turn.post,
            holders=names.get(turn.post.pk, []),
            is_absent=turn.post.pk in away,
            needed=turn.needed,
            beside=orders.count(turn.order),
            is_laid=turn.post.pk in ruled,
        )
        for turn in line
    ]
