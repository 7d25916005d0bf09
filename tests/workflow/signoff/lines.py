"""Lines of signers and what happens to them, for the tests of 決裁."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django_fsm import TransitionNotAllowed

from tests.factories import NOON, TODAY, circulating, post, user
from workflow.authority.line import Turn
from workflow.authority.states import StepRole
from workflow.errors import Refused
from workflow.models import Absence, Appointment, AuditEntry, Deputy, OutboxEvent, Request, Step
from workflow.people.states import DeputyKind
from workflow.signoff import commands, commands_aside
from workflow.signoff.lock import steps_of
from workflow.signoff.offers import Reader, offers

ROLES = {
    "": StepRole.LINE,
    "c": StepRole.CONCURRENCE,
    "d": StepRole.DECIDER,
    "s": StepRole.SIGNER,
    "i": StepRole.INFORMED,
    "r": StepRole.REVIEW,
}
REASON = {"reason": "理由"}
ACTS: dict[str, tuple[Any, dict[str, str]]] = {
    "approve": (commands.approve, {}),
    "pull_up": (commands.pull_up, {}),
    "concur": (commands.concur, {}),
    "dissent": (commands.dissent, REASON),
    "send_back": (commands.send_back, REASON),
    "reject": (commands.reject, REASON),
    "hold": (commands_aside.hold, REASON),
    "resume": (commands_aside.resume, {}),
    "post_review": (commands_aside.post_review, {}),
    "read": (commands_aside.read, {}),
}
ON_REQUEST: dict[str, tuple[Any, dict[str, str]]] = {
    "comment": (commands_aside.comment, {"comment": "意見"}),
    "pull_back": (commands.pull_back, {}),
    "withdraw": (commands.withdraw, REASON),
}


def line(*turns: str, needed: int = 0) -> list[Turn]:
    """ "c:koho-kacho+c:jinji-kacho" concur side by side; `needed` of those must agree."""
    return [
        Turn(order, ROLES[role], post(code), needed if "+" in group else 0)
        for order, group in enumerate(turns, 1)
        for code_ in group.split("+")
        for role, _colon, code in [code_.rpartition(":")]
    ]


def sent_round(*turns: str, needed: int = 0, **more: Any) -> Request:
    return circulating(line(*turns, needed=needed), **more)


def step_of(request: Request, code: str) -> Step:
    return request.steps.filter(attempt=fresh(request).attempt, post__code=code).latest("order")


def fresh(request: Request) -> Request:
    return Request.objects.get(pk=request.pk)


def act(request: Request, name: str, who: str, *, at: str = "", **more: Any) -> Request:
    """Let somebody act on the step of their post, or of the post `at`."""
    by, words = user(who), {"at": NOON}
    if name in ON_REQUEST:
        command, usual = ON_REQUEST[name]
        return command(request_id=request.pk, by=by, **words | usual | more)
    command, usual = ACTS[name]
    return command(step_id=step_of(request, at or who).pk, by=by, **words | usual | more)


def states(request: Request) -> dict[str, str]:
    """Return the state of every post's step now; of two steps of a post, the later."""
    steps = request.steps.filter(attempt=fresh(request).attempt).select_related("post")
    return {step.post.code: str(step.state) for step in steps}


def offered(request: Request, who: str, on: date = TODAY) -> set[str]:
    found, by = fresh(request), user(who)
    steps = list(steps_of(found, by, on).filter(attempt=found.attempt))
    for step in steps:
        step.request = found
    return {offer.act for offer in offers(Reader(by, found, steps, on))}


def tried(command: Any, **words: Any) -> type[Exception] | None:
    """Try an act and take it back; return how it was refused."""
    savepoint = transaction.savepoint()
    try:
        command(**words)
    except (Refused, TransitionNotAllowed) as refusal:
        return type(refusal)
    else:
        return None
    finally:
        transaction.savepoint_rollback(savepoint)


@contextmanager
def nothing_told() -> Iterator[None]:
    before = AuditEntry.objects.count(), OutboxEvent.objects.count()
    yield
    assert (AuditEntry.objects.count(), OutboxEvent.objects.count()) == before


def entries(request: Request) -> list[dict[str, Any]]:
    rows = AuditEntry.objects.filter(subject=request.key).order_by("seq")
    return [json.loads(row.body) for row in rows]


def replayed(request: Request) -> tuple[str, dict[int, str]]:
    """Return the state of the request and of its steps as its entries alone tell it."""
    state, steps = "", {}
    for entry in entries(request):
        state = entry["after"]
        steps |= dict(entry["facts"]["moved"])
    return state, steps


def as_kept(request: Request) -> tuple[str, dict[int, str]]:
    return fresh(request).state, {step.pk: str(step.state) for step in request.steps.all()}


def no_deputies() -> None:
    """Forget whom the city has registered: a story registers its own."""
    Deputy.objects.all().delete()


def deputise(principal: str, *deputies: str, kind: str = "substitute", **more: Any) -> None:
    usual = {"since": TODAY - timedelta(days=30), "source": "事務決裁規程第8条"}
    for order, code in enumerate(deputies, 1):
        Deputy.objects.create(
            post=post(principal),
            deputy=post(code),
            kind=DeputyKind(kind),
            order=order,
            **usual | more,
        )


def away(code: str, *, since: date = TODAY, until: date = TODAY) -> None:
    Absence.objects.create(post=post(code), since=since, until=until, reason="出張")


def vacate(code: str) -> None:
    Appointment.objects.filter(post=post(code)).update(until=TODAY - timedelta(days=1))


def also_holds(who: str, code: str) -> None:
    """兼務, in place of whoever held the post."""
    vacate(code)
    Appointment.objects.create(
        user=user(who), post=post(code), since=TODAY, until=None, is_concurrent=True
    )
