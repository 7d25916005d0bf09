from django.utils.translation import gettext as _

from workflow.errors import NotAllowed
from workflow.people.models import User


def check_is_the_clock(by: User | None) -> None:
    if by is not None:
        raise NotAllowed(_("督促は、期限に合わせて自動で送られます。人が送ることはできません。"))
