from django.utils.translation import gettext as _

from workflow.errors import NotAllowed
from workflow.people.models import User
from workflow.people.states import UserKind


def check_can_administer(by: User | None) -> None:
    """Nobody (`by` None) is the console, which only whoever runs the installation can reach."""
    if by is not None and not (by.is_active and by.kind == UserKind.ADMIN):
        raise NotAllowed(_("この操作は、システム管理者だけができます。"))
