"""掲載先の変更: the secretariat moves, relists and unlists projects of the draft, with a reason."""

from datetime import datetime
from typing import Any

from revisions.plan import parts_changes
from revisions.plan.gates import (
    check_may_change,
    check_moves,
    check_once,
    check_reason,
    check_relisted,
    check_same,
    check_unmoved,
)
from revisions.plan.models import Revision
from revisions.plan.models_changes import Change
from revisions.plan.parts import lock, program_at, tell
from revisions.plan.parts_changes import Cause
from revisions.plan.parts_place import placement_at
from revisions.plan.policies import check_can_steer
from revisions.plan.queries import places_of, sheet_of
from revisions.plan.states import Level
from workflow.audit.trail import record
from workflow.deadline.calendar import in_tokyo
from workflow.ledger.command import command
from workflow.people.models import User


@command
def move_project(
    *,
    revision_id: int,
    uid: str,
    place: str,
    slot: tuple[str, int],
    reason: str,
    by: User,
    at: datetime,
    seen: str | None = None,
) -> Revision:
    """Move a project to another program (移動), or to another number in its own (番号の変更).

    place  where it stands now, 1-1-(2); or where it is relisted
    slot   program and number where it is to stand: ("1-2", 3)
    seen   `fingerprint` of places_of() that the page was made from
    """
    revision = lock(revision_id)  # lock

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    check_may_change(revision, Level.PROJECT)
    check_reason(reason)
    check_unmoved(places_of(revision), seen)
    placement, program = placement_at(revision, place), program_at(revision, slot[0])
    check_same(placement, uid)
    check_moves(place, slot)
    check_once(program, uid, but=placement)

    change = parts_changes.move(  # move
        revision, place, program, slot[1], Cause(reason, by, at)
    )

    _enter("plan.project_moved", revision, change, by=by, post=post, at=at)  # record, tell
    return revision


@command
def relist_project(
    *,
    revision_id: int,
    uid: str,
    slot: tuple[str, int],
    reason: str,
    by: User,
    at: datetime,
    seen: str | None = None,
) -> Revision:
    """Show a project in another program, too (再掲); its sheet stays one.

    slot  program and number where it is to stand: ("1-2", 3)
    seen  `fingerprint` of places_of() that the page was made from
    """
    revision = lock(revision_id)  # lock

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    check_may_change(revision, Level.PROJECT)
    check_reason(reason)
    check_unmoved(places_of(revision), seen)
    program = program_at(revision, slot[0])
    check_once(program, uid)

    change = parts_changes.relist(  # move
        revision, uid, program, slot[1], Cause(reason, by, at)
    )

    _enter("plan.project_relisted", revision, change, by=by, post=post, at=at)  # record, tell
    return revision


@command
def unlist_project(
    *,
    revision_id: int,
    uid: str,
    place: str,
    reason: str,
    by: User,
    at: datetime,
    seen: str | None = None,
) -> Revision:
    """Show a project no longer where it is relisted (再掲の取りやめ).

    place  where it is relisted: 2-1-(3)
    seen   `fingerprint` of places_of() that the page was made from
    """
    revision = lock(revision_id)  # lock

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    check_may_change(revision, Level.PROJECT)
    check_reason(reason)
    check_unmoved(places_of(revision), seen)
    placement = placement_at(revision, place)
    check_same(placement, uid)
    check_relisted(placement)

    change = parts_changes.unlist(revision, place, Cause(reason, by, at))  # move

    _enter("plan.project_unlisted", revision, change, by=by, post=post, at=at)  # record, tell
    return revision


def _enter(verb: str, revision: Revision, change: Change, **acted: Any) -> None:
    sheet = sheet_of(revision, change.uid)
    entry = record(
        verb,
        revision,
        **acted,
        reason=change.reason,
        uid=change.uid,
        name=sheet["name"],
        was=change.before,
        now=change.final,
        change=change.number,
    )
    tell(entry, revision, sheet)
