"""What each act of a circulation leads to."""

import json

import pytest

from tests.counting import at_most
from tests.factories import NOON, TODAY, user
from tests.workflow.signoff.lines import (
    act,
    also_holds,
    as_kept,
    away,
    entries,
    fresh,
    nothing_told,
    offered,
    replayed,
    sent_round,
    states,
    step_of,
    vacate,
)
from workflow.errors import Invalid, NotAllowed, Unmet
from workflow.models import OutboxEvent, Post, Signature
from workflow.signoff import commands
from workflow.signoff.queries_inbox import inbox

pytestmark = pytest.mark.django_db

LINE = ("joho-kacho", "c:koho-kacho+c:jinji-kacho", "somu-bucho", "d:fuku-shicho-a")


def told() -> list[tuple[str, str]]:
    """Return what was told last, and to which groups."""
    entry = OutboxEvent.objects.latest("pk").entry_id
    events = OutboxEvent.objects.filter(entry=entry).order_by("pk")
    return [(event.kind, event.facts.get("act", "")) for event in events]


def heard(request) -> None:
    act(request, "approve", "joho-kacho")
    act(request, "dissent", "koho-kacho", reason="予算の裏付けがない")
    act(request, "concur", "jinji-kacho", comment="人員は足りる")


def test_a_dissent_goes_on_to_the_decider_and_into_what_they_sign(city: None) -> None:
    request = sent_round(*LINE)
    heard(request)
    assert states(request)["somu-bucho"] == "active"
    act(request, "approve", "somu-bucho")
    act(request, "approve", "fuku-shicho-a")
    meanings = list(Signature.objects.order_by("pk").values_list("meaning", flat=True))
    assert meanings == [
        "approved",
        "dissented",
        "concurred_with_opinion",
        "approved",
        "approved",
    ]
    statement = json.loads(Signature.objects.latest("pk").statement)
    assert [d["post"] for d in statement["dissents"]] == ["広報広聴課長"]
    assert json.loads(Signature.objects.earliest("pk").statement)["dissents"] == []
    assert "予算の裏付けがない" in [entry["reason"] for entry in entries(request)]


def test_n_of_m_closes_the_others_and_a_pull_back_opens_them(city: None) -> None:
    request = sent_round("c:koho-kacho+c:jinji-kacho+c:zaisan-kacho", "d:fuku-shicho-a", needed=2)
    act(request, "dissent", "koho-kacho")  # heard, but none of the two
    act(request, "concur", "jinji-kacho")
    assert states(request)["zaisan-kacho"] == "active"
    act(request, "concur", "zaisan-kacho")
    assert states(request)["fuku-shicho-a"] == "active"

    request = sent_round("koho-kacho+jinji-kacho+zaisan-kacho", "d:fuku-shicho-a", needed=2)
    act(request, "hold", "zaisan-kacho")
    act(request, "approve", "koho-kacho")
    act(request, "approve", "jinji-kacho")
    assert states(request) == {
        "koho-kacho": "approved",
        "jinji-kacho": "approved",
        "zaisan-kacho": "closed",
        "fuku-shicho-a": "active",
    }
    act(request, "pull_back", "jinji-kacho")
    assert states(request) == {
        "koho-kacho": "approved",
        "jinji-kacho": "active",
        "zaisan-kacho": "active",
        "fuku-shicho-a": "waiting",
    }
    assert replayed(request) == as_kept(request)


@pytest.mark.parametrize("rerun", [True, False])
def test_send_back_to_an_earlier_step(city: None, rerun: bool) -> None:
    request = sent_round(*LINE)
    heard(request)
    act(request, "approve", "somu-bucho")
    signed = Signature.objects.count()
    target = step_of(request, "joho-kacho")
    act(request, "send_back", "fuku-shicho-a", to_step_id=target.pk, rerun=rerun)
    assert told() == [("signoff.sent_back", "again")]
    assert fresh(request).state == "circulating"
    between = "waiting" if rerun else None
    assert states(request) == {
        "joho-kacho": "active",
        "koho-kacho": between or "dissented",
        "jinji-kacho": between or "concurred",
        "somu-bucho": between or "approved",
        "fuku-shicho-a": "waiting",
    }
    assert Signature.objects.count() == signed + 1  # what was signed stays, and so does the return
    act(request, "approve", "joho-kacho")
    turn = {code for code, state in states(request).items() if state == "active"}
    assert turn == ({"koho-kacho", "jinji-kacho"} if rerun else {"fuku-shicho-a"})
    assert replayed(request) == as_kept(request)


