"""計画案の修正: the secretariat changes the draft itself, with a reason."""

from datetime import datetime

from revisions.plan import parts_changes
from revisions.plan.content import Content
from revisions.plan.gates import (
    check_changed,
    check_empty,
    check_may_change,
    check_new_name,
    check_reason,
    check_sheet,
    check_unmoved,
)
from revisions.plan.models import Revision
from revisions.plan.parts import lock, tell
from revisions.plan.parts_changes import Cause
from revisions.plan.policies import check_can_steer
from revisions.plan.queries import Sheet, sheet_of
from revisions.plan.states import DropReason, Level
from workflow.audit.chain import canonical, digest
from workflow.audit.trail import record
from workflow.deadline.calendar import in_tokyo
from workflow.ledger.command import command
from workflow.people.models import User


@command
def edit_sheet(
    *,
    revision_id: int,
    uid: str,
    sheet: Sheet,
    reason: str,
    by: User,
    at: datetime,
    seen: str | None = None,
) -> Revision:
    """Change a project's sheet in the draft (個別事業の修正).

    seen  `fingerprint` of the sheet that the page was made from
    """
    revision = lock(revision_id)  # lock

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    check_may_change(revision, Level.PROJECT)
    before, sheet = sheet_of(revision, uid), {**sheet, "uid": uid}
    check_unmoved(before, seen)
    check_sheet(revision.plan, sheet)
    check_reason(reason)
    changed = check_changed(before, sheet)

    was, now = ({f: side[f] for f in changed} for side in (before, sheet))
    change = parts_changes.edit(  # move
        revision, before, before=was, proposed=now, cause=Cause(reason, by, at)
    )

    entry = record(  # record
        "plan.sheet_edited",
        revision,
        by=by,
        post=post,
        at=at,
        reason=reason,
        uid=uid,
        name=sheet["name"],
        was=was,
        now=now,
        change=change.number,
    )
    tell(entry, revision, sheet)  # tell
    return revision


@command
def discontinue_project(
    *,
    revision_id: int,
    uid: str,
    dropped_as: DropReason,
    reason: str,
    by: User,
    at: datetime,
) -> Revision:
    """Take a project out of the draft (廃止)."""
    revision = lock(revision_id)  # lock

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    check_may_change(revision, Level.PROJECT)
    check_reason(reason)
    sheet = sheet_of(revision, uid)

    cause = Cause(reason, by, at)
    change = parts_changes.discontinue(revision, sheet, dropped_as=dropped_as, cause=cause)  # move

    entry = record(  # record
        "plan.project_discontinued",
        revision,
        by=by,
        post=post,
        at=at,
        reason=reason,
        dropped_as=dropped_as,
        uid=uid,
        name=sheet["name"],
        was=sheet,
        change=change.number,
    )
    tell(entry, revision, sheet)  # tell
    return revision


@command
def add_project(
    *, revision_id: int, sheet: Sheet, place: str, reason: str, by: User, at: datetime
) -> str:
    """Put a new project last in the program at `place`, such as 1-2 (新規掲載). Returns its uid."""
    revision = lock(revision_id)  # lock

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    check_may_change(revision, Level.PROJECT)
    check_sheet(revision.plan, {**sheet, "uid": "new"})
    check_new_name(revision, sheet["name"])
    check_reason(reason)

    change = parts_changes.add_project(  # move
        revision, sheet, place=place, cause=Cause(reason, by, at)
    )

    entry = record(  # record
        "plan.project_added",
        revision,
        by=by,
        post=post,
        at=at,
        reason=reason,
        uid=change.uid,
        name=sheet["name"],
        place=place,
        now=sheet,
        change=change.number,
    )
    tell(entry, revision, {**sheet, "uid": change.uid})  # tell
    return change.uid


@command
def edit_heading(
    *,
    revision_id: int,
    place: str,
    name: str,
    aim: str = "",
    reason: str,
    by: User,
    at: datetime,
    seen: str | None = None,
) -> Revision:
    """Change the words above the projects (見出しの修正).

    place  "" the philosophy, "1" a policy, "1-2" a program; only a program has an aim
    seen   `fingerprint` of the words that the page was made from
    """
    revision = lock(revision_id)  # lock

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    check_may_change(revision, Level.PROGRAM if "-" in place else Level.PLAN)
    check_reason(reason)

    change = parts_changes.set_heading(  # move
        revision, place, name=name, aim=aim, seen=seen, cause=Cause(reason, by, at)
    )

    record(  # record; nobody waits for these words, so nobody is told
        "plan.heading_edited",
        revision,
        by=by,
        post=post,
        at=at,
        reason=reason,
        place=place,
        was=change.before,
        now=change.final,
        change=change.number,
    )
    return revision


@command
def import_draft(
    *, revision_id: int, content: Content, reason: str, by: User, at: datetime
) -> Revision:
    """Fill the empty draft of a new plan from content prepared elsewhere (計画案の取込み)."""
    revision = lock(revision_id)  # lock

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    check_may_change(revision, Level.PLAN)
    check_reason(reason)
    check_empty(revision)

    parts_changes.load(revision, content, Cause(reason, by, at))  # move

    record(  # record; the draft is shown to others when a stage opens, so nobody is told yet
        "plan.draft_imported",
        revision,
        by=by,
        post=post,
        at=at,
        reason=reason,
        content=digest(canonical(content)),
    )
    return revision
