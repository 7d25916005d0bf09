"""誰が: the secretariat and auditors see how inquiries stand."""

from django.utils.translation import gettext as _

from revisions.inquiry.models import Inquiry
from revisions.plan.models import Revision
from workflow.access import granted, holds
from workflow.errors import NotAllowed
from workflow.people.models import User
from workflow.people.states import UserKind


def check_can_see_board(by: User, inquiry: Inquiry) -> None:
    if by.kind != UserKind.AUDITOR and not holds(by, "steer_revision", inquiry.revision):
        raise _refused()


def check_oversees_inquiries(by: User) -> None:
    """Of whichever revision."""
    steered = granted(Revision.objects.all(), "steer_revision", by)
    if by.kind != UserKind.AUDITOR and not steered.exists():
        raise _refused()


def _refused() -> NotAllowed:
    return NotAllowed(_("照会の進捗を見られるのは、事務局と監査の担当だけです。"))
