"""Revisions on their way, walked there by the commands."""

from datetime import date
from typing import Any

from revisions.cycle import commands, commands_adoption
from revisions.models import Plan, Proposal, Revision
from tests.factories import NOON, post, user
from tests.replay import walked_once
from workflow.models import Stage, Step
from workflow.path.queries import stages_of
from workflow.signoff import commands as signoff

TODAY = date(2026, 11, 24)
CHIEF_THEN_CIO = [("joho-kacho", "line"), ("fuku-shicho-a", "decider")]


def plan(code: str = "ict") -> Plan:
    facts = {"title": "ICT活用推進計画", "first_year": 2026, "last_year": 2030}
    return Plan.objects.get_or_create(code=code, defaults=facts)[0]


@walked_once
def start(route: str = "standard", **more: Any) -> Revision:
    words = {"kind": "new_plan", "title": "第2期計画の策定", "starts_on": TODAY} | more
    plan_id = words.pop("plan_id", None) or plan().pk
    return commands.start_revision(
        plan_id=plan_id, route=route, by=user("joho-tanto"), at=NOON, **words
    )


def path(revision: Revision) -> list[Stage]:
    return stages_of(revision.case_id)


def act(command: Any, **words: Any) -> Any:
    """One act of the secretariat."""
    return command(by=user("joho-tanto"), at=NOON, **words)


@walked_once
def two_reports() -> tuple[Revision, Stage, Stage]:
    """A path whose second stage is a report that was made, and whose third is one to make."""
    revision = start()
    inquiry = path(revision)[0]
    words = {"kind": "report", "asks": "report", "reason": "試験"}
    first = act(commands.add_stage, after_id=inquiry.pk, name="部長会議", **words)
    second = act(commands.add_stage, after_id=first.pk, name="議員連絡会", **words)
    act(commands.skip_stage, stage_id=inquiry.pk, reason="試験")
    act(commands.open_stage, stage_id=first.pk)
    act(commands.conclude_stage, stage_id=first.pk, outcome="reported")
    return Revision.objects.get(pk=revision.pk), first, second


@walked_once
def reach(state: str) -> tuple[Revision, Stage]:
    """A report in `state`, after one that was made."""
    revision, first, stage = two_reports()
    if state in ("open", "concluded", "sent_back"):
        act(commands.open_stage, stage_id=stage.pk)
    if state == "concluded":
        act(commands.conclude_stage, stage_id=stage.pk, outcome="reported")
    if state == "sent_back":
        act(commands.send_back_stage, stage_id=stage.pk, to_stage_id=first.pk, reason="試験")
    if state == "skipped":
        act(commands.skip_stage, stage_id=stage.pk, reason="試験")
    if state == "cancelled":
        act(commands.cancel_stage, stage_id=stage.pk, reason="試験")
    stage = Stage.objects.get(pk=stage.pk)
    assert stage.state == state
    return Revision.objects.get(pk=revision.pk), stage


@walked_once
def at_adoption(**more: Any) -> tuple[Revision, Stage]:
    """A revision of which nothing is left but its adoption, which is open."""
    revision = start(**more)
    *earlier, adoption = path(revision)
    for stage in earlier:
        act(commands.skip_stage, stage_id=stage.pk, reason="試験")
    act(commands.open_stage, stage_id=adoption.pk)
    return Revision.objects.get(pk=revision.pk), adoption


def line(*signers: tuple[str, str]) -> list[tuple[int, str, int]]:
    return [(n, role, post(code).pk) for n, (code, role) in enumerate(signers, 1)]


@walked_once
def propose(stage: Stage, **more: Any) -> Proposal:
    words = {"title": "計画の策定について", "text": "計画案のとおり策定します。"} | more
    steps = words.pop("steps", None) or line(*CHIEF_THEN_CIO)
    return act(commands_adoption.propose, stage_id=stage.pk, steps=steps, **words)


@walked_once
def decide(proposal: Proposal) -> None:
    """Let every post of the circulation sign in its turn."""
    while step := Step.objects.filter(request=proposal.request_id, state="active").first():
        sign = signoff.concur if step.role == "concurrence" else signoff.approve
        sign(step_id=step.pk, by=user(step.post.code), at=NOON)


@walked_once
def adopted(**more: Any) -> Revision:
    revision, adoption = at_adoption(**more)
    decide(propose(adoption))
    act(commands_adoption.adopt, stage_id=adoption.pk)
    return Revision.objects.get(pk=revision.pk)
