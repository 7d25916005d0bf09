"""Who may. Each check returns the right in which they act, or says by which rule they may not."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflow.authority.states import StepRole
from workflow.errors import NotAllowed
from workflow.people.models import Appointment, Post, User
from workflow.people.queries import posts_held
from workflow.people.states import UserKind
from workflow.signoff.deputising import check_can_deputise
from workflow.signoff.marks import Right
from workflow.signoff.models import Request, Step
from workflow.signoff.states import StepState

_LEFT = gettext_lazy("%sの職を離れているため、この操作はできません。")


def check_can_sign(by: User, step: Step, steps: Sequence[Step], on: date) -> Right:
    """Let who holds the step's post act; for an absent decider, the deputy whose turn it is.

    step, steps  from queries.steps_of(): they know who asks
    """
    if step.mine:
        return Right(step.post)
    if step.role == StepRole.DECIDER:
        return check_can_deputise(by, step, steps, on)
    raise NotAllowed(_("この決裁欄に署名できるのは、%sの職にある人です。") % step.post.name)


def check_can_read(step: Step) -> Right:
    """後閲・供覧 are the holder's own: nobody reads for another."""
    if not step.mine:
        raise NotAllowed(_("この決裁欄を確かめるのは、%sの職にある人です。") % step.post.name)
    return Right(step.post)


def check_can_pull_back(by: User, request: Request, last: Step | None, on: date) -> Right:
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
    return _still_held(by, last.acted_post or last.post, on)


def check_is_drafter(by: User, request: Request, on: date) -> Right:
    """Return the post in which the drafter acts; once they left it, whoever took it over.

    起案の引継ぎ: the holders of the drafter's post, and while there is none, its section. Only the
    right passes on: the request goes on naming who drafted it.
    """
    held = Appointment.objects.on(on).filter(post=request.drafter_post_id, user__is_active=True)
    holders = set(held.values_list("user", flat=True))
    if request.drafter_id in holders:
        if by.pk != request.drafter_id:
            raise NotAllowed(_("この操作ができるのは、起案者です。"))
        return Right(request.drafter_post)
    if by.pk in holders:
        return Right(request.drafter_post)
    return _of_its_section(by, request.drafter_post, on, vacant=not holders)


def _of_its_section(by: User, post: Post, on: date, *, vacant: bool) -> Right:
    """Somebody of the section goes on with what was drafted in a post that nobody holds."""
    if vacant and post.section_id:
        colleague = posts_held(by, on).filter(section=post.section_id).first()
        if colleague and by.is_active:
            return Right(colleague)
    raise NotAllowed(
        _("起案者は%sの職を離れています。この操作は、職を引き継いだ人ができます。") % post.name
    )


def check_can_comment(by: User, request: Request, steps: Sequence[Step], on: date) -> Right:
    """Those whom the request concerns remark on it: its drafter and whoever stands in its line."""
    own = next((step for step in steps if step.mine and not _to_be_informed(step)), None)
    if own is not None:
        return Right(own.post)
    acted = next((step for step in steps if step.acted_by_id == by.pk), None)
    if acted is not None:
        return _still_held(by, acted.acted_post or acted.post, on)
    if request.drafter_id != by.pk:
        raise NotAllowed(_("意見を書けるのは、起案者と、決裁欄のある人です。"))
    return _still_held(by, request.drafter_post, on)


def _to_be_informed(step: Step) -> bool:
    """供覧 comes after the decision: until then they don't even read it."""
    return step.role == StepRole.INFORMED and step.state == StepState.WAITING


def check_can_correct(by: User, request: Request, on: date) -> Post:
    """Return the post of the drafter, or of somebody of the section that drafted it."""
    held, section = posts_held(by, on), request.drafter_post.section_id
    of_section = held.filter(section=section) if section else held.none()
    post = held.first() if by.pk == request.drafter_id else of_section.first()
    if post is None:
        raise NotAllowed(_("この操作ができるのは、起案者と、起案した課の職員です。"))
    return post


def check_can_back_enter(by: User, on: date) -> Post:
    """Return the post in a section of whoever enters what was decided on paper."""
    post = posts_held(by, on).exclude(section=None).first()
    if post is None or by.kind != UserKind.STAFF:
        raise NotAllowed(_("紙の決裁を登録できるのは、課の職員です。"))
    return post


def _still_held(by: User, post: Post, on: date) -> Right:
    """An act is taken back in the name of the post that it was done in."""
    if not Appointment.objects.on(on).filter(user=by, post=post).exists():
        raise NotAllowed(_LEFT % post.name)
    return Right(post)
