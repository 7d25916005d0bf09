"""Lock a request; its steps move only under that lock. Usable only inside a command."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from workflow.ledger.read import Read
from workflow.people.models import Appointment, User
from workflow.signoff.models import Request, Step
from workflow.signoff.queries import as_on, steps_of


class Locked(NamedTuple):
    """A step meant, with the request and all steps of the circulation now running.

    step   of an earlier circulation it is none of `steps`
    steps  know who asks: queries.as_on()
    """

    request: Request
    step: Step
    steps: list[Step]


def _requests(on: date, **which: Any) -> QuerySet[Request]:
    requests = Request.objects.select_for_update(of=("self",)).filter(**which)
    known = requests.annotate(**{"drafter_left": _left("", on)})
    return known.select_related("drafter_post", "content").defer("content__body")


def _turns(user: int, on: date, **which: Any) -> QuerySet[Step]:
    return as_on(Step.objects.filter(attempt=F("request__attempt"), **which), user, on)


def _line(step: int, user: int, on: date) -> QuerySet[Step]:
    """Lock a request with its line in one statement.

    length  of the request's chain as it was when the statement began
    """
    begun = Request.objects.filter(pk=OuterRef("request")).values("chain_length")
    known = {"drafter_left": _left("request__", on), "length": Subquery(begun)}
    turns = _turns(user, on, request__steps=step).annotate(**known)
    joined = turns.select_related("request__content").defer("request__content__body")
    return joined.select_for_update(of=("request",))


def _left(request: str, on: date) -> Any:
    """Tell whether the drafter no longer holds the post in which they drafted."""
    post, drafter = OuterRef(f"{request}drafter_post"), OuterRef(f"{request}drafter")
    return ~Exists(Appointment.objects.on(on).filter(post=post, user=drafter))


_WHO: Any = {"user": int, "on": date}
REQUEST = Read(lambda request, on: _requests(on, pk=request), request=int, on=date)
TURNS = Read(lambda request, user, on: _turns(user, on, request=request), request=int, **_WHO)
LINE = Read(_line, step=int, **_WHO)


def lock_step(step_id: int, *, by: User, on: date) -> Locked:
    """Who waited for the lock reads again: what is joined to the request is from before the wait.

    Where the circulation or the content changed meanwhile, no row is found at first.
    """
    steps = LINE(step=step_id, user=by.pk, on=on)
    if not steps or _waited(steps[0]):
        steps = LINE(step=step_id, user=by.pk, on=on)
    if not steps:
        raise Request.DoesNotExist
    first: Any = steps[0]
    request: Request = first.request
    request.drafter_left = first.drafter_left
    for step in steps:
        if step.pk == step_id:
            return Locked(request, step, steps)
    earlier = steps_of(request, by, on).get(pk=step_id)
    earlier.request = request
    return Locked(request, earlier, steps)


def _waited(first: Any) -> bool:
    """Tell whether the request moved after the statement began."""
    return bool(first.length != first.request.chain_length)


def lock_request(request_id: int, *, by: User, on: date) -> tuple[Request, list[Step]]:
    """Lock first and read the steps then: a draft may have none."""
    request = REQUEST.get(request=request_id, on=on)
    steps = TURNS(request=request_id, on=on, user=by.pk)
    for step in steps:
        step.request = request
    return request, steps


def lock_all(step_ids: Collection[int], *, by: User, on: date) -> list[Locked]:
    """Lock the requests of many steps, always in the same order. Two statements."""
    requests = {r.pk: r for r in _requests(on, pk__in=_of(step_ids)).order_by("pk")}
    turns: dict[int, list[Step]] = {pk: [] for pk in requests}
    for step in _turns(by.pk, on, request__in=list(requests)).order_by("request", "order", "pk"):
        step.request = requests[step.request_id]
        turns[step.request_id].append(step)
    return [
        Locked(step.request, step, steps)
        for steps in turns.values()
        for step in steps
        if step.pk in step_ids
    ]


def _of(step_ids: Collection[int]) -> QuerySet[Any, Any]:
    return Step.objects.filter(pk__in=step_ids).values("request")
