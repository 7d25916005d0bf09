"""発令できるか: what a person and a post must be for an appointment."""

from django.utils.translation import gettext as _

from workflow.errors import Invalid
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
