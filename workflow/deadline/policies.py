from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from workflow.access import allowed
from workflow.deadline.models import Deadline
from workflow.deadline.queries import answered_for, whose
from workflow.deadline.registry import kind_of
from workflow.errors import NotAllowed
from workflow.people.models import Post, User
from workflow.people.policies import check_can_administer
from workflow.people.queries import posts_held
from workflow.people.states import UserKind


def check_is_the_clock(by: User | None) -> None:
    if by is not None:
        raise NotAllowed(_("督促は、期限に合わせて自動で送られます。人が送ることはできません。"))


def check_can_follow(by: User, deadline_id: int) -> Deadline:
    """Return a deadline to whoever answers for it, with `whose`; a stranger does not even learn
    whether there is one.
    """
    found = whose(answered_for(by)).filter(pk=deadline_id).first()
    if found is None:
        raise NotAllowed(
            _("この期限を見られるのは、担当とその課長・庶務担当課・部長、求めた課だけです。")
        )
    return found


def check_is_asked(by: User, deadline: Deadline) -> None:
    """Only whoever is asked says that it is done, and only where nothing else says so."""
    if not kind_of(deadline.kind).done or not by.groups.filter(pk=deadline.group_id).exists():
        raise NotAllowed(_("済んだことを記録できるのは、期限の担当だけです。"))


def check_can_keep_days(by: User | None, on: date) -> Post | None:
    """Return the post of the secretariat in whose name they act; None for an administrator."""
    return _of_the_secretariat(
        by, on, _("閉庁日を変えられるのは、事務局の課とシステム管理者だけです。")
    )


def check_can_keep_rules(by: User | None, on: date) -> Post | None:
    """Whoever runs after what is late says when and whom to remind. Returns as above."""
    return _of_the_secretariat(
        by, on, _("督促の規則を変えられるのは、事務局の課とシステム管理者だけです。")
    )


def _of_the_secretariat(by: User | None, on: date, refusal: str) -> Post | None:
    if by is None or allowed(check_can_administer, by):
        return None
    ours = posts_held(by, on).filter(section__code=settings.SECRETARIAT_SECTION)
    held = ours.first() if by.is_active and by.kind == UserKind.STAFF else None
    if held is None:
        raise NotAllowed(refusal)
    return held
