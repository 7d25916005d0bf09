"""発令できるか、利用を停止できるか: what a person and a post must be."""

from django.utils.translation import gettext as _

from workflow.errors import Invalid, Unmet
from workflow.people.models import Post, User
from workflow.people.states import Rank, UserKind


def check_fits(user: User, post: Post) -> None:
    if not user.is_active:
        raise Invalid(_("利用を停止した人は任命できません。"), field="user")
    if user.kind == UserKind.ADMIN:
        raise Invalid(_("システム管理者は職に就けません。"), field="user")
    if (user.kind == UserKind.OUTSIDE) != (post.rank == Rank.COMMISSIONED):
        raise Invalid(_("外部の委員は委員の職だけに、職員はそれ以外の職に就けます。"), field="post")
    if user.kind == UserKind.AUDITOR and (post.section_id or post.rank != Rank.STAFF):
        raise Invalid(
            _("監査の人が就けるのは、課に属さない担当の職だけです。監査は何も変えません。"),
            field="post",
        )


def check_can_suspend(user: User, *, by: User | None, reason: str) -> None:
    """Who suspends stays: there is always an administrator."""
    if not user.is_active:
        raise Unmet(_("この人の利用は、すでに停止しています。"))
    if by is not None and user.pk == by.pk:
        raise Unmet(_("自分の利用は停止できません。ほかのシステム管理者に頼んでください。"))
    _check_reason(reason)


def check_suspended(user: User, *, reason: str) -> None:
    if user.is_active:
        raise Unmet(_("この人の利用は、停止していません。"))
    _check_reason(reason)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(_("理由を入力してください。"), field="reason")
