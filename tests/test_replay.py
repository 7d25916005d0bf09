"""What is laid down is what was walked."""

import pytest
from django.db import connection, transaction

from tests.counting import at_most
from tests.factories import NOON, post, request_to, user
from tests.replay import walked_once
from workflow.audit.verify import verify
from workflow.models import AuditEntry, OutboxEvent, Request, Step
from workflow.signoff import commands

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

walks: list[str] = []
kept: list[object] = []


@walked_once
def signed(body: str) -> Request:
    walks.append(body)
    request = request_to("joho-kacho", "somu-bucho", body=body)
    step = request.steps.get(order=1)
    commands.approve(step_id=step.pk, by=user("joho-kacho"), at=NOON)
    return Request.objects.get(pk=request.pk)


def rows() -> list[object]:
    tables = (Request, Step, AuditEntry, OutboxEvent)
    return [list(model.objects.order_by("pk").values()) for model in tables]


@pytest.mark.parametrize("time", range(3))
def test_rows_callbacks_and_result_are_those_of_the_walk(time: int) -> None:
    callbacks = len(connection.run_on_commit)
    result = signed("again")
    now = [rows(), result.pk, result.state, len(connection.run_on_commit) - callbacks]
    if not kept:
        kept.append(now)
    assert [now] == kept
    assert walks.count("again") == 1
    assert verify().findings == []
    active = Step.objects.get(request=result, state="active")
    assert commands.approve(step_id=active.pk, by=user("somu-bucho"), at=NOON).state == "decided"


def test_from_another_place_it_is_walked() -> None:
    signed("elsewhere")
    post("joho-kacho").save()
    signed("elsewhere")
    assert walks.count("elsewhere") == 2


@pytest.mark.parametrize("time", range(2))
def test_what_is_counted_is_walked(time: int) -> None:
    walks[:] = [body for body in walks if body != "counted"]
    with pytest.raises(AssertionError, match="statements"), at_most(3):
        signed("counted")
    assert walks.count("counted") == 1


@pytest.mark.parametrize("time", range(2))
def test_nobody_knows_where_a_rollback_leads(time: int) -> None:
    walks[:] = [body for body in walks if body != "lost"]
    with transaction.atomic():
        user("joho-kacho").save()
        transaction.set_rollback(True)
    signed("lost")
    assert walks.count("lost") == 1
