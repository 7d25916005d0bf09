"""まとめて承認: every state and person at once; each row has its own act or its own refusal."""

import json
from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from tests.counting import at_most
from tests.factories import NOON, TODAY, circulating, post, request_to, user
from tests.workflow.signoff.lines import away, deputise, no_deputies
from workflow.authority.line import Turn
from workflow.authority.states import StepRole
from workflow.models import (
    Absence,
    Appointment,
    AuditEntry,
    Deputy,
    OutboxEvent,
    Reading,
    Request,
    Signature,
    Step,
)
from workflow.signoff import commands
from workflow.signoff.commands_bulk import Outcome, approve_all
from workflow.signoff.kinds import Kind, register
from workflow.signoff.parts import recirculate

pytestmark = pytest.mark.django_db

effects: list[int] = []
register(Kind("test.effect", "試験", decided=lambda request, **_: effects.append(request.pk)))


def first(request: Request) -> Step:
    return request.steps.earliest("order", "pk")


def open_all(who: str, steps: Iterable[Step]) -> None:
    """As the page does when a signer opens it."""
    Reading.objects.bulk_create(
        Reading(
            request=step.request,
            user=user(who),
            attempt=step.request.attempt,
            content=step.request.content,
            at=NOON,
        )
        for step in steps
    )


def approve(who: str, *steps: Step) -> Outcome:
    return approve_all(step_ids=[step.pk for step in steps], by=user(who), at=NOON)


def left_behind() -> tuple[int, int, int]:
    return AuditEntry.objects.count(), OutboxEvent.objects.count(), Signature.objects.count()


def test_each_gets_its_own_act_or_its_own_refusal(city: None) -> None:
    going = request_to("joho-kacho", "shicho")
    deciding = request_to("joho-kacho")
    unread = request_to("joho-kacho")
    back = request_to("joho-kacho", "shicho")
    anew = request_to("joho-kacho", "shicho", body="別")
    theirs = request_to("somu-bucho", "joho-kacho")
    steps = [first(r) for r in (going, deciding, unread, back, anew, theirs)]
    open_all("joho-kacho", (s for s in steps if s.request != unread))
    commands.send_back(step_id=first(back).pk, by=user("joho-kacho"), at=NOON, reason="再検討")
    commands.approve(step_id=first(anew).pk, by=user("joho-kacho"), at=NOON)
    waiting = theirs.steps.latest("order")
    before = left_behind()

    outcome = approve("joho-kacho", *steps, waiting)

    assert set(outcome.done) == {first(going).pk, first(deciding).pk}
    assert set(outcome.refused) == {s.pk for s in (*steps[2:], waiting)}
    assert "まだ開いていない" in outcome.refused[first(unread).pk]
    assert "総務部長" in outcome.refused[first(theirs).pk]
    assert "この操作はできません" in outcome.refused[first(back).pk]
    entries, events, signatures = (a - b for a, b in zip(left_behind(), before, strict=True))
    assert (entries, events, signatures) == (2, 2, 2)
    assert [e.verb for e in AuditEntry.objects.order_by("-pk")[:2]] == [
        "signoff.decided",
        "signoff.approved",
    ]
    assert Request.objects.get(pk=deciding.pk).state == "decided"
    assert {s.step_id for s in Signature.objects.filter(at=NOON).order_by("-pk")[:2]} == set(
        outcome.done
    )
    again = approve("joho-kacho", *steps)
    assert (again.done, left_behind()) == ([], tuple(a + 2 for a in before))


def test_nobody_signs_for_others(city: None) -> None:
    step = first(request_to("joho-kacho"))
    before = left_behind()
    for who in ("joho-tanto", "somu-bucho", "shicho", "kansa", "kanri", "iin-1"):
        open_all(who, [step])
        assert list(approve(who, step).refused) == [step.pk]
    assert left_behind() == before


def test_a_concurrence_is_agreed_to_and_one_hand_signs_once(city: None) -> None:
    line = [
        Turn(1, StepRole.CONCURRENCE, post("koho-kacho")),
        Turn(2, StepRole.LINE, post("joho-kacho")),
        Turn(3, StepRole.DECIDER, post("somu-bucho")),
    ]
    request = circulating(line)
    Appointment.objects.create(user=user("joho-kacho"), post=post("somu-bucho"), since=TODAY)
    asked, chief, director = request.steps.order_by("order")
    open_all("koho-kacho", [asked])
    assert approve("koho-kacho", asked).done == [asked.pk]
    open_all("joho-kacho", [chief])
    assert set(approve("joho-kacho", chief, director).done) == {chief.pk, director.pk}
    states = [s.state for s in request.steps.order_by("order")]
    assert states == ["concurred", "approved", "approved"]
    assert Signature.objects.filter(step__request=request).count() == 3


