"""Where a circulation stands: functions of its steps alone. None moves, asks or tells anything."""

from collections.abc import Iterable, Sequence

from workflow.authority.states import StepRole
from workflow.signoff.models import Step
from workflow.signoff.states import AGREED, GATING, OPEN, PULLING, SIGNED, TURN, StepState

Steps = Sequence[Step]


def pending(steps: Steps) -> list[Step]:
    """Return what the circulation still waits for. 供覧 and 後閲 are never waited for."""
    return [s for s in steps if s.role in GATING and s.state in OPEN]


def front(steps: Steps) -> list[Step]:
    """Return the pending steps of the lowest order: theirs is the turn."""
    left = pending(steps)
    lowest = min((s.order for s in left), default=None)
    return [s for s in left if s.order == lowest]


def spared(steps: Steps) -> list[Step]:
    """Return the pending steps of an order in which enough have agreed (n-of-m).

    A dissent is heard, but is none of the n.
    """
    return [s for s in pending(steps) if s.needed and _agreed(steps, s.order) >= s.needed]


def _agreed(steps: Steps, order: int) -> int:
    return sum(s.order == order and s.state in AGREED for s in steps)


def passable(step: Step, steps: Steps) -> bool:
    """Tell whether an absent holder's turn passes by itself, to be read afterwards (後閲).

    Only on the way: an intermediate approver's, never a 合議, and never the last one's. Nor
    that of who is acting right now: they are there.
    """
    if step.role != StepRole.LINE or not step.away or step.mine:
        return False
    return any(s.order > step.order for s in pending(steps))


def also_signed(step: Step, steps: Steps) -> list[Step]:
    """Return the steps that one's signature on `step` signs as well (兼務).

    Who holds the posts of several steps in succession signs once: the very next turn, when it
    stands alone, is one of the line or the decider's, and its post is held by the same person.
    The first turn that is not ends it. So a 合議 between them does: what another section says
    must be read first. A concurrence itself, a signature on minutes, and turns side by side are
    separate duties and are signed one by one.
    """
    if step.role not in PULLING or not step.mine:
        return []
    also: list[Step] = []
    for turn in _turns_after(step, steps):
        if len(turn) > 1 or turn[0].role not in PULLING or not turn[0].mine:
            break
        also += turn
    return also


def _turns_after(step: Step, steps: Steps) -> Iterable[list[Step]]:
    """Yield the turns to come, when `step` is the last of its own; absent ones pass by."""
    left = [s for s in pending(steps) if s.pk != step.pk and not passable(s, steps)]
    if any(s.order <= step.order and not _spares(step, s, steps) for s in left):
        return
    for order in sorted({s.order for s in left if s.order > step.order}):
        yield [s for s in left if s.order == order]


def _spares(step: Step, other: Step, steps: Steps) -> bool:
    """Tell whether the agreement of `step` is the last that the order of `other` needs."""
    same = step.order == other.order and bool(other.needed)
    return same and _agreed(steps, other.order) + 1 >= other.needed


def decides(step: Step, steps: Steps) -> bool:
    """Tell whether the approval of an active step decides the request: nobody is left to sign."""
    signed = {step.pk, *(s.pk for s in also_signed(step, steps))}
    left = [s for s in pending(steps) if s.pk not in signed and not passable(s, steps)]
    return all(_spares(step, s, steps) for s in left)


def last_signed(steps: Steps) -> Step | None:
    """Return the step signed last, which its signer may pull back until the next acts.

    Opening or holding the next step is not acting. A signature that the turn went back past
    (差戻し without a rerun) stands, and is not the last one.
    """
    turn = min((s.order for s in pending(steps)), default=None)
    done = [s for s in steps if s.state in SIGNED and (turn is None or s.order <= turn)]
    return max(done, key=lambda s: (s.entry or 0, s.order, s.pk), default=None)


def undone_with(last: Step, steps: Steps) -> list[Step]:
    """Return all that the act on `last` signed, passed over or closed."""
    moved = (*SIGNED, StepState.POST_REVIEW_DUE, StepState.CLOSED)
    return [s for s in steps if s.entry == last.entry and s.state in moved and s.role in GATING]


def own_of(last: Step, undone: Steps) -> list[Step]:
    """Return those of an act's steps that were signed in it, `last` first."""
    others = [s for s in undone if s.state in SIGNED and s.pk != last.pk]
    return [last, *others]


def passed_by(step: Step, steps: Steps) -> list[Step]:
    """Return the pending steps that a pull-up to `step` passes over."""
    return [s for s in pending(steps) if s.order < step.order]


def firm(step: Step, steps: Steps) -> list[Step]:
    """Return what a pull-up to `step` can't pass over: 合議 and 署名 of those who are there."""
    return [s for s in passed_by(step, steps) if s.role != StepRole.LINE and s.manned]


def next_to_pull(steps: Steps) -> list[Step]:
    """Return the first steps whose holders are there and may sign before their turn (引き上げ)."""
    able = [s for s in pending(steps) if _may_pull(s) and not firm(s, steps)]
    lowest = min((s.order for s in able), default=None)
    return [s for s in able if s.order == lowest]


def _may_pull(step: Step) -> bool:
    there = step.manned and not step.away
    return there and step.role in PULLING and step.state == StepState.WAITING


def returnable(step: Step, steps: Steps) -> list[Step]:
    """Return the earlier steps of this circulation to which `step` may send back."""
    return [s for s in steps if s.order < step.order and s.state in SIGNED]


def to_sign_again(step: Step, target: Step, steps: Steps, *, rerun: bool) -> list[Step]:
    """Return the steps whose signature is void once `step` sends back to `target`.

    rerun  also all that signed between the two, and those beside `step`; whoever n-of-m had
           spared among them is asked again
    """
    done = (*SIGNED, StepState.CLOSED)
    again = [
        s
        for s in steps
        if rerun and target.order < s.order <= step.order and s.role in GATING and s.state in done
    ]
    return [target, *again]


def recalled(order: int, steps: Steps) -> list[Step]:
    """Return the steps that lose the turn when it goes back to `order`; a 保留 ends with it."""
    return [s for s in steps if s.role in GATING and s.state in TURN and s.order > order]


def dissents(steps: Steps) -> list[Step]:
    return [s for s in steps if s.state == StepState.DISSENTED]


def unsettled(steps: Steps) -> bool:
    """Tell whether a 合議 is open, was passed over or ended in dissent."""
    settled = (StepState.CONCURRED, StepState.CLOSED)
    return any(s.role == StepRole.CONCURRENCE and s.state not in settled for s in steps)
