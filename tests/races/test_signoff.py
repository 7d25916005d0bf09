from collections.abc import Callable
from typing import Any

import pytest
from django_fsm import TransitionNotAllowed

from tests.factories import NOON, request_to, user
from workflow.models import AuditEntry, OutboxEvent, Request, Signature, Step
from workflow.signoff import commands

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_clicks_at_once_sign_once(city: None, together: Callable[..., list[Any]]) -> None:
    request = request_to("joho-kacho", "somu-bucho")
    step, by = request.steps.first(), user("joho-kacho")
    entries, events = AuditEntry.objects.count(), OutboxEvent.objects.count()

    def click() -> Any:
        return commands.approve(step_id=step.pk, by=by, at=NOON)

    results = together(click, click)
    assert sum(isinstance(r, TransitionNotAllowed) for r in results) == 1
    assert AuditEntry.objects.count() == entries + 1
    assert OutboxEvent.objects.count() == events + 1
    assert Signature.objects.count() == 1


def test_the_last_two_side_by_side_neither_double_nor_stick(
    city: None, together: Callable[..., list[Any]]
) -> None:
    for _ in range(10):
        request = request_to("koho-kacho+jinji-kacho", "somu-bucho")
        one, other = request.steps.filter(order=1)
        results = together(
            lambda one=one: commands.approve(step_id=one.pk, by=user(one.post.code), at=NOON),
            lambda other=other: commands.approve(
                step_id=other.pk, by=user(other.post.code), at=NOON
            ),
        )
        assert not [r for r in results if isinstance(r, Exception)]
        assert Step.objects.get(request=request, order=2).state == "active"
        assert AuditEntry.objects.filter(subject=request.key).count() == 3


def test_pull_back_and_next_approval_exclude_each_other(
    city: None, together: Callable[..., list[Any]]
) -> None:
    for _ in range(10):
        request = request_to("joho-kacho", "somu-bucho", "fuku-shicho-a")
        first, second, _third = request.steps.all()
        commands.approve(step_id=first.pk, by=user("joho-kacho"), at=NOON)
        results = together(
            lambda r=request: commands.pull_back(request_id=r.pk, by=user("joho-kacho"), at=NOON),
            lambda s=second: commands.approve(step_id=s.pk, by=user("somu-bucho"), at=NOON),
        )
        assert sum(isinstance(r, Exception) for r in results) == 1
        active = Step.objects.filter(request=request, state="active")
        assert active.count() == 1
        assert Request.objects.get(pk=request.pk).state == "circulating"


def test_sixteen_signers_at_once_are_never_locked_out(
    city: None, together: Callable[..., list[Any]]
) -> None:
    requests = [request_to("joho-kacho", body=f"本文{n}") for n in range(16)]
    by = user("joho-kacho")
    acts = [
        lambda r=r: commands.approve(step_id=r.steps.get().pk, by=by, at=NOON) for r in requests
    ]
    results = together(*acts)
    assert [r for r in results if isinstance(r, Exception)] == []
    assert Request.objects.filter(state="decided").count() == 16
