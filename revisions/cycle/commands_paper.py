"""紙の伺い: the decision of a stage that was taken on paper counts as if it had been taken here."""

from datetime import datetime
from typing import Any

from revisions.cycle import gates, parts
from revisions.cycle.gates import check_can_move
from revisions.cycle.models import Proposal
from revisions.plan.parts import freeze
from workflow.authority.about import UNSAID, About
from workflow.ledger.command import command
from workflow.people.models import User
from workflow.signoff.models import Request
from workflow.signoff.papers import PaperDecision
from workflow.signoff.parts_record import enter_paper


@command
def back_enter_proposal(
    *,
    stage_id: int,
    paper: PaperDecision,
    title: str,
    text: str,
    by: User,
    at: datetime,
    about: About = UNSAID,
    seen: int | None = None,
) -> Proposal:
    """Register the decision of an open stage that was taken on paper over the draft (後日登録)."""
    revision, stage, _stages = parts.lock(stage_id)  # lock

    post = check_can_move(by, revision, at, seen)  # check
    gates.check_can_back_enter(stage, title=title, text=text)

    acted: Any = {"by": by, "post": post, "at": at}
    version = freeze(revision, label=parts.version_label(stage), by=by, at=at)  # move
    request = enter_paper(
        Request(
            kind=parts.PROPOSAL,
            title=title,
            link=f"/versions/{version.pk}/",
            part_of=revision.key,
        ),
        paper,
        text=parts.wording(revision, stage, version, title=title, text=text),
        about=about,
        numbered=True,
        **acted,
    )
    proposal = Proposal.objects.create(
        revision=revision, stage=stage, version=version, request=request, text=text
    )

    facts: Any = {"request": request.pk, "version": version.number, "on_paper": True}
    entry = parts.enter(  # record
        "revision.proposed", revision, stage, **acted, reason=paper.reason, **facts
    )
    parts.tell_secretariat(entry, revision, stage)  # tell
    return proposal
