"""経路の変更: a drafter may lengthen what a rule lays, and shorten it only with a reason."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from workflow.authority.laying import Laid, is_above
from workflow.authority.line import Line, Turn
from workflow.authority.states import StepRole
from workflow.errors import Invalid
from workflow.people.models import Post

SIGNING = (StepRole.LINE, StepRole.CONCURRENCE, StepRole.DECIDER)


class Change(NamedTuple):
    """What a drafter changes in a line; posts by their ids. The decider stays."""

    concurrences: Sequence[int] = ()
    informed: Sequence[int] = ()
    dropped: Collection[int] = ()


def changed(line: Line, change: Change, posts: dict[int, Post]) -> Line:
    """Return the line as the drafter changes it; who is added concurs last before the decider."""
    kept = [t for t in line if t.role == StepRole.DECIDER or t.post.pk not in change.dropped]
    there = {turn.post.pk for turn in kept}
    concurring = [posts[pk] for pk in change.concurrences if pk in posts and pk not in there]
    there |= {post.pk for post in concurring}
    informed = [posts[pk] for pk in change.informed if pk in posts and pk not in there]
    last = next(turn.order for turn in kept if turn.role == StepRole.DECIDER)
    turns = [(2 * turn.order, turn) for turn in kept]
    turns += [(2 * last - 1, Turn(0, StepRole.CONCURRENCE, post)) for post in concurring]
    turns += [(2 * last + 2, Turn(0, StepRole.INFORMED, post)) for post in informed]
    return renumbered(turns)


def extended(laid: Laid, line: Line, *, but: Collection[Post] = ()) -> Line:
    """Return what a rule lays, and whom `line` had besides: before the decider, or informed."""
    there = {*(turn.post for turn in laid.line), *but}
    besides = [t for t in line if t.role != StepRole.DECIDER and t.post not in there]
    together = Counter(turn.order for turn in besides)
    decided = next(turn.order for turn in laid.line if turn.role == StepRole.DECIDER)
    wide = max(turn.order for turn in line) + 1
    turns = [(wide * turn.order, turn) for turn in laid.line]
    for turn in besides:
        place = wide * (decided if turn.role == StepRole.INFORMED else decided - 1) + turn.order
        turns.append((place, turn._replace(needed=min(turn.needed, together[turn.order]))))
    return renumbered(turns)


def renumbered(turns: Iterable[tuple[int, Turn]]) -> Line:
    """Number the turns from 1 without gaps, in the order of the numbers beside them."""
    turns = sorted(turns, key=lambda pair: pair[0])
    orders = sorted({order for order, _turn in turns})
    return [turn._replace(order=orders.index(order) + 1) for order, turn in turns]


def left_out(laid: Laid, line: Line) -> list[Post]:
    """Return whom the rule lets sign and the line does not."""
    signing = {turn.post.pk for turn in line if turn.role in SIGNING}
    return [t.post for t in laid.line if t.role in SIGNING and t.post.pk not in signing]


def check_keeps(laid: Laid, line: Line, reason: str) -> list[Post]:
    """Refuse to lower the decider, or to leave somebody out without a reason; return whom.

    raises  Invalid (steps, or deviation)
    """
    decider = next(turn.post for turn in line if turn.role == StepRole.DECIDER)
    without = left_out(laid, line)
    if decider != laid.decider and (laid.decider in without or not is_above(decider, laid.decider)):
        words = {"tier": laid.tier.name, "post": laid.decider.name}
        raise Invalid(_("この区分（%(tier)s）の決裁者は、%(post)sです。") % words, field="steps")
    if without and not reason.strip():
        names = "、".join(post.name for post in without)
        raise Invalid(_("%sを経路から外す理由を書いてください。") % names, field="deviation")
    return without
