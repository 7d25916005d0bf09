"""Whatever hands the plan to somebody keeps a version of exactly the draft at that instant."""

from collections.abc import Callable
from typing import Any

import pytest

from revisions.cycle import commands as cycle
from revisions.cycle import commands_adoption
from revisions.inquiry import commands as inquiry
from revisions.meeting import commands as meetings
from revisions.models import Inquiry, Meeting, PlanVersion, Proposal, PublicComment, Revision
from revisions.plan import commands as plan
from revisions.plan.queries import content_of, sheet_of
from revisions.public_comment import commands as comments
from tests.factories import NOON, section, user
from tests.revisions.cycle import paths
from tests.revisions.cycle.test_record import on_paper
from tests.revisions.drafts import running_revision
from tests.revisions.inquiry import walk as inquiries
from tests.revisions.meeting import walk as meeting_walk
from tests.revisions.public_comment import walk as comment_walk
from workflow.audit.chain import canonical, digest
from workflow.models import AuditEntry

pytestmark = pytest.mark.usefixtures("city")

Act = Callable[[], Any]
Walk = Callable[[], tuple[Revision, Act]]
Shown = Callable[[], PlanVersion | None]


def stage_opened() -> tuple[Revision, Act]:
    revision = paths.start()
    first = paths.path(revision)[0]
    return revision, lambda: paths.act(cycle.open_stage, stage_id=first.pk)


def proposed() -> tuple[Revision, Act]:
    revision, adoption = paths.at_adoption()
    return revision, lambda: paths.propose(adoption)


def entered_from_paper() -> tuple[Revision, Act]:
    revision, adoption = paths.at_adoption()
    return revision, lambda: on_paper(adoption)


def meeting_convened() -> tuple[Revision, Act]:
    stage = meeting_walk.stage_of()
    meeting = meeting_walk.planned(stage)
    agenda = [("素案について", False), ("答申について", True)]
    return meeting.revision, lambda: paths.act(
        meetings.convene, meeting_id=meeting.pk, agenda=agenda
    )


def comment_announced() -> tuple[Revision, Act]:
    comment = comment_walk.prepared(comment_walk.stage_of())
    return comment.revision, lambda: paths.act(comments.announce, comment_id=comment.pk)


def comment_published() -> tuple[Revision, Act]:
    comment = comment_walk.answering(comment_walk.stage_of())
    return comment.revision, lambda: comment_walk.publish(comment)


def inquiry_issued() -> tuple[Revision, Act]:
    prepared = inquiries.prepared(revision=running_revision())
    return prepared.revision, lambda: paths.act(
        inquiry.issue, inquiry_id=prepared.pk, section_ids=[section("koho").pk]
    )


HANDOVERS: dict[
    str, tuple[Callable[[], tuple[Revision, Act]], Callable[[], PlanVersion | None]]
] = {
    "stage.opened": (stage_opened, lambda: None),
    "revision.proposed": (proposed, lambda: Proposal.objects.get().version),
    "revision.proposed on paper": (entered_from_paper, lambda: Proposal.objects.get().version),
    "meeting.convened": (meeting_convened, lambda: Meeting.objects.get().version),
    "public_comment.announced": (comment_announced, lambda: PublicComment.objects.get().version),
    "public_comment.published": (comment_published, lambda: None),
    "inquiry.issued": (inquiry_issued, lambda: Inquiry.objects.get().version),
}


@pytest.mark.parametrize("verb", HANDOVERS)
def test_every_hand_over_keeps_the_draft_as_it_is(verb: str) -> None:
    walk, shown = HANDOVERS[verb]
    revision, act = walk()
    before = {version.pk for version in revision.versions.all()}
    change(revision)
    act()
    draft = digest(canonical(content_of(Revision.objects.get(pk=revision.pk))))
    latest = revision.versions.latest("number")
    assert latest.pk not in before
    assert latest.sha256 == draft == digest(latest.content)
    assert shown() in (None, latest)
    entry = AuditEntry.objects.filter(verb=verb.split()[0]).latest("pk")
    assert f'"version":{latest.number}' in entry.body or latest.sha256 in entry.body


def test_what_is_adopted_is_the_version_that_was_decided_and_the_draft_itself() -> None:
    revision, adoption = paths.at_adoption()
    change(revision)
    proposal = paths.propose(adoption)
    paths.decide(proposal)
    paths.act(commands_adoption.adopt, stage_id=adoption.pk)
    adopted = Revision.objects.get(pk=revision.pk)
    assert adopted.plan.current == proposal.version == adopted.versions.latest("number")
    assert proposal.version.sha256 == digest(canonical(content_of(adopted)))


def change(revision: Revision) -> None:
    """Something that no version has yet: of a plan without sheets, its heading."""
    words: dict[str, Any] = {"reason": "試験", "by": user("joho-tanto"), "at": NOON}
    project = revision.projects.first()
    if project is None:
        plan.edit_heading(revision_id=revision.pk, place="", name="改めた理念", **words)
        return
    sheet = sheet_of(revision, project.uid) | {"overview": "まだどの版にもない概要"}
    plan.edit_sheet(revision_id=revision.pk, uid=project.uid, sheet=sheet, **words)
