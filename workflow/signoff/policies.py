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


def check_can_pull_back(by: User, request: Request, last: Step | None, on: date) -> Post:
    """Who acted last, until the next acts: the last approver, else the drafter."""
    if last is None:
        return check_is_drafter(by, request, on)
    if last.acted_by_id != by.pk:
        raise NotAllowed(
            _(
                "承認が進んでいるため、引戻しができるのは最後に承認した人だけです。"
                "起案者は、取下げるか、次の人に差戻しを依頼してください。"
            )
        )
    return _still_held(by, last.post, on)


def check_is_drafter(by: User, request: Request, on: date) -> Post:
    if request.drafter_id != by.pk:
        raise NotAllowed(_("この操作ができるのは、起案者です。"))
    return _still_held(by, request.drafter_post, on)


def _still_held(by: User, post: Post, on: date) -> Post:
    """An act is taken back in the name of the post that it was done in."""
    if not Appointment.objects.on(on).filter(user=by, post=post).exists():
        raise NotAllowed(_("%sの職を離れているため、この操作はできません。") % post.name)
    return post
