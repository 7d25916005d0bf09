"""Who sees what could not be sent: the secretariat its own, administrators and auditors all."""

from django.utils.translation import gettext as _

from notifications.undelivered.queries import EVERYTHING
from workflow.errors import NotAllowed
from workflow.people.models import User
from workflow.people.states import UserKind
from workflow.signoff.oversight import overseen


def check_can_see_undelivered(by: User) -> None:
    if by.kind not in EVERYTHING and not overseen(by):
        raise NotAllowed(
            _("届かなかった通知を見られるのは、改定の事務局、システム管理者、監査の担当者です。")
        )


def check_can_see_address(by: User, of: User) -> None:
    """The secretariat knows its colleagues' addresses, and not those of people from outside."""
    if by.kind != UserKind.ADMIN and {by.kind, of.kind} != {UserKind.STAFF}:
        raise NotAllowed(
            _("宛先のアドレスを見られるのは、システム管理者と、職員のものは事務局です。")
        )


def check_can_clear_undelivered(by: User) -> None:
    check_can_see_undelivered(by)
    if by.kind == UserKind.AUDITOR:
        raise NotAllowed(_("監査の担当者は見るだけで、再送や取下げはできません。"))
