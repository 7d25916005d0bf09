"""伺い・策定: the decision that a stage asks for, and the one that makes a draft the plan."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from revisions.cycle import gates, parts
from revisions.cycle.gates import check_can_move
from revisions.cycle.models import Proposal
from revisions.inquiry.gates import check_due
from revisions.plan.models import Revision
from revisions.plan.parts import freeze
from revisions.plan.parts_stages import follow
from workflow.audit.trail import record
from workflow.deadline.calendar import in_tokyo
from workflow.ledger.command import command
from workflow.path import parts as path
from workflow.path.states import Outcome
from workflow.people.models import User


@command
def propose(
    *,
    stage_id: int,
    title: str,
    text: str,
    steps: Iterable[parts.Asked],
    said: parts.Said = parts.UNSAID,
    due_on: date | None = None,
    accept_closed_day: bool = False,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Proposal:
    """Ask for the decision (伺い) of an open stage over the draft as it is now.

    steps   (order, role, id of a post); one decider, last but for the informed
    said    the facts by which a table of decisions is asked for the least that must sign
    due_on  by when it is to be decided (決裁の期限); None: by no day
    """
    revision, stage, _stages = parts.lock(stage_id)  # lock

    post = check_can_move(by, revision, at, seen)  # check
    gates.check_can_propose(stage, title=title, text=text)
    if due_on:
        check_due(due_on, at, accept_closed_day=accept_closed_day)
    way = parts.routed(revision, stage, steps, said=said, post=post, on=in_tokyo(at))

    version = freeze(revision, label=parts.version_label(stage), by=by, at=at)  # move
    words: dict[str, Any] = {"title": title, "text": text, "asked_for_on": due_on}
    proposal = parts.circulate(revision, stage, version, way=way, by=by, post=post, at=at, **words)

    acted = {"by": by, "post": post, "at": at, "reason": text}
    facts = {"request": proposal.request_id, "version": version.number, "departs": way.departs}
    entry = parts.enter("revision.proposed", revision, stage, **acted, **facts)  # record
    parts.tell_secretariat(entry, revision, stage)  # tell
    return proposal


@command
def adopt(*, stage_id: int, by: User, at: datetime, seen: int | None = None) -> Revision:
    """Make the version that was decided on the plan (策定); what was the plan is then history."""
    revision, stage, stages = parts.lock(stage_id)  # lock

    post = check_can_move(by, revision, at, seen)  # check
    version = gates.check_can_adopt(revision, stage, stages)

    before, plan = revision.state, revision.plan
    path.conclude(stage, outcome=Outcome.ADOPTED, remarks="", at=at)  # move
    revision.adopt(at=at)
    plan.current = version
    parts.supersede(plan, by=by, post=post, at=at)
    follow(revision, stages, by=by, at=at)

    entry = record(  # record
        "revision.adopted",
        revision,
        stage,
        plan,
        by=by,
        post=post,
        at=at,
        before=before,
        after=revision.state,
        version=version.number,
        content=version.sha256,
    )
    parts.tell_readers(entry, revision)  # tell
    return revision
