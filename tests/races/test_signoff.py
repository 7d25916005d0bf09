from collections.abc import Callable
from time import sleep
from typing import Any

import pytest
from django.db import transaction
from django_fsm import TransitionNotAllowed

from tests.factories import NOON, request_to, user
from workflow.models import AuditEntry, OutboxEvent, Request, Signature, Step
from workflow.signoff import commands
from workflow.signoff.parts import freeze

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


@pytest.mark.postgres
def test_who_waited_while_the_content_changed_is_not_told_that_it_is_gone(
    city: None, together: Callable[..., list[Any]]
) -> None:
    request = request_to("joho-kacho")
    step, by = request.steps.get(), user("joho-kacho")

    def change() -> None:
        with transaction.atomic():
            locked = Request.objects.select_for_update().get(pk=request.pk)
            sleep(0.6)
            locked.content = freeze("書き直した本文")
            locked.save()

    def approve() -> Request:
        sleep(0.2)
        return commands.approve(step_id=step.pk, by=by, at=NOON)

    _, approved = together(change, approve)
    assert approved.content.body == "書き直した本文"
