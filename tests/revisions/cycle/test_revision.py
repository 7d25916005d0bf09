"""起案・伺い・策定・取下げ."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from revisions.cycle import commands, commands_adoption
from revisions.models import Plan, Proposal, Revision
from tests.factories import NOON, TODAY, post, request_to, section, user
from tests.revisions.cycle.paths import (
    act,
    adopted,
    at_adoption,
    decide,
    line,
    path,
    plan,
    propose,
    start,
)
from tests.revisions.cycle.test_stages import STRANGERS, refused
from tests.revisions.drafts import demo_content
from workflow.access import groups_with
from workflow.errors import Invalid, NotAllowed, Stale, Unmet
from workflow.models import AuditEntry, OutboxEvent, Post, Request, Section
from workflow.signoff import commands as signoff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

BEGIN = {"kind": "new_plan", "route": "standard", "title": "策定", "starts_on": TODAY}


# start_revision


@pytest.mark.parametrize("who", [*STRANGERS, "joho-tanto", "joho-kacho"])
def test_start(who: str) -> None:
    words = {"plan_id": plan().pk, **BEGIN}
    if who in STRANGERS:
        refused(NotAllowed, commands.start_revision, who=who, **words)
        assert not Revision.objects.exists()
        return
    revision = commands.start_revision(by=user(who), at=NOON, **words)
    assert (revision.state, revision.case.route, len(path(revision))) == ("drafting", "standard", 6)
    entry = AuditEntry.objects.get(subject=revision.key)
    assert (entry.verb, json.loads(entry.body)["post"]["name"]) == (
        "revision.started",
        post(who).name,
    )
    assert groups_with("steer_revision", revision) == [section("joho").group]


def test_every_section_and_the_posts_above_them_read_it() -> None:
    readers = set(groups_with("read_revision", start()))
    assert {s.group for s in Section.objects.select_related("group")} <= readers
    assert post("shicho").group in readers
    assert post("somu-bucho").group in readers
    assert not readers & {p.group for p in Post.objects.filter(rank="commissioned")}
    event = OutboxEvent.objects.get()
    assert set(event.groups) == {group.pk for group in readers}


@pytest.mark.parametrize(
    "wrong,field",
    [({"kind": "x"}, "kind"), ({"route": "x"}, "route"), ({"title": " "}, "title")],
)
def test_start_with_wrong_words(wrong: dict[str, str], field: str) -> None:
    words = {"plan_id": plan().pk, **BEGIN, **wrong}
    assert refused(Invalid, commands.start_revision, **words).field == field


def test_one_running_revision_a_plan() -> None:
    running = start()
    refusal = refused(Unmet, commands.start_revision, plan_id=plan().pk, **BEGIN)
    assert [m.link for m in refusal.missing] == [f"/revisions/{running.pk}/"]


def test_a_plan_that_is_not_adopted_cannot_be_reviewed() -> None:
    words = {"plan_id": plan().pk, **BEGIN, "kind": "annual_review"}
    refused(Unmet, commands.start_revision, **words)


def test_the_next_revision_starts_from_the_plan_as_it_stands() -> None:
    first = adopted()
    second = start("annual_review", kind="annual_review")
    assert second.base == first.plan.current
    assert groups_with("steer_revision", second) == [section("joho").group]


# propose


def test_a_proposal_circulates_over_the_draft_as_it_is() -> None:
    revision, adoption = at_adoption()
    proposal = propose(adoption)
    request = proposal.request
    assert (request.kind, request.state, request.part_of) == (
        "revision.proposal",
        "circulating",
        revision.key,
    )
    assert proposal.version.sha256 in request.content.body
    assert "計画案のとおり策定します。" in request.content.body
    assert proposal.version == revision.versions.order_by("-number").first()
    decide(proposal)
    assert Request.objects.get(pk=request.pk).state == "decided"


def test_who_may_propose() -> None:
    _revision, adoption = at_adoption()
    words = {"stage_id": adoption.pk, "title": "件名", "text": "本文"}
    steps = line(("fuku-shicho-a", "decider"))
    for stranger in STRANGERS:
        refused(NotAllowed, commands_adoption.propose, who=stranger, steps=steps, **words)


@pytest.mark.parametrize(
    "wrong,field",
    [
        ({"title": ""}, "title"),
        ({"text": " "}, "text"),
        ({"steps": []}, "steps"),
        ({"steps": [(1, "line", "joho-kacho")]}, "steps"),
        ({"steps": [(1, "decider", "shicho"), (2, "line", "joho-kacho")]}, "steps"),
        ({"steps": [(1, "decider", "shicho"), (1, "line", "joho-kacho")]}, "steps"),
        ({"steps": [(1, "decider", "shicho"), (2, "decider", "fuku-shicho-a")]}, "steps"),
        ({"steps": [(1, "decider", None)]}, "steps"),
    ],
)
def test_proposals_that_cannot_circulate(wrong: dict[str, Any], field: str) -> None:
    _revision, adoption = at_adoption()
    words = {"title": "件名", "text": "本文", "steps": [(1, "decider", "shicho")], **wrong}
    words["steps"] = [(n, role, post(code).pk if code else 0) for n, role, code in words["steps"]]
    refusal = refused(Invalid, commands_adoption.propose, stage_id=adoption.pk, **words)
    assert refusal.field == field


def test_one_proposal_at_a_time() -> None:
    _revision, adoption = at_adoption()
    proposal = propose(adoption)
    words = {"title": "件名", "text": "本文", "steps": line(("shicho", "decider"))}
    refusal = refused(Unmet, commands_adoption.propose, stage_id=adoption.pk, **words)
    assert [m.link for m in refusal.missing] == [f"/stages/{proposal.stage_id}/#tasks"]


def test_what_came_back_is_proposed_again() -> None:
    _revision, adoption = at_adoption()
    proposal = propose(adoption)
    step = proposal.request.steps.get(state="active")
    signoff.send_back(step_id=step.pk, by=user("joho-kacho"), at=NOON, reason="字句の修正")
    again = propose(adoption, text="改めて伺います。")
    assert again == proposal
    request = Request.objects.get(pk=proposal.request_id)
    assert (request.attempt, request.state) == (2, "circulating")
    assert "改めて伺います。" in request.content.body
    assert Proposal.objects.get().text == "改めて伺います。"


def test_only_in_an_open_stage() -> None:
    adoption = path(start())[-1]
    words = {"title": "件名", "text": "本文", "steps": line(("shicho", "decider"))}
    refused(Unmet, commands_adoption.propose, stage_id=adoption.pk, **words)


# adopt


def test_adoption_makes_the_version_decided_on_the_plan() -> None:
    revision, adoption = at_adoption()
    proposal = propose(adoption)
    decide(proposal)
    for stranger in STRANGERS:
        refused(NotAllowed, commands_adoption.adopt, who=stranger, stage_id=adoption.pk)
    act(commands_adoption.adopt, stage_id=adoption.pk)
    revision = Revision.objects.get(pk=revision.pk)
    assert (revision.state, revision.ended_at) == ("adopted", NOON)
    assert Plan.objects.get(pk=revision.plan_id).current == proposal.version
    ended = path(revision)[-1]
    assert (ended.state, ended.outcome) == ("concluded", "adopted")
    entry = AuditEntry.objects.filter(subject=revision.key).latest("pk")
    assert json.loads(entry.body)["facts"]["content"] == proposal.version.sha256


def test_adoption_supersedes_the_revision_before() -> None:
    first = adopted()
    second = adopted(route="annual_review", kind="annual_review")
    first.refresh_from_db(fields=["plan"])
    assert Revision.objects.get(pk=first.pk).state == "superseded"
    assert Revision.objects.get(pk=second.pk).state == "adopted"
    assert Revision.objects.get(pk=second.pk).plan.current.revision_id in (first.pk, second.pk)


def test_adoption_lists_all_that_is_missing() -> None:
    revision = start()
    adoption = path(revision)[-1]
    refusal = refused(Unmet, commands_adoption.adopt, stage_id=adoption.pk)
    links = [m.link for m in refusal.missing]
    assert links == [f"/stages/{stage.pk}/" for stage in path(revision)]


def test_adoption_without_a_decision() -> None:
    _revision, adoption = at_adoption()
    assert (
        "決裁を受ける"
        in refused(Unmet, commands_adoption.adopt, stage_id=adoption.pk).missing[0].what
    )
    proposal = propose(adoption)
    refusal = refused(Unmet, commands_adoption.adopt, stage_id=adoption.pk)
    assert [m.link for m in refusal.missing] == [f"/stages/{proposal.stage_id}/#tasks"]


def test_a_draft_changed_after_the_decision_is_decided_again() -> None:
    revision, adoption = at_adoption()
    decide(propose(adoption))
    Revision.objects.filter(pk=revision.pk).update(philosophy="あとから変えた理念")
    refusal = refused(Unmet, commands_adoption.adopt, stage_id=adoption.pk)
    assert "もう一度伺い" in refusal.missing[0].what
    decide(propose(adoption))
    act(commands_adoption.adopt, stage_id=adoption.pk)
    assert Revision.objects.get(pk=revision.pk).state == "adopted"


def test_a_rejected_proposal_is_no_decision() -> None:
    _revision, adoption = at_adoption()
    request = propose(adoption).request
    first, last = request.steps.all()
    signoff.approve(step_id=first.pk, by=user(first.post.code), at=NOON)
    signoff.reject(step_id=last.pk, by=user(last.post.code), at=NOON, reason="見送り")
    assert (
        "決裁を受ける"
        in refused(Unmet, commands_adoption.adopt, stage_id=adoption.pk).missing[0].what
    )


def test_only_the_adoption_stage_adopts() -> None:
    revision, _adoption = at_adoption()
    refused(Invalid, commands_adoption.adopt, stage_id=path(revision)[0].pk)


def test_adoption_is_not_concluded_by_hand() -> None:
    _revision, adoption = at_adoption()
    words = {"stage_id": adoption.pk, "outcome": "adopted"}
    refused(Unmet, commands.conclude_stage, **words)


def test_nothing_is_adopted_twice() -> None:
    revision = adopted()
    refused(Unmet, commands_adoption.adopt, stage_id=path(revision)[-1].pk)


# withdraw


@pytest.mark.parametrize("who", [*STRANGERS, "joho-tanto"])
@pytest.mark.parametrize("state", ["drafting", "consulting", "adopted", "withdrawn"])
def test_withdraw(state: str, who: str) -> None:
    revision = adopted() if state == "adopted" else start()
    if state == "consulting":
        act(commands.open_stage, stage_id=path(revision)[0].pk)
    if state == "withdrawn":
        act(commands.withdraw_revision, revision_id=revision.pk, reason="試験")
    words = {"revision_id": revision.pk, "reason": "計画の廃止"}
    if who in STRANGERS:
        refused(NotAllowed, commands.withdraw_revision, who=who, **words)
    elif state in ("adopted", "withdrawn"):
        refused(Unmet, commands.withdraw_revision, **words)
    else:
        act(commands.withdraw_revision, **words)
        assert Revision.objects.get(pk=revision.pk).state == "withdrawn"
        assert {stage.state for stage in path(revision)} == {"cancelled"}


def test_withdraw_calls_off_what_circulates() -> None:
    revision, adoption = at_adoption()
    proposal = propose(adoption)
    with CaptureQueriesContext(connection) as asked:
        act(commands.withdraw_revision, revision_id=revision.pk, reason="計画の廃止")
    assert Request.objects.get(pk=proposal.request_id).state == "withdrawn"
    first = next(q["sql"] for q in asked if 'FROM "workflow_request"' in q["sql"])
    assert '"part_of"' in first  # all at once and by id, as まとめて承認 locks: else they deadlock
    assert "ORDER BY" in first


def test_withdraw_needs_a_reason_and_a_fresh_page() -> None:
    revision = start()
    words = {"revision_id": revision.pk}
    assert refused(Invalid, commands.withdraw_revision, reason=" ", **words).field == "reason"
    refused(Stale, commands.withdraw_revision, reason="理由", seen=0, **words)


def test_a_request_of_something_else_stays() -> None:
    other = request_to("joho-kacho")
    act(commands.withdraw_revision, revision_id=start().pk, reason="計画の廃止")
    assert Request.objects.get(pk=other.pk).state == "circulating"


def test_a_whole_plan_goes_from_revision_to_revision() -> None:
    """The demo plan is loaded, adopted, and is the draft of the next revision."""
    from django.db import transaction

    from revisions.plan.parts import load
    from revisions.plan.queries import content_of

    content = demo_content()
    facts = {k: content["plan"][k] for k in ("code", "title", "first_year", "last_year")}
    revision, adoption = at_adoption(plan_id=Plan.objects.create(**facts).pk)
    with transaction.atomic():
        load(revision, content)
    decide(propose(adoption))
    act(commands_adoption.adopt, stage_id=adoption.pk)
    following = start("annual_review", kind="annual_review", plan_id=revision.plan_id)
    assert content_of(following) == content_of(revision)
