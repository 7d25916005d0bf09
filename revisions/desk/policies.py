from django.utils.translation import gettext as _

from revisions.desk.work import steered
from workflow.errors import NotAllowed
from workflow.people.models import User
from workflow.people.states import UserKind


def check_can_urge(by: User) -> None:
    """督促の一覧: the secretariat's, and the auditor's to read."""
    if by.kind != UserKind.AUDITOR and not steered(by).exists():
        raise NotAllowed(_("督促の一覧は、計画の事務局だけが見られます。"))
