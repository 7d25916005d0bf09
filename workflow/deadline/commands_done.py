"""済み: whoever was asked has done it outside of here, and says so."""

from datetime import datetime

from django.utils.translation import gettext as _

from workflow.audit.trail import check_seen
from workflow.deadline.models import Deadline
from workflow.deadline.parts import end
from workflow.deadline.policies import check_is_asked
from workflow.deadline.states import RUNNING
from workflow.errors import Unmet
from workflow.ledger.command import command
from workflow.people.models import User


@command
def report_done(*, deadline_id: int, by: User, at: datetime, seen: int | None = None) -> Deadline:
    """Say that it is done, of a kind of deadline that no other act ends.

    seen    as in check_seen()
    raises  Stale; Unmet when it has ended already
    """
    found = Deadline.objects.select_for_update().get(pk=deadline_id)  # lock

    check_is_asked(by, found)  # check
    check_seen(found, seen)
    if found.state not in RUNNING:
        raise Unmet(_("この期限は終わっています。"))

    end(found, met=True, by=by, at=at)  # move, record: nobody waits to be told
    return found