def test_send_back_reaches_only_who_signed_before(city: None) -> None:
    request = sent_round(*LINE)
    act(request, "approve", "joho-kacho")
    for code in ("jinji-kacho", "fuku-shicho-a", "koho-kacho"):
        with pytest.raises(Invalid):
            act(request, "send_back", "koho-kacho", to_step_id=step_of(request, code).pk)
    minutes = sent_round("joho-kacho", "s:somu-bucho")
    act(minutes, "approve", "joho-kacho")
    with pytest.raises(Invalid):
        act(minutes, "send_back", "somu-bucho", to_step_id=step_of(minutes, "joho-kacho").pk)


def test_a_step_held_keeps_its_reason_until_somebody_acts(city: None) -> None:
    request = sent_round(*LINE)
    act(request, "hold", "joho-kacho", reason="照会中")
    step = step_of(request, "joho-kacho")
    assert (step.state, step.comment, step.acted_at) == ("held", "照会中", NOON)
    assert step in inbox(user("joho-kacho"), TODAY)
    act(request, "resume", "joho-kacho")
    assert step_of(request, "joho-kacho").comment == ""
    act(request, "hold", "joho-kacho", reason="照会中")
    act(request, "approve", "joho-kacho")
    assert states(request)["joho-kacho"] == "approved"


def test_holding_is_not_acting(city: None) -> None:
    request = sent_round("joho-kacho", "somu-bucho", "d:fuku-shicho-a")
    act(request, "approve", "joho-kacho")
    act(request, "hold", "somu-bucho")
    act(request, "pull_back", "joho-kacho")
    assert states(request) == {
        "joho-kacho": "active",
        "somu-bucho": "waiting",
        "fuku-shicho-a": "waiting",
    }


def test_who_is_passed_over_reads_it_afterwards(city: None) -> None:
    request = sent_round("joho-kacho", "somu-bucho", "d:fuku-shicho-a", "i:zaisan-kacho")
    act(request, "pull_up", "somu-bucho")
    assert states(request)["joho-kacho"] == "post_review_due"
    assert told() == [("signoff.pulled_up", "sign"), ("signoff.pulled_up", "review")]
    act(request, "pull_back", "somu-bucho")
    assert states(request)["joho-kacho"] == "active"
    act(request, "pull_up", "fuku-shicho-a")
    assert fresh(request).state == "decided"
    assert told() == [
        ("signoff.decided", ""),
        ("signoff.decided", "read"),
        ("signoff.decided", "review"),
    ]
    assert entries(request)[-1]["facts"]["passed_over"] == ["情報システム課長", "総務部長"]
    act(request, "post_review", "joho-kacho", comment="承知しました")
    act(request, "read", "zaisan-kacho")
    assert states(request) == {
        "joho-kacho": "post_reviewed",
        "somu-bucho": "post_review_due",
        "fuku-shicho-a": "approved",
        "zaisan-kacho": "read",
    }
    assert Signature.objects.filter(step=step_of(request, "zaisan-kacho")).count() == 0
    assert replayed(request) == as_kept(request)


def test_one_of_many_who_pulls_up_signs_no_further_than_their_own_turn(city: None) -> None:
    """n-of-m: the second must still agree before what the first holds besides is signed."""
    also_holds("koho-kacho", "somu-bucho")
    many = "koho-kacho+jinji-kacho+zaisan-kacho"
    request = sent_round("joho-kacho", many, "somu-bucho", "d:fuku-shicho-a", needed=2)
    act(request, "pull_up", "koho-kacho")
    assert states(request) == {
        "joho-kacho": "post_review_due",
        "koho-kacho": "approved",
        "jinji-kacho": "active",
        "zaisan-kacho": "active",
        "somu-bucho": "waiting",
        "fuku-shicho-a": "waiting",
    }
    assert replayed(request) == as_kept(request)


def test_a_concurrence_is_not_passed_over_but_when_nobody_holds_the_post(city: None) -> None:
    request = sent_round(*LINE)
    act(request, "approve", "joho-kacho")
    with pytest.raises(Unmet) as refusal:
        act(request, "pull_up", "somu-bucho")
    assert [m.what[:6] for m in refusal.value.missing] == ["広報広聴課長", "人事課長（合"]
    act(request, "concur", "jinji-kacho")
    vacate("koho-kacho")
    assert "pull_up" in offered(request, "somu-bucho")
    act(request, "pull_up", "somu-bucho")
    assert states(request)["koho-kacho"] == "post_review_due"


def test_an_absent_intermediate_approver_is_passed_over_by_itself(city: None) -> None:
    away("somu-bucho")
    away("joho-kacho")
    request = sent_round("joho-kacho", "somu-bucho", "d:fuku-shicho-a")
    assert states(request) == {
        "joho-kacho": "post_review_due",
        "somu-bucho": "post_review_due",
        "fuku-shicho-a": "active",
    }
    only = sent_round("somu-bucho")  # the last one is waited for
    assert states(only) == {"somu-bucho": "active"}
    assert replayed(request) == as_kept(request)


