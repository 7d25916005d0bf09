"""伺い・策定: the decision that a stage asks for, and the one that makes a draft the plan."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from revisions.cycle import gates, parts
from revisions.cycle.gates import check_can_move
from revisions.cycle.models import Proposal
from revisions.plan.models import Revision
from revisions.plan.parts import freeze
from workflow.audit.trail import record
from workflow.path import parts as path
from workflow.path.states import Outcome
from workflow.people.models import User


@transaction.atomic(durable=True)
def propose(
    *,
    stage_id: int,
    title: str,
    text: str,
    steps: Iterable[parts.Turn],
    by: User,
    at: datetime,
    seen: int | None = None,
) -> Proposal:
    """Ask for the decision (伺い) of an open stage over the draft as it is now.

    steps  (order, role, id of a post); one decider, last
    """
    revision, stage, _stages = parts.lock(stage_id)  # lock

    post = check_can_move(by, revision, at, seen)  # check
    gates.check_can_propose(stage, title=title, text=text)
    line = parts.resolve(steps)

    version = freeze(revision, label=parts.version_label(stage), by=by, at=at)  # move
    proposal = parts.circulate(
        revision, stage, version, title=title, text=text, line=line, by=by, post=post, at=at
    )

    acted = {"by": by, "post": post, "at": at, "reason": text}
    facts = {"request": proposal.request_id, "version": version.number}
    entry = parts.enter("revision.proposed", revision, stage, **acted, **facts)  # record
    parts.tell_secretariat(entry, revision, stage)  # tell
    return proposal


@transaction.atomic(durable=True)
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
