"""The vice-mayor is away for a week. Read it from top to bottom: who may decide, and why not."""

import json
from datetime import datetime, timedelta

import pytest

from tests.factories import NOON, TODAY, post, user
from tests.workflow.signoff.lines import (
    act,
    as_kept,
    away,
    deputise,
    entries,
    fresh,
    no_deputies,
    nothing_told,
    offered,
    replayed,
    sent_round,
    states,
    vacate,
)
from workflow.authority.about import About
from workflow.authority.states import Flag
from workflow.deadline.calendar import in_tokyo
from workflow.errors import NotAllowed
from workflow.models import Absence, Deputy, OutboxEvent, Request, Signature, Step
from workflow.signoff import commands
from workflow.signoff.queries import readable
from workflow.signoff.queries_inbox import inbox

pytestmark = pytest.mark.django_db

LINE = ("joho-kacho", "c:koho-kacho", "d:fuku-shicho-a")
FIRST, SECOND = "fuku-shicho-b", "somu-bucho"
BACK = NOON + timedelta(days=7)


@pytest.fixture(autouse=True)
def absence(city: None) -> None:
    """副市長（情報化担当） is away; 副市長, then 総務部長 substitute. 副市長 has one too."""
    no_deputies()
    deputise("fuku-shicho-a", FIRST, SECOND, since=TODAY, until=TODAY + timedelta(days=6))
    deputise(FIRST, "fukushi-bucho")
    away("fuku-shicho-a", until=TODAY + timedelta(days=6))


def at_the_decider(*, dissent: bool = False, **more: object) -> Request:
    request = sent_round(*LINE, **more)
    act(request, "approve", "joho-kacho")
    act(request, "dissent" if dissent else "concur", "koho-kacho")
    return request


def decide(request: Request, who: str, when: datetime = NOON) -> Request:
    step = request.steps.get(role="decider")
    return commands.approve(step_id=step.pk, by=user(who), at=when)


def told_no(request: Request, who: str, when: datetime = NOON) -> str:
    with nothing_told(), pytest.raises(NotAllowed) as refusal:
        decide(request, who, when)
    return str(refusal.value)


def test_the_vice_mayors_absence() -> None:
    # An important matter waits: nobody substitutes in it.
    important = at_the_decider(about=About(flags=[Flag.IMPORTANT]))
    assert "「重要」の件のため、代決はできません（事務決裁規程第8条）" in told_no(important, FIRST)

    # One that another section disagrees with waits too.
    disputed = at_the_decider(dissent=True)
    assert "合議に不同意があるため、代決はできません" in told_no(disputed, FIRST)

    # An ordinary one is for the first in order; the deputy has learned of it and finds it.
    request = at_the_decider()
    group = OutboxEvent.objects.latest("pk").groups
    assert set(group) >= {request.steps.get(role="decider").post.group_id}
    assert request.pk in {s.request_id for s in inbox(user(FIRST), TODAY)}
    assert readable(Request.objects.filter(pk=request.pk), user(FIRST), TODAY).exists()
    assert "先の順位の副市長がいるため、代決はできません" in told_no(request, SECOND)
    assert "代決者の代決（代理の代理）はできません" in told_no(request, "fukushi-bucho")
    said = told_no(request, "shicho")
    assert "1. 副市長（代決、事務決裁規程第8条）、2. 総務部長" in said

    # Outside the registered period, although the absence was prolonged.
    Absence.objects.update(until=TODAY + timedelta(days=30))
    assert "登録の期間（令和8年11月24日(火)～令和8年11月30日(月)）ではない" in told_no(
        request, FIRST, BACK
    )

    # Within it, the deputy decides; the record shows actor and principal.
    decided = decide(request, FIRST)
    step = request.steps.get(role="decider")
    assert decided.state == "decided"
    assert (step.acted_by, step.acted_post.code, step.acted_as) == (
        user(FIRST),
        FIRST,
        "substitute",
    )
    statement = json.loads(Signature.objects.get(step=step).statement)
    assert (statement["post"]["name"], statement["for_post"]["name"]) == (
        "副市長",
        "副市長（情報化担当）",
    )
    assert (statement["acting_as"], statement["basis"]) == ("substitute", "事務決裁規程第8条")
    entry = entries(request)[-1]
    assert (entry["verb"], entry["post"]["name"]) == ("signoff.decided", "副市長")
    assert entry["facts"]["for_post"]["name"] == "副市長（情報化担当）"

    # The principal's 後閲 appeared by itself, and is done on the first day back.
    assert states(request)["fuku-shicho-a"] == "post_review_due"
    assert inbox(user("fuku-shicho-a"), in_tokyo(BACK)).filter(request=request).exists()
    with pytest.raises(NotAllowed):
        act(request, "post_review", FIRST, at="fuku-shicho-a")
    act(request, "post_review", "fuku-shicho-a", comment="了承")
    assert states(request)["fuku-shicho-a"] == "post_reviewed"
    assert replayed(request) == as_kept(request)

    # What waited is decided by nobody else.
    Absence.objects.update(in_force=False)
    assert "不在ではないため" in told_no(important, FIRST, BACK - timedelta(days=2))
    assert decide(important, "fuku-shicho-a", BACK).state == "decided"