def test_who_holds_both_posts_signs_once(city: None) -> None:
    also_holds("joho-kacho", "somu-bucho")
    request = sent_round("joho-kacho", "somu-bucho", "d:fuku-shicho-a")
    act(request, "approve", "joho-kacho")
    assert states(request)["fuku-shicho-a"] == "active"
    first, second = Signature.objects.order_by("pk")
    assert json.loads(first.statement)["with_step"] is None
    said = json.loads(second.statement)
    assert (said["with_step"], said["post"]["name"]) == (first.step_id, "総務部長")
    assert len([e for e in entries(request) if e["verb"] == "signoff.approved"]) == 1
    act(request, "pull_back", "joho-kacho")  # as it was one act, it is taken back as one
    assert states(request) == {
        "joho-kacho": "active",
        "somu-bucho": "waiting",
        "fuku-shicho-a": "waiting",
    }
    assert Signature.objects.filter(meaning="pulled_back").count() == 2


def test_who_holds_both_posts_signs_twice_across_a_concurrence(city: None) -> None:
    also_holds("joho-kacho", "somu-bucho")
    request = sent_round("joho-kacho", "c:koho-kacho", "somu-bucho", "d:fuku-shicho-a")
    act(request, "approve", "joho-kacho")
    assert states(request)["koho-kacho"] == "active"
    act(request, "concur", "koho-kacho")
    assert states(request)["somu-bucho"] == "active"


def test_those_involved_are_told_of_a_remark(city: None) -> None:
    request = sent_round(*LINE)
    act(request, "approve", "joho-kacho")
    act(request, "comment", "somu-bucho", comment="別表の番号を確かめてください")
    event = OutboxEvent.objects.latest("pk")
    assert event.users == sorted([user("joho-tanto").pk, user("joho-kacho").pk])
    assert len(event.groups) == 2  # whose turn it is
    assert fresh(request).state == "circulating"
    for stranger in ("shicho", "kansa", "toshokan-kacho"):
        with pytest.raises(NotAllowed):
            act(request, "comment", stranger)


def test_the_successor_takes_up_what_a_drafter_left(city: None) -> None:
    request = sent_round(*LINE)
    also_holds("joho-kacho", "joho-tanto")
    with pytest.raises(NotAllowed):
        act(request, "withdraw", "joho-tanto")
    assert act(request, "withdraw", "joho-kacho").state == "withdrawn"


@pytest.mark.parametrize("more", [0, 60])
def test_no_act_takes_more_statements_for_more_steps(city: None, more: int) -> None:
    others = [p.code for p in Post.objects.exclude(code__in=["joho-kacho", "somu-bucho"])[:more]]
    request = sent_round("joho-kacho", "somu-bucho", *others, "d:fuku-shicho-b")
    first_by, early_by = user("joho-kacho"), user("somu-bucho")
    early = step_of(request, "somu-bucho").pk
    first = step_of(request, "joho-kacho").pk
    with at_most(8):
        commands.approve(step_id=first, by=first_by, at=NOON)
    with at_most(9):
        commands.pull_back(request_id=request.pk, by=first_by, at=NOON)
    with at_most(9):
        commands.pull_up(step_id=early, by=early_by, at=NOON)


def test_who_pulls_up_signs_their_next_turn_too(city: None) -> None:
    also_holds("somu-bucho", "fuku-shicho-a")
    request = sent_round("joho-kacho", "somu-bucho", "d:fuku-shicho-a")
    act(request, "pull_up", "somu-bucho")
    assert fresh(request).state == "decided"
    first, second = Signature.objects.order_by("pk")
    assert json.loads(second.statement)["with_step"] == first.step_id
    assert replayed(request) == as_kept(request)


def test_who_is_informed_after_the_decision_says_nothing_before(city: None) -> None:
    request = sent_round("joho-kacho", "d:somu-bucho", "i:zaisan-kacho")
    with pytest.raises(NotAllowed), nothing_told():
        act(request, "comment", "zaisan-kacho")
    act(request, "approve", "joho-kacho")
    act(request, "approve", "somu-bucho")
    act(request, "comment", "zaisan-kacho")


def test_a_turn_that_went_back_past_a_signature_is_not_pulled_back_to_it(city: None) -> None:
    request = sent_round("joho-kacho", "jinji-kacho", "koho-kacho", "d:somu-bucho")
    for code in ("joho-kacho", "jinji-kacho"):
        act(request, "approve", code)
    target = step_of(request, "joho-kacho").pk
    act(request, "send_back", "koho-kacho", to_step_id=target, rerun=False)
    with nothing_told():
        for who in ("joho-kacho", "jinji-kacho"):
            with pytest.raises(NotAllowed):
                act(request, "pull_back", who)
    assert "pull_back" not in offered(request, "jinji-kacho")
    act(request, "approve", "joho-kacho")
    act(request, "pull_back", "joho-kacho")
    assert states(request)["joho-kacho"] == "active"