def test_effects_and_deputies_act_alone_and_fail_alone(city: None) -> None:
    effects.clear()
    moved = request_to("joho-kacho", kind="test.effect")
    unread = request_to("joho-kacho", kind="test.effect")
    open_all("joho-kacho", [first(moved)])
    outcome = approve("joho-kacho", first(moved), first(unread))
    assert (outcome.done, list(outcome.refused)) == ([first(moved).pk], [first(unread).pk])
    assert effects == [moved.pk]

    no_deputies()
    Absence.objects.create(post=post("shicho"), since=TODAY, until=TODAY, reason="出張")
    rule = {"since": TODAY - timedelta(1), "source": "代決規程第3条", "kind": "substitute"}
    Deputy.objects.create(post=post("shicho"), deputy=post("fuku-shicho-a"), **rule)
    lent = first(request_to("shicho"))
    open_all("fuku-shicho-a", [lent])
    assert approve("fuku-shicho-a", lent).done == [lent.pk]
    lent = Step.objects.get(pk=lent.pk)
    assert (lent.acted_as, lent.acted_by) == ("substitute", user("fuku-shicho-a"))


@pytest.mark.parametrize("many", [3, 30])
def test_the_same_statements_for_few_and_many(city: None, many: int) -> None:
    steps = [first(request_to("joho-kacho", "shicho", body=f"{n}")) for n in range(many)]
    open_all("joho-kacho", steps)
    with at_most(12):
        assert len(approve("joho-kacho", *steps).done) == many


@pytest.mark.parametrize("many", [3, 30])
def test_an_absent_decider_costs_one_statement_for_all(city: None, many: int) -> None:
    no_deputies()
    deputise("shicho", "fuku-shicho-a")
    away("shicho")
    steps = [first(request_to("joho-kacho", "shicho", body=f"{n}")) for n in range(many)]
    open_all("joho-kacho", steps)
    with at_most(13):
        assert len(approve("joho-kacho", *steps).done) == many
    told = OutboxEvent.objects.filter(kind="signoff.approved").order_by("-pk")[:many]
    deputy = post("fuku-shicho-a").group_id
    assert [deputy in event.groups for event in told] == [True] * many


def test_the_page_says_what_was_done_and_what_was_not(city: None, client: Client) -> None:
    read, unread = (
        request_to("joho-kacho", title="読んだ件"),
        request_to("joho-kacho", title="まだの件"),
    )
    client.force_login(user("joho-kacho"))
    client.get(f"/requests/{read.pk}/")
    page = client.post("/requests/approve/", {"ids": [first(read).pk, first(unread).pk]})
    assert [step.request for step in page.context["done"]] == [read]
    assert [step.request for step, _ in page.context["refused"]] == [unread]
    assert f"/requests/{unread.pk}/" in page.content.decode()
    assert client.post("/requests/approve/", {"ids": ["x"]}).status_code == 302


def test_a_strangers_item_is_not_even_named(city: None, client: Client) -> None:
    other = first(request_to("somu-bucho", title="ひみつの件"))
    client.force_login(user("koho-kacho"))
    page = client.post("/requests/approve/", {"ids": [other.pk, 10**9]})
    assert "ひみつの件" not in page.content.decode()


def test_what_is_decided_together_is_numbered_without_a_gap(city: None) -> None:
    steps = [first(request_to("joho-kacho", kind="test.numbered", body=f"{n}")) for n in range(3)]
    open_all("joho-kacho", [steps[0], steps[2]])
    with at_most(13):
        approve("joho-kacho", *steps)
    found = Request.objects.filter(kind="test.numbered").order_by("pk")
    assert [request.document_number for request in found] == [1, None, 2]
    entries = AuditEntry.objects.filter(verb="signoff.decided").order_by("pk")
    assert [json.loads(e.body)["facts"]["number"] for e in entries] == [
        found[0].number,
        found[2].number,
    ]


def test_what_went_round_anew_is_refused_and_not_lost(city: None) -> None:
    request = request_to("joho-kacho", "shicho")
    old = first(request)
    commands.send_back(step_id=old.pk, by=user("joho-kacho"), at=NOON, reason="再検討")
    with transaction.atomic():
        again = Request.objects.select_for_update().get(pk=request.pk)
        turns = [
            Turn(1, StepRole.LINE, post("joho-kacho")),
            Turn(2, StepRole.DECIDER, post("shicho")),
        ]
        words = {"body": "改めて", "by": user("joho-tanto"), "post": post("joho-tanto"), "at": NOON}
        recirculate(again, steps=turns, **words)
    outcome = approve("joho-kacho", old)
    assert (outcome.done, list(outcome.refused)) == ([], [old.pk])
    assert "回議に付され" in outcome.refused[old.pk]


@pytest.mark.parametrize("kind", ["test.plain", "test.effect"])
def test_what_somebody_dissents_from_is_decided_on_its_page(city: None, kind: str) -> None:
    """Opened before the dissent, it is not read yet."""
    line = [
        Turn(1, StepRole.CONCURRENCE, post("koho-kacho")),
        Turn(2, StepRole.LINE, post("joho-kacho")),
        Turn(3, StepRole.DECIDER, post("shicho")),
    ]
    request = circulating(line, kind=kind)
    asked, chief, mayor = request.steps.order_by("order")
    commands.dissent(step_id=asked.pk, by=user("koho-kacho"), at=NOON, reason="裏付けがない")
    open_all("joho-kacho", [chief])
    open_all("shicho", [mayor])
    assert approve("joho-kacho", chief).done == [chief.pk]
    before = left_behind()
    outcome = approve("shicho", mayor)
    assert "不同意" in outcome.refused[mayor.pk]
    assert left_behind() == before
