"""まとめて確認: 後閲 and 供覧, each with its own act or its own refusal."""

from collections.abc import Iterable

import pytest
from django.test import Client

from tests.counting import at_most
from tests.factories import NOON, user
from tests.workflow.signoff.lines import (
    act,
    as_kept,
    entries,
    fresh,
    nothing_told,
    replayed,
    sent_round,
    step_of,
    vacate,
)
from workflow.models import AuditEntry, OutboxEvent, Reading, Request, Signature, Step
from workflow.signoff.commands_bulk import Outcome, read_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

WHO = "joho-kacho"


def passed_over(**more: str) -> Request:
    request = sent_round(WHO, "d:fuku-shicho-a", **more)
    return act(request, "pull_up", "fuku-shicho-a")


def informed(**more: str) -> Request:
    request = sent_round("d:fuku-shicho-a", f"i:{WHO}", **more)
    return act(request, "approve", "fuku-shicho-a")


def open_all(requests: Iterable[Request], who: str = WHO) -> None:
    Reading.objects.bulk_create(
        Reading(request=r, user=user(who), attempt=r.attempt, content=r.content, at=NOON)
        for r in requests
    )


def confirm(*steps: Step, who: str = WHO) -> Outcome:
    return read_all(step_ids=[step.pk for step in steps], by=user(who), at=NOON)


def test_each_is_left_as_read_or_refused_by_itself() -> None:
    review, receipt, unread = passed_over(), informed(), informed(body="別")
    waiting, done = sent_round("d:fuku-shicho-a", f"i:{WHO}", body="前"), informed(body="済")
    open_all([review, receipt, waiting, done])
    act(done, "read", WHO)
    steps = [step_of(r, WHO) for r in (review, receipt, unread, waiting, done)]
    before = Signature.objects.count()

    outcome = confirm(*steps)

    assert set(outcome.done) == {steps[0].pk, steps[1].pk}
    assert set(outcome.refused) == {s.pk for s in steps[2:]}
    assert "まだ開いていない" in outcome.refused[steps[2].pk]
    assert [entries(r)[-1]["verb"] for r in (review, receipt)] == [
        "signoff.post_reviewed",
        "signoff.read",
    ]
    assert Signature.objects.count() == before + 1  # a 供覧 is no signature
    told = OutboxEvent.objects.filter(kind="signoff.post_reviewed")
    assert [event.users for event in told] == [[review.drafter_id]]
    assert all(replayed(r) == as_kept(r) for r in (review, receipt, unread, waiting, done))
    with nothing_told():
        assert confirm(*steps).done == []


def test_nobody_reads_for_another() -> None:
    review = passed_over()
    for who in ("joho-tanto", "somu-bucho", "fuku-shicho-a", "shicho", "kansa", "kanri", "iin-1"):
        open_all([review], who)
        with nothing_told():
            assert list(confirm(step_of(review, WHO), who=who).refused) == [step_of(review, WHO).pk]
    vacate(WHO)
    open_all([review])
    with nothing_told():
        assert confirm(step_of(review, WHO)).done == []


def test_two_of_the_same_request_are_two_acts() -> None:
    request = sent_round(WHO, "d:fuku-shicho-a", f"i:{WHO}")
    act(request, "pull_up", "fuku-shicho-a")
    open_all([request])
    outcome = confirm(*request.steps.filter(post__code=WHO))
    assert len(outcome.done) == 2
    assert [e["verb"] for e in entries(request)[-2:]] == ["signoff.post_reviewed", "signoff.read"]
    assert replayed(request) == as_kept(request)
    assert fresh(request).chain_length == len(entries(request))


@pytest.mark.parametrize("many", [3, 30])
def test_the_same_statements_for_few_and_many(many: int) -> None:
    found = [make(body=f"{n}") for n in range(many) for make in (passed_over, informed)]
    open_all(found)
    steps = [step_of(request, WHO) for request in found]
    with at_most(10):
        assert len(confirm(*steps).done) == 2 * many
    assert AuditEntry.objects.filter(verb="signoff.read").count() == many


def test_whoever_opens_it_can_pick_it(client: Client) -> None:
    seen, unseen = passed_over(title="読んだ件"), passed_over(title="まだの件", body="別")
    client.force_login(user(WHO))
    client.get(f"/requests/{seen.pk}/")
    rows = client.get("/requests/review/").context["rows"]
    assert {row.request.title: row.opened for row in rows} == {"読んだ件": True, "まだの件": False}
    picked = {"ids": [step_of(r, WHO).pk for r in (seen, unseen)], "tab": "review"}
    page = client.post("/requests/read/", picked)
    assert [step.request for step in page.context["done"]] == [seen]
    assert [step.request for step, _reason in page.context["refused"]] == [unseen]
    assert page.context["back"] == "/requests/review/"
    nothing = client.post("/requests/read/", {"ids": ["x"], "tab": "informed"})
    assert nothing["Location"] == "/requests/informed/"
    assert client.post("/requests/read/", {"tab": "所"})["Location"] == "/requests/"
