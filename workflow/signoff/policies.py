from datetime import date

from django.utils.translation import gettext as _

from workflow.errors import NotAllowed
from workflow.people.models import Appointment, Post, User
from workflow.signoff.models import Request, Step


def check_can_sign(by: User, step: Step, on: date) -> Post:
    """Return the post whose turn it is, when the user holds it on the day."""
    if not Appointment.objects.on(on).filter(user=by, post=step.post_id).exists():
        raise NotAllowed(_("この決裁欄に署名できるのは、%sの職にある人です。") % step.post.name)
    return step.post


def check_can_pull_back(by: User, request: Request, last: Step | None) -> Post:
    """Who acted last, until the next acts: the last approver, else the drafter."""
    if last is None:
        return check_is_drafter(by, request)
    if last.acted_by_id != by.pk:
        raise NotAllowed(
            _(
                "承認が進んでいるため、引戻しができるのは最後に承認した人だけです。"
                "起案者は、取下げるか、次の人に差戻しを依頼してください。"
            )
        )
    return last.post


def check_is_drafter(by: User, request: Request) -> Post:
    if request.drafter_id != by.pk:
        raise NotAllowed(_("この操作ができるのは、起案者です。"))
    return request.drafter_post
