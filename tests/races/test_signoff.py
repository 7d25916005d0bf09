from collections.abc import Callable
from time import sleep
from typing import Any

import pytest
from django.db import transaction
from django_fsm import TransitionNotAllowed

from tests.factories import NOON, circulating, request_to, user
from tests.workflow.signoff.lines import away, deputise, line
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


@pytest.mark.postgres
def test_who_waited_for_the_approval_before_theirs_finds_that_it_is_their_turn(
    city: None, together: Callable[..., list[Any]]
) -> None:
    request = request_to("joho-kacho", "somu-bucho")
    first, second = request.steps.all()

    def approve_first() -> None:
        with transaction.atomic():  # holds the lock for a while, as an approval does
            Request.objects.select_for_update().get(pk=request.pk)
            sleep(0.3)
            approve.__wrapped__(step_id=first.pk, by=user("joho-kacho"), at=NOON)

    def approve_second() -> Request:
        sleep(0.1)
        return approve(step_id=second.pk, by=user("somu-bucho"), at=NOON)

    approve = commands.approve
    _, decided = together(approve_first, approve_second)
    assert decided.state == "decided"


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


def test_two_deputies_at_once_decide_once(city: None, together: Callable[..., list[Any]]) -> None:
    """Both are registered first, each by a rule of its own; one of them is too late."""
    deputise("fuku-shicho-a", "fuku-shicho-b")
    deputise("fuku-shicho-a", "somu-bucho", kind="acting")
    away("fuku-shicho-a")
    for _ in range(5):
        step = request_to("fuku-shicho-a").steps.get()
        results = together(
            *(
                lambda who=who, pk=step.pk: commands.approve(step_id=pk, by=user(who), at=NOON)
                for who in ("fuku-shicho-b", "somu-bucho")
            )
        )
        assert sum(isinstance(r, Exception) for r in results) == 1
        assert AuditEntry.objects.filter(subject=step.request.key).count() == 2
        assert Signature.objects.filter(step=step).count() == 1


def test_pull_up_and_approval_of_who_is_passed_over_exclude_each_other(
    city: None, together: Callable[..., list[Any]]
) -> None:
    for _ in range(5):
        request = request_to("joho-kacho", "somu-bucho", "fuku-shicho-a")
        first, second, third = request.steps.all()
        results = together(
            lambda s=first: commands.approve(step_id=s.pk, by=user("joho-kacho"), at=NOON),
            lambda s=third: commands.pull_up(step_id=s.pk, by=user("fuku-shicho-a"), at=NOON),
        )
        assert not isinstance(results[1], Exception)
        done = Step.objects.get(pk=first.pk).state
        late = isinstance(results[0], TransitionNotAllowed)
        assert done == ("post_review_due" if late else "approved")
        assert Step.objects.get(pk=second.pk).state == "post_review_due"
        assert Request.objects.get(pk=request.pk).state == "decided"


def test_the_last_two_of_n_of_m_neither_double_nor_stick(
    city: None, together: Callable[..., list[Any]]
) -> None:
    for _ in range(5):
        request = circulating(
            line("koho-kacho+jinji-kacho+zaisan-kacho", "d:fuku-shicho-a", needed=2)
        )
        one, two, three, last = request.steps.all()
        commands.approve(step_id=one.pk, by=user("koho-kacho"), at=NOON)
        results = together(
            *(
                lambda s=step: commands.approve(step_id=s.pk, by=user(s.post.code), at=NOON)
                for step in (two, three)
            )
        )
        assert sum(isinstance(r, TransitionNotAllowed) for r in results) == 1
        beside = {Step.objects.get(pk=step.pk).state for step in (two, three)}
        assert beside == {"approved", "closed"}
        assert Step.objects.get(pk=last.pk).state == "active"
