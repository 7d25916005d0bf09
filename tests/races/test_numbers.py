from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import NOON, request_to, user
from workflow.authority.about import About
from workflow.errors import Unmet
from workflow.models import DocumentSeries, Request
from workflow.signoff import commands, commands_record
from workflow.signoff.numbers import give_number

pytestmark = pytest.mark.django_db(transaction=True)


def test_twenty_decisions_at_once_take_one_to_twenty(
    city: None, together: Callable[..., list[Any]]
) -> None:
    """The series itself begins in the race."""
    requests = [
        request_to("joho-kacho", kind="test.numbered", about=About(symbol="競")) for _ in range(20)
    ]
    steps, by = [r.steps.get().pk for r in requests], user("joho-kacho")
    assert not DocumentSeries.objects.exists()
    results = together(
        *(lambda pk=pk: commands.approve(step_id=pk, by=by, at=NOON) for pk in steps)
    )
    assert [r for r in results if isinstance(r, Exception)] == []
    numbers = Request.objects.values_list("document_number", flat=True)
    assert sorted(numbers) == list(range(1, 21))
    assert DocumentSeries.objects.get().last == 20
    with pytest.raises(RuntimeError):
        give_number(requests[0])  # outside of a transaction


def test_two_corrections_at_once_are_one(city: None, together: Callable[..., list[Any]]) -> None:
    old = request_to("joho-kacho", kind="test.numbered")
    commands.approve(step_id=old.steps.get().pk, by=user("joho-kacho"), at=NOON)

    def correct(who: str) -> Any:
        words = {"text": "正しい本文", "reason": "誤り"}
        return commands_record.correct(request_id=old.pk, by=user(who), at=NOON, **words)

    results = together(lambda: correct("joho-tanto"), lambda: correct("joho-kacho"))
    assert sum(isinstance(r, Unmet) for r in results) == 1
    assert Request.objects.get(corrects=old).state == "circulating"
