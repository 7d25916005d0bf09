"""意見の反映: what an opinion changes in the draft is told by the opinion."""

from datetime import datetime

from revisions.opinion.models import Opinion
from revisions.plan import parts_changes
from revisions.plan.gates import (
    check_changed,
    check_may_change,
    check_reason,
    check_sheet,
    check_unmoved,
)
from revisions.plan.models import Revision
from revisions.plan.parts import lock, tell
from revisions.plan.parts_changes import Cause
from revisions.plan.policies import check_can_steer
from revisions.plan.queries import Sheet, sheet_of
from revisions.plan.states import Level, Origin
from workflow.audit.trail import record
from workflow.deadline.calendar import in_tokyo
from workflow.ledger.command import command
from workflow.people.models import User


@command
def reflect(
    *,
    opinion_id: int,
    uid: str,
    sheet: Sheet,
    reason: str,
    by: User,
    at: datetime,
    seen: str | None = None,
) -> Opinion:
    """Change a sheet of the draft because of an opinion (反映).

    seen  `fingerprint` of the sheet that the page was made from
    """
    revision = lock(Revision.objects.values_list("pk", flat=True).get(opinions=opinion_id))  # lock
    opinion = Opinion.objects.select_for_update(of=("self",)).get(pk=opinion_id)

    post = check_can_steer(by, revision, in_tokyo(at))  # check
    check_may_change(revision, Level.PROJECT)
    before, sheet = sheet_of(revision, uid), {**sheet, "uid": uid}
    check_unmoved(before, seen)
    check_sheet(revision.plan, sheet)
    check_reason(reason)
    changed = check_changed(before, sheet)

    was, now = ({field: side[field] for field in changed} for side in (before, sheet))
    cause = Cause(reason, by, at, origin=Origin.OPINION, source=opinion, name=str(opinion.number))
    change = parts_changes.edit(revision, before, before=was, proposed=now, cause=cause)  # move

    entry = record(  # record
        "opinion.reflected",
        opinion,
        by=by,
        post=post,
        at=at,
        reason=reason,
        number=opinion.number,
        uid=uid,
        name=sheet["name"],
        was=was,
        now=now,
        change=change.number,
    )
    tell(entry, revision, sheet)  # tell
    return opinion
