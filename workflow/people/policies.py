from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from workflow.access import allowed
from workflow.errors import NotAllowed
from workflow.people.models import Post, User
from workflow.people.queries import posts_held
from workflow.people.states import Rank, UserKind


def check_can_administer(by: User | None) -> None:
    """Nobody (`by` None) is the console, which only whoever runs the installation can reach."""
    if by is not None and not (by.is_active and by.kind == UserKind.ADMIN):
        raise NotAllowed(_("この操作は、システム管理者だけができます。"))


def check_is_personnel(by: User | None, on: date) -> Post | None:
    """Return the post of the personnel section they act in; None for an administrator."""
    if by is None or allowed(check_can_administer, by):
        return None
    held = of_personnel(posts_held(by, on))
    if held is None or by.kind != UserKind.STAFF:
        raise NotAllowed(_("この操作は、人事の担当課とシステム管理者だけができます。"))
    return held


def of_personnel(posts: Iterable[Post]) -> Post | None:
    """Return the first that belongs to the personnel section."""
    code = settings.PERSONNEL_SECTION
    return next((post for post in posts if post.section and post.section.code == code), None)


def check_can_report(by: User | None, post: Post, on: date) -> Post | None:
    """Return the post in whose name somebody reports its absence: itself, its chief's, personnel's.

    None for an administrator.
    """
    if by is not None and by.is_active and by.kind == UserKind.STAFF:
        for held in posts_held(by, on):
            if held == post or _leads(held, post):
                return held
    try:
        return check_is_personnel(by, on)
    except NotAllowed as refused:
        raise NotAllowed(
            _("%sの不在を登録できるのは、その職の本人、課長、人事の担当課です。") % post.name
        ) from refused


def _leads(held: Post, post: Post) -> bool:
    return (
        held.rank == Rank.SECTION_CHIEF
        and post.section_id is not None
        and held.section_id == post.section_id
    )
