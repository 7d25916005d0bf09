"""伺いの訂正, and the decision of a stage that was taken on paper."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from revisions.cycle import commands, commands_adoption
from revisions.cycle.commands_paper import back_enter_proposal
from revisions.cycle.queries import decided_version, last_decided
from revisions.models import Plan, Proposal, Revision
from tests.factories import NOON, post, user
from tests.revisions.cycle.paths import act, adopted, at_adoption, decide, propose, reach
from tests.workflow.authority.tables import adopt
from tests.workflow.signoff.scanned import PDF
from tests.workflow.signoff.test_back_enter import typed
from workflow.errors import Invalid, NotAllowed, Unmet
from workflow.models import AuditEntry, OutboxEvent, Request, Stage
from workflow.signoff import commands as signoff
from workflow.signoff.commands_record import correct
from workflow.signoff.papers import PaperDecision

pytestmark = pytest.mark.usefixtures("city")

STRANGERS = ["koho-tanto", "somu-bucho", "shicho", "kansa", "kanri", "iin-1"]


def put_right(proposal: Proposal, who: str = "joho-tanto", **more: Any) -> Request:
    words = {"text": "計画案のとおり、4月1日付けで策定します。", "reason": "日付の記載漏れ"} | more
    return correct(request_id=proposal.request_id, by=user(who), at=NOON, **words)


def on_paper(stage: Stage, who: str = "joho-tanto", **more: Any) -> Proposal:
    paper = PaperDecision(
        decided_on=more.pop("decided_on", date(2026, 11, 20)),
        decider=post("fuku-shicho-a"),
        name="副市長　田中",
        reason=more.pop("reason", "停電のため"),
        scan=("原本.pdf", PDF),
    )
    words = {"title": "計画の策定について", "text": "策定します。"} | more
    return back_enter_proposal(stage_id=stage.pk, paper=paper, by=user(who), at=NOON, **words)


def refused(error: type[Exception], act: Callable[[], Any]) -> Any:
    def count() -> tuple[int, ...]:
        return tuple(m.objects.count() for m in (Request, Proposal, AuditEntry, OutboxEvent))

    before = count()
    with pytest.raises(error) as caught:
        act()
    assert count() == before
    return caught.value


def test_a_correction_asks_in_other_words_over_the_same_version() -> None:
    revision, adoption = at_adoption()
    proposal = propose(adoption)
    refused(Unmet, lambda: put_right(proposal))
    decide(proposal)
    for stranger in STRANGERS:
        refused(NotAllowed, lambda who=stranger: put_right(proposal, who))
    request = put_right(proposal)
    correction = Proposal.objects.get(request=request)
    assert (correction.stage, correction.version) == (adoption, proposal.version)
    assert "4月1日付け" in request.content.body
    assert proposal.version.sha256 in request.content.body

    refused(Unmet, lambda: act(commands_adoption.adopt, stage_id=adoption.pk))
    step = request.steps.get(state="active")
    signoff.send_back(step_id=step.pk, by=user("joho-kacho"), at=NOON, reason="字句")
    refused(Unmet, lambda: propose(adoption))  # it goes round again as the correction it is
    request = put_right(proposal, text="計画案のとおり、4月1日に策定します。")
    assert Proposal.objects.get(request=request) == correction
    decide(correction)
    act(commands_adoption.adopt, stage_id=adoption.pk)
    plan = Plan.objects.get(pk=revision.plan_id)
    assert plan.current == proposal.version
    assert Request.objects.get(pk=request.pk).number == "情シ第2号（令和8年度）"


def test_a_correction_goes_the_line_of_the_table_in_force() -> None:
    _revision, adoption = at_adoption()
    proposal = propose(adoption)
    decide(proposal)
    adopt()
    request = put_right(proposal)
    assert (request.tier, request.steps.get(role="decider").post.code) == ("甲 市長決裁", "shicho")
    assert request.basis == "見本市事務決裁規程（令和7年見本市訓令第2号）別表第1の1"


def test_a_correction_of_a_correction_changes_what_was_typed_alone() -> None:
    _revision, adoption = at_adoption()
    first = propose(adoption)
    decide(first)
    second = Proposal.objects.get(request=put_right(first))
    decide(second)
    third = put_right(second, text="計画案のとおり、5月1日付けで策定します。")
    before, after = (r.content.body for r in (second.request, third))
    assert before.replace("4月", "5月") == after


def test_a_correction_that_is_rejected_leaves_the_decision() -> None:
    _revision, adoption = at_adoption()
    proposal = propose(adoption)
    decide(proposal)
    request = put_right(proposal)
    first, last = request.steps.all()
    signoff.approve(step_id=first.pk, by=user("joho-kacho"), at=NOON)
    signoff.reject(step_id=last.pk, by=user("fuku-shicho-a"), at=NOON, reason="訂正は要らない")
    assert decided_version(adoption) == proposal.version
    act(commands_adoption.adopt, stage_id=adoption.pk)


def test_what_is_over_is_not_corrected_and_the_refusal_says_the_way() -> None:
    revision = adopted()
    proposal = Proposal.objects.get(revision=revision)
    refusal = refused(Unmet, lambda: put_right(proposal))
    assert [m.link for m in refusal.missing] == ["/revisions/new/"]


def test_only_the_last_proposal_of_a_stage_is_corrected() -> None:
    _revision, adoption = at_adoption()
    first = propose(adoption)
    decide(first)
    second = propose(adoption, text="改めて策定します。")
    refusal = refused(Unmet, lambda: put_right(first))
    assert [m.link for m in refusal.missing] == [f"/stages/{adoption.pk}/#tasks"]
    decide(second)
    refusal = refused(Unmet, lambda: put_right(first))
    assert [m.link for m in refusal.missing] == [f"/requests/{second.request_id}/"]


def test_a_stage_that_ended_is_run_again_instead() -> None:
    revision, report = reach("open")
    proposal = propose(report)
    decide(proposal)
    act(commands.conclude_stage, stage_id=report.pk, outcome="reported")
    refusal = refused(Unmet, lambda: put_right(proposal))
    assert [m.link for m in refusal.missing] == [f"/revisions/{revision.pk}/"]


# back_enter_proposal


def test_a_paper_decision_counts_as_the_decision_of_its_stage() -> None:
    revision, adoption = at_adoption()
    for stranger in STRANGERS:
        refused(NotAllowed, lambda who=stranger: on_paper(adoption, who))
    later = date(2026, 11, 25)
    assert refused(Invalid, lambda: on_paper(adoption, decided_on=later)).field == "decided_on"
    assert refused(Invalid, lambda: on_paper(adoption, reason="")).field == "reason"
    proposal = on_paper(adoption)
    request = Request.objects.get(pk=proposal.request_id)
    assert (request.state, str(request.decided_on)) == ("decided", "2026-11-20")
    assert proposal.version.sha256 in request.content.body
    refusal = refused(Unmet, lambda: put_right(proposal))
    assert [m.link for m in refusal.missing] == [f"/stages/{adoption.pk}/propose/"]
    act(commands_adoption.adopt, stage_id=adoption.pk)
    revision = Revision.objects.get(pk=revision.pk)
    assert (revision.state, revision.plan.current) == ("adopted", proposal.version)


def test_a_paper_waits_for_what_goes_round_and_counts_from_its_day() -> None:
    _revision, adoption = at_adoption()
    proposal = propose(adoption)
    refused(Unmet, lambda: on_paper(adoption))
    step = proposal.request.steps.get(state="active")
    signoff.send_back(step_id=step.pk, by=user("joho-kacho"), at=NOON, reason="字句")
    refused(Unmet, lambda: on_paper(adoption))
    proposal = propose(adoption)
    decide(proposal)
    on_paper(adoption, text="前の日の決裁")
    assert last_decided(adoption) == proposal
    same_day = on_paper(adoption, text="同じ日の決裁", decided_on=date(2026, 11, 24))
    assert last_decided(adoption) == same_day


def test_the_pages_lead_there_and_back() -> None:
    _revision, adoption = at_adoption()
    client, url = Client(), f"/stages/{adoption.pk}/back-entry/"
    client.force_login(user("joho-tanto"))
    assert url in client.get(f"/stages/{adoption.pk}/propose/").content.decode()
    assert client.get(url).status_code == 200
    assert client.post(url, typed(decider_name="")).status_code == 422
    answer = client.post(url, typed())
    assert answer.status_code == 303
    assert "原本の写し" in client.get(answer["Location"]).content.decode()

    client.force_login(user("koho-tanto"))
    assert client.get(url).status_code == 403


def test_the_page_of_a_correction() -> None:
    _revision, adoption = at_adoption()
    proposal = propose(adoption)
    decide(proposal)
    client, old = Client(), f"/requests/{proposal.request_id}/"
    client.force_login(user("joho-tanto"))
    assert f"{old}correct/" in client.get(old).content.decode()
    assert "計画案のとおり策定します。" in client.get(f"{old}correct/").content.decode()
    sent = {"text": "4月1日に策定します。", "retention": "30", "disclosure": "open", "reason": ""}
    wrong = client.post(f"{old}correct/", sent)
    assert wrong.status_code == 422
    assert "4月1日に策定します。" in wrong.content.decode()
    answer = client.post(f"{old}correct/", sent | {"reason": "日付の誤り", "seen": "1"})
    assert answer.status_code == 409
    seen = Request.objects.get(pk=proposal.request_id).chain_length
    answer = client.post(f"{old}correct/", sent | {"reason": "日付の誤り", "seen": str(seen)})
    assert answer.status_code == 303
    page = client.get(answer["Location"]).content.decode()
    for words in ("訂正：計画の策定について", "日付の誤り", f'href="{old}"', "<ins>"):
        assert words in page
    page = client.get(old).content.decode()
    assert "訂正が起案されています" in page
    assert answer["Location"] in page
    assert "計画案のとおり策定します。" in page
    decide(Proposal.objects.latest("pk"))
    assert "訂正あり" in client.get(old).content.decode()
    assert client.get(f"{old}correct/").status_code == 409
    client.force_login(user("koho-tanto"))
    assert client.get(f"{old}correct/").status_code == 404
    client.force_login(user("fuku-shicho-a"))
    assert client.get(f"{old}correct/").status_code == 403
