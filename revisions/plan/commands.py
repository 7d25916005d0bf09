"""計画案の修正: the secretariat changes the draft itself, with a reason."""

from datetime import datetime

from django.db import transaction

from revisions.plan import parts
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
from revisions.plan.policies import check_can_steer
from revisions.plan.queries import Sheet, groups_of, sheet_of
from revisions.plan.states import Level
from workflow.audit.chain import canonical, digest
from workflow.audit.models import AuditEntry
from workflow.audit.trail import record
from workflow.deadline.calendar import in_tokyo
from workflow.outbox.queue import emit
from workflow.people.models import User


@transaction.atomic(durable=True)
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
    revision = _lock(revision_id)  # lock

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    check_may_change(revision, Level.PROJECT)
    before, sheet = sheet_of(revision, uid), {**sheet, "uid": uid}
    check_unmoved(before, seen)
    check_sheet(revision.plan, sheet)
    check_reason(reason)
    changed = check_changed(before, sheet)

    parts.apply_sheet(revision, uid, sheet)  # move

    entry = record(  # record
        "plan.sheet_edited",
        revision,
        by=by,
        post=post,
        at=at,
        reason=reason,
        uid=uid,
        name=sheet["name"],
        was={field: before[field] for field in changed},
        now={field: sheet[field] for field in changed},
    )
    _tell(entry, revision, sheet)  # tell
    return revision


@transaction.atomic(durable=True)
def discontinue_project(
    *, revision_id: int, uid: str, reason: str, by: User, at: datetime
) -> Revision:
    """Take a project out of the draft (廃止)."""
    revision = _lock(revision_id)  # lock

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    check_may_change(revision, Level.PROJECT)
    check_reason(reason)
    sheet = sheet_of(revision, uid)

    parts.discontinue(revision, uid)  # move

    entry = record(  # record
        "plan.project_discontinued",
        revision,
        by=by,
        post=post,
        at=at,
        reason=reason,
        uid=uid,
        name=sheet["name"],
        was=sheet,
    )
    _tell(entry, revision, sheet)  # tell
    return revision


@transaction.atomic(durable=True)
def add_project(
    *, revision_id: int, sheet: Sheet, place: str, reason: str, by: User, at: datetime
) -> str:
    """Put a new project last in the program at `place`, such as 1-2 (新規掲載). Returns its uid."""
    revision = _lock(revision_id)  # lock

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    check_may_change(revision, Level.PROJECT)
    check_sheet(revision.plan, {**sheet, "uid": "new"})
    check_new_name(revision, sheet["name"])
    check_reason(reason)

    uid = parts.add_project(revision, sheet, place=place)  # move

    entry = record(  # record
        "plan.project_added",
        revision,
        by=by,
        post=post,
        at=at,
        reason=reason,
        uid=uid,
        name=sheet["name"],
        place=place,
        now=sheet,
    )
    _tell(entry, revision, {**sheet, "uid": uid})  # tell
    return uid


@transaction.atomic(durable=True)
def edit_heading(
    *, revision_id: int, place: str, name: str, aim: str = "", reason: str, by: User, at: datetime
) -> Revision:
    """Change the words above the projects (見出しの修正).

    place  "" the philosophy, "1" a policy, "1-2" a program; only a program has an aim
    """
    revision = _lock(revision_id)  # lock

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    check_may_change(revision, Level.PROGRAM if "-" in place else Level.PLAN)
    check_reason(reason)

    was = parts.set_heading(revision, place, name=name, aim=aim)  # move

    record(  # record; nobody waits for these words, so nobody is told
        "plan.heading_edited",
        revision,
        by=by,
        post=post,
        at=at,
        reason=reason,
        place=place,
        was=was,
        now={"name": name, "aim": aim},
    )
    return revision


@transaction.atomic(durable=True)
def import_draft(
    *, revision_id: int, content: Content, reason: str, by: User, at: datetime
) -> Revision:
    """Fill the empty draft of a new plan from content prepared elsewhere (計画案の取込み)."""
    revision = _lock(revision_id)  # lock

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    check_may_change(revision, Level.PLAN)
    check_reason(reason)
    check_empty(revision)

    parts.load(revision, content)  # move

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


def _lock(revision_id: int) -> Revision:
    revisions = Revision.objects.select_for_update(of=("self",)).select_related("plan")
    return revisions.get(pk=revision_id)


def _tell(entry: AuditEntry, revision: Revision, sheet: Sheet) -> None:
    emit(
        entry,
        to=groups_of(sheet["lead"]),
        link=f"/revisions/{revision.pk}/sheets/{sheet['uid']}/",
        title=revision.title,
        name=sheet["name"],
    )