def test_who_takes_over_the_duties_is_not_barred_and_owes_no_review() -> None:
    Deputy.objects.all().delete()
    deputise("fuku-shicho-a", FIRST, kind="acting")
    important = at_the_decider(about=About(flags=[Flag.IMPORTANT]), dissent=True)
    assert decide(important, FIRST).state == "decided"
    assert not important.steps.filter(role="review").exists()
    assert important.steps.get(role="decider").acted_as == "acting"


def test_a_deputy_must_be_there_in_scope_and_in_the_post() -> None:
    request = at_the_decider()
    away(FIRST)
    assert "副市長も不在のため" in told_no(request, FIRST)
    assert decide(request, SECOND).state == "decided"  # the next in order

    Deputy.objects.update(scope=["cycle.proposal"])
    assert "範囲に入っていません" in told_no(at_the_decider(), SECOND)
    Deputy.objects.update(scope=["test.plain"])
    vacate(SECOND)
    assert "不在です" in told_no(at_the_decider(), SECOND)


def test_nobody_decides_their_own_draft_in_anothers_place() -> None:
    request = at_the_decider(drafter=FIRST)
    told_no(request, FIRST)
    assert decide(request, SECOND).state == "decided"  # the next in order, though FIRST is there


def test_a_vacancy_is_as_an_absence() -> None:
    Absence.objects.update(in_force=False)
    vacate("fuku-shicho-a")
    request = at_the_decider()
    assert "の職にある人がいません。代わって決裁できる人：1. 副市長" in told_no(request, "shicho")
    assert decide(request, FIRST).state == "decided"


def test_in_a_vacant_office_who_took_over_the_duties_decides() -> None:
    deputise("fuku-shicho-a", SECOND, kind="acting")
    request = at_the_decider()
    Absence.objects.update(in_force=False)
    vacate("fuku-shicho-a")
    assert f"先の順位の{post(SECOND).name}がいるため、代決はできません" in told_no(request, FIRST)
    assert "代わって決裁できる人：1. " + post(SECOND).name in told_no(request, "shicho")
    assert "2. " not in told_no(request, "shicho")
    assert decide(request, SECOND).state == "decided"


def test_only_the_final_decider_is_acted_for() -> None:
    deputise("joho-kacho", SECOND)
    away("koho-kacho")
    away("joho-kacho")
    request = sent_round("c:koho-kacho", "joho-kacho", "d:fuku-shicho-a")
    assert states(request)["koho-kacho"] == "active"  # a 合議 waits
    with nothing_told(), pytest.raises(NotAllowed):
        act(request, "concur", SECOND, at="koho-kacho")
    act(request, "concur", "koho-kacho")
    assert states(request)["joho-kacho"] == "post_review_due"
    assert "approve" in offered(request, FIRST)


def test_a_deputy_may_send_back_and_reject_too() -> None:
    request = at_the_decider()
    act(request, "reject", FIRST, at="fuku-shicho-a")
    assert fresh(request).state == "rejected"
    assert states(request)["fuku-shicho-a"] == "post_review_due"
    request = at_the_decider()
    act(request, "send_back", FIRST, at="fuku-shicho-a")
    assert fresh(request).state == "draft"
    assert not Step.objects.filter(request=request, role="review").exists()


def test_a_substitute_passes_over_nobody_who_is_there() -> None:
    request = sent_round("joho-kacho", "somu-bucho", "d:fuku-shicho-a")
    with nothing_told(), pytest.raises(NotAllowed) as refusal:
        act(request, "pull_up", FIRST, at="fuku-shicho-a")
    assert str(refusal.value) == (
        "代決は、決裁者の番が来てからです。情報システム課長、総務部長の承認を待ってください"
        "（事務決裁規程第8条）。"
    )
    assert not offered(request, FIRST) & {"pull_up", "approve", "reject"}

    # Whoever is not there is waited for by nobody: the turn would have come.
    vacate("joho-kacho")
    away("somu-bucho")
    assert "pull_up" in offered(request, FIRST)
    act(request, "pull_up", FIRST, at="fuku-shicho-a")
    assert fresh(request).state == "decided"
    assert states(request)["somu-bucho"] == "post_review_due"


def test_who_takes_over_the_duties_pulls_up_as_the_decider_would() -> None:
    no_deputies()
    deputise("fuku-shicho-a", FIRST, kind="acting")
    request = sent_round("joho-kacho", "d:fuku-shicho-a")
    assert "pull_up" in offered(request, FIRST)
    act(request, "pull_up", FIRST, at="fuku-shicho-a")
    assert fresh(request).state == "decided"
