"""統合・分割: the secretariat lets two projects of the draft be one, or one be two."""

from collections.abc import Mapping
from datetime import datetime

from revisions.plan import parts_changes
from revisions.plan.gates import (
    check_changed,
    check_chosen,
    check_may_change,
    check_new_name,
    check_reason,
    check_sheet,
    check_unmoved,
)
from revisions.plan.merging import Choice, changed_fields, chosen
from revisions.plan.models import Revision
from revisions.plan.parts import lock, program_at, tell
from revisions.plan.parts_changes import Cause
from revisions.plan.policies import check_can_steer
from revisions.plan.queries import Sheet, sheet_of
from revisions.plan.states import Level
from workflow.audit.trail import record
from workflow.deadline.calendar import in_tokyo
from workflow.ledger.command import command
from workflow.people.models import User


@command
def merge_projects(
    *,
    revision_id: int,
    uid: str,
    other: str,
    choices: Mapping[str, Choice],
    reason: str,
    by: User,
    at: datetime,
    seen: str | None = None,
) -> Revision:
    """Let two projects be one (統合): `other` goes into `uid`, whose place and number stay.

    choices  field → "into", "taken" or "own", for every field in which the two differ
    seen     `fingerprint` of [sheet, other sheet] that the page was made from
    """
    revision = lock(revision_id)  # lock

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    check_may_change(revision, Level.PROJECT)
    check_reason(reason)
    into, taken = sheet_of(revision, uid), sheet_of(revision, other)
    check_unmoved([into, taken], seen)
    check_chosen(into, taken, choices)
    whole = into | chosen(choices, into=into, taken=taken)
    check_sheet(revision.plan, whole)

    first, second = parts_changes.merge(  # move
        revision,
        into,
        taken,
        {field: whole[field] for field in changed_fields(into, whole)},
        sides={field: choice.side for field, choice in choices.items()},
        cause=Cause(reason, by, at),
    )

    entry = record(  # record
        "plan.projects_merged",
        revision,
        by=by,
        post=post,
        at=at,
        reason=reason,
        uid=uid,
        name=whole["name"],
        other=other,
        was=first.before,
        now=first.final,
        gone=second.before,
        changes=[first.number, second.number],
    )
    leads = [*whole["lead"], *into["lead"], *taken["lead"]]
    tell(entry, revision, {**whole, "lead": leads})  # tell
    return revision


@command
def split_project(
    *,
    revision_id: int,
    uid: str,
    sheet: Sheet,
    new: Sheet,
    slot: tuple[str, int],
    reason: str,
    by: User,
    at: datetime,
    seen: str | None = None,
) -> str:
    """Let one project be two (分割). Returns the uid of the new one.

    sheet  what stays of the project
    new    what goes into a project of its own
    slot   program and number where that is to stand: ("1-2", 3)
    seen   `fingerprint` of the sheet that the page was made from
    """
    revision = lock(revision_id)  # lock

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    check_may_change(revision, Level.PROJECT)
    check_reason(reason)
    before, sheet = sheet_of(revision, uid), {**sheet, "uid": uid}
    check_unmoved(before, seen)
    check_sheet(revision.plan, sheet)
    check_changed(before, sheet)
    check_sheet(revision.plan, {**new, "uid": "new"})
    check_new_name(revision, new["name"], sheet["name"])
    program = program_at(revision, slot[0])

    first, second = parts_changes.split(  # move
        revision, before, sheet, new, slot=(program, slot[1]), cause=Cause(reason, by, at)
    )

    entry = record(  # record
        "plan.project_split",
        revision,
        by=by,
        post=post,
        at=at,
        reason=reason,
        uid=uid,
        name=sheet["name"],
        other=second.uid,
        was=first.before,
        now=first.final,
        added=second.final,
        changes=[first.number, second.number],
    )
    tell(entry, revision, {**sheet, "lead": [*sheet["lead"], *new["lead"]]})  # tell
    return second.uid
