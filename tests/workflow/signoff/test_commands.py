"""決裁: every act, in every state, by everybody."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django_fsm import TransitionNotAllowed

from tests.counting import at_most
from tests.factories import NOON, TODAY, request_to, user
from workflow.errors import Invalid, NotAllowed, Stale
from workflow.models import Appointment, AuditEntry, OutboxEvent, Post, Request, Signature, Step
from workflow.signoff import commands, commands_aside

pytestmark = pytest.mark.django_db

LINE = ("joho-kacho", "somu-bucho", "fuku-shicho-a")
STATES = ["circulating", "halfway", "sent_back", "decided", "rejected", "withdrawn"]


def steps(request: Request) -> list[Step]:
    return list(request.steps.order_by("attempt", "order", "pk"))


def reach(state: str) -> Request:
    request = request_to(*LINE)
    first, second, third = steps(request)
    if state == "halfway":
        commands.approve(step_id=first.pk, by=user("joho-kacho"), at=NOON)
    if state == "sent_back":
        commands.send_back(step_id=first.pk, by=user("joho-kacho"), at=NOON, reason="再検討")
    if state == "rejected":
        for step, name in ((first, "joho-kacho"), (second, "somu-bucho")):
            commands.approve(step_id=step.pk, by=user(name), at=NOON)
        commands.reject(step_id=third.pk, by=user("fuku-shicho-a"), at=NOON, reason="見送り")
    if state == "withdrawn":
        commands.withdraw(request_id=request.pk, by=user("joho-tanto"), at=NOON, reason="不要")
    if state == "decided":
        for step, name in zip((first, second, third), LINE, strict=True):
            commands.approve(step_id=step.pk, by=user(name), at=NOON)
    return Request.objects.get(pk=request.pk)


def refused(act: Callable[[], Any], error: type[Exception], request: Request) -> None:
    before = AuditEntry.objects.count(), OutboxEvent.objects.count(), Signature.objects.count()
    state = Request.objects.get(pk=request.pk).state
    with pytest.raises(error):
        act()
    after = AuditEntry.objects.count(), OutboxEvent.objects.count(), Signature.objects.count()
    assert after == before
    assert Request.objects.get(pk=request.pk).state == state


SIGNING = [
    (commands.approve, {}),
    (commands.send_back, {"reason": "理由"}),
    (commands_aside.hold, {"reason": "理由"}),
]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("command, more", SIGNING, ids=["approve", "send_back", "hold"])
def test_first_step_is_signed_by_its_post_while_active(
    city: None, state: str, command: Any, more: dict[str, str]
) -> None:
    request = reach(state)
    step = steps(request)[0]

    def act(who: str) -> Any:
        return command(step_id=step.pk, by=user(who), at=NOON, **more)

    for stranger in ("somu-bucho", "joho-tanto", "shicho", "kansa", "kanri", "iin-1"):
        refused(lambda who=stranger: act(who), NotAllowed, request)
    if state != "circulating":
        refused(lambda: act("joho-kacho"), TransitionNotAllowed, request)
    else:
        act("joho-kacho")
        step = Step.objects.get(pk=step.pk)
        assert (step.acted_by, step.acted_at) == (user("joho-kacho"), NOON)
        assert Signature.objects.filter(step=step).count() == (step.state != "held")


def test_approve_goes_down_the_line_and_decides(city: None) -> None:
    request = reach("decided")
    assert (request.state, str(request.decided_on)) == ("decided", "2026-11-24")
    assert [s.state for s in steps(request)] == ["approved"] * 3
    verbs = AuditEntry.objects.filter(subject=request.key).order_by("seq")
    assert [e.verb for e in verbs] == [
        "signoff.circulated",
        "signoff.approved",
        "signoff.approved",
        "signoff.decided",
    ]


def test_steps_side_by_side_must_all_approve(city: None) -> None:
    request = request_to("joho-kacho", "koho-kacho+jinji-kacho", "somu-bucho")
    first, one, other, last = steps(request)
    commands.approve(step_id=first.pk, by=user("joho-kacho"), at=NOON)
    commands.approve(step_id=other.pk, by=user("jinji-kacho"), at=NOON)
    assert Step.objects.get(pk=last.pk).state == "waiting"
    commands.approve(step_id=one.pk, by=user("koho-kacho"), at=NOON)
    assert Step.objects.get(pk=last.pk).state == "active"


def test_send_back_closes_the_circulation(city: None) -> None:
    request = reach("sent_back")
    assert request.state == "draft"
    assert [s.state for s in steps(request)] == ["sent_back", "closed", "closed"]


@pytest.mark.parametrize("command", [commands.send_back, commands.reject])
def test_a_negative_act_needs_a_reason(city: None, command: Any) -> None:
    request = reach("circulating")
    step = steps(request)[0]
    refused(
        lambda: command(step_id=step.pk, by=user("joho-kacho"), at=NOON, reason=" 　"),
        Invalid,
        request,
    )


@pytest.mark.parametrize(
    "state, who, expected",
    [
        ("circulating", "joho-tanto", "draft"),
        ("circulating", "joho-kacho", NotAllowed),
        ("halfway", "joho-kacho", "circulating"),
        ("halfway", "joho-tanto", NotAllowed),
        ("halfway", "somu-bucho", NotAllowed),
        ("sent_back", "joho-tanto", TransitionNotAllowed),
        ("decided", "fuku-shicho-a", TransitionNotAllowed),
        ("decided", "joho-kacho", NotAllowed),
        ("rejected", "somu-bucho", TransitionNotAllowed),
        ("withdrawn", "joho-tanto", TransitionNotAllowed),
    ],
)
def test_pull_back(city: None, state: str, who: str, expected: Any) -> None:
    request = reach(state)

    def act() -> Request:
        return commands.pull_back(request_id=request.pk, by=user(who), at=NOON)

    if isinstance(expected, type):
        refused(act, expected, request)
    else:
        assert act().state == expected


def test_pull_back_of_an_approval_leaves_its_signature_and_the_turn(city: None) -> None:
    request = reach("halfway")
    commands.pull_back(request_id=request.pk, by=user("joho-kacho"), at=NOON)
    first, second, _ = steps(request)
    assert (first.state, second.state) == ("active", "waiting")
    meanings = Signature.objects.filter(step=first).order_by("pk").values_list("meaning", flat=True)
    assert list(meanings) == ["approved", "pulled_back"]


@pytest.mark.parametrize("state", STATES)
def test_withdraw(city: None, state: str) -> None:
    request = reach(state)

    def act(who: str) -> Request:
        return commands.withdraw(request_id=request.pk, by=user(who), at=NOON, reason="不要")

    for stranger in ("joho-kacho", "somu-bucho", "kanri", "iin-1"):
        refused(lambda who=stranger: act(who), NotAllowed, request)
    if state in ("decided", "rejected", "withdrawn"):
        refused(lambda: act("joho-tanto"), TransitionNotAllowed, request)
    else:
        assert act("joho-tanto").state == "withdrawn"


@pytest.mark.parametrize("who", ["joho-kacho", "joho-tanto"])
def test_who_left_the_post_takes_nothing_back(city: None, who: str) -> None:
    """Rights come from the post: the act stands, and the successor goes on from it."""
    request = reach("halfway" if who == "joho-kacho" else "circulating")
    Appointment.objects.filter(user=user(who)).update(until=TODAY - timedelta(days=1))

    def act() -> Any:
        return commands.pull_back(request_id=request.pk, by=user(who), at=NOON)

    refused(act, NotAllowed, request)


def test_a_drafter_who_left_the_post_withdraws_nothing(city: None) -> None:
    request = reach("circulating")
    Appointment.objects.filter(user=user("joho-tanto")).update(until=TODAY - timedelta(days=1))

    def act() -> Any:
        by = user("joho-tanto")
        return commands.withdraw(request_id=request.pk, by=by, at=NOON, reason="不要")

    refused(act, NotAllowed, request)


def test_a_stale_page_is_refused(city: None) -> None:
    request = reach("halfway")
    second = steps(request)[1]
    refused(
        lambda: commands.approve(
            step_id=second.pk, by=user("somu-bucho"), at=NOON, seen=request.chain_length - 1
        ),
        Stale,
        request,
    )


def test_the_signature_binds_the_bytes_shown(city: None) -> None:
    request = reach("halfway")
    signature = Signature.objects.get()
    assert request.content.sha256 in signature.statement
    assert '"post":{"id":' in signature.statement


@pytest.mark.parametrize("more", [0, 40])
def test_an_approval_is_one_read_and_one_write(city: None, more: int) -> None:
    others = [p.code for p in Post.objects.exclude(code__in=LINE)[:more]]
    request = request_to("joho-kacho", "somu-bucho", *others)
    step, by = steps(request)[0], user("joho-kacho")
    with at_most(2 if connection.vendor == "postgresql" else 7):  # a write a table
        commands.approve(step_id=step.pk, by=by, at=NOON)
