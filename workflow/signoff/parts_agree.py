"""承認と同意: what an agreement moves, and what follows it. Usable only inside a command."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from workflow.signoff import parts
from workflow.signoff.circulation import also_signed
from workflow.signoff.kinds import kind_of
from workflow.signoff.marks import Mark
from workflow.signoff.models import Request, Step
from workflow.signoff.numbers import give_numbers
from workflow.signoff.parts_days import Act
from workflow.signoff.parts_sign import sign
from workflow.signoff.parts_tell import Standbys, tell_drafter, tell_moved
from workflow.signoff.states import Meaning, RequestState


class Together(NamedTuple):
    """What is asked and done once for many requests. acts: for parts_days.follow()."""

    standbys: Standbys | None = None
    acts: list[Act] | None = None


ALONE = Together()


def approve(request: Request, step: Step, steps: Sequence[Step], mark: Mark) -> list[Step]:
    """Sign a step, and those one holds next to it (兼務); return the steps moved."""
    signed = [step, *also_signed(step, steps)]
    step.approve(mark)
    return _signed(request, signed, steps, Meaning.APPROVED, mark)


def pull_up(
    request: Request, step: Step, steps: Sequence[Step], passed: Sequence[Step], mark: Mark
) -> list[Step]:
    """Sign before one's turn, and what one holds next to it; return the steps moved.

    passed  those passed over
    """
    for earlier in passed:
        earlier.pass_over(mark)
    signed = [step, *also_signed(step, steps)]
    step.pull_up(mark)
    return [*passed, *_signed(request, signed, steps, Meaning.PULLED_UP, mark)]


def _signed(
    request: Request, signed: Sequence[Step], steps: Sequence[Step], meaning: Meaning, mark: Mark
) -> list[Step]:
    """Go on from the first of the steps signed, and approve the others as their turn comes."""
    first, *others = signed
    moved = [first, *parts.advance(request, steps, mark)]
    for own in others:
        own.approve(mark)
        moved += [own, *parts.advance(request, steps, mark)]
    moved += parts.owe_review(first, steps, mark)
    sign(signed, steps, meaning, mark)
    return moved


def concur(request: Request, step: Step, steps: Sequence[Step], mark: Mark) -> list[Step]:
    """Agree for a section concerned, with an opinion or without; return the steps moved."""
    step.concur(mark)
    moved = [step, *parts.advance(request, steps, mark)]
    meaning = Meaning.CONCURRED_WITH_OPINION if mark.said.strip() else Meaning.CONCURRED
    sign([step], steps, meaning, mark)
    return moved


def go_on(
    verb: str,
    request: Request,
    step: Step,
    steps: Sequence[Step],
    moved: Sequence[Step],
    mark: Mark,
    together: Together = ALONE,
    **facts: Any,
) -> Request:
    """Record a signature, and tell whose turn it is now, or the drafter that it is decided."""
    decided = request.state == RequestState.DECIDED
    if decided:
        give_missing_numbers([request])
        verb, facts["number"] = "signoff.decided", request.number
    acts = together.acts
    entry = parts.enter(verb, request, once(moved), mark, step=step, acts=acts, **facts)
    if decided:
        kind_of(request).decided(request, by=mark.by, at=mark.at, reason=mark.said)
        tell_drafter(entry, request)
    tell_moved(entry, request, moved, mark, steps, together.standbys)
    return request


def give_missing_numbers(requests: Iterable[Request]) -> None:
    """Number those decided now whose kind asks for a number."""
    give_numbers(
        request
        for request in requests
        if request.state == RequestState.DECIDED
        and kind_of(request).numbered
        and request.document_number is None
    )


def once(moved: Sequence[Step]) -> list[Step]:
    """A step may move more than once in an act; it is saved and told of as it is at the end."""
    return list(dict.fromkeys(moved))
