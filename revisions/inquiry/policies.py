"""誰が: the section asked answers, the secretariat issues and accepts."""

from datetime import date

from django.db.models import Exists, QuerySet
from django.utils.translation import gettext as _

from revisions.inquiry.models import InquiryTarget
from revisions.inquiry.models_between import Consent, Forward
from revisions.inquiry.states import COMPILED
from revisions.plan.policies import check_can_steer
from workflow.access import allowed, groups_holding, holds
from workflow.errors import NotAllowed
from workflow.ledger.read import Read
from workflow.people.models import Post, User
from workflow.people.queries import posts_held
from workflow.people.states import UserKind


def _answering(user: int, on: date, section: int, target: int) -> QuerySet[Post]:
    right = groups_holding("answer_inquirytarget", InquiryTarget, target).filter(user=user)
    return posts_held(user, on).filter(Exists(right), section=section)


ANSWERING = Read(_answering, user=int, on=date, section=int, target=int)


def check_can_answer(by: User, target: InquiryTarget, on: date) -> Post:
    """Return the post that the user holds in the section asked."""
    posts = ANSWERING(user=by.pk, on=on, section=target.section_id, target=target.pk)
    if not posts:
        told = {"section": target.section.name}
        raise NotAllowed(_("この照会に回答できるのは、%(section)sの職員だけです。") % told)
    return posts[0]


def check_can_compile(by: User, target: InquiryTarget, on: date) -> Post:
    """Return the post that the user holds in the department's coordinating section."""
    post = posts_held(by, on).filter(section=target.coordinator_id).first()
    if target.coordinator is None or post is None or not holds(by, "compile_inquirytarget", target):
        raise NotAllowed(_("この回答をまとめるのは、部の庶務担当課の職員だけです。"))
    return post


def check_can_take(by: User, forward: Forward, on: date) -> Post:
    """Return the post that the user holds in the section named, or in the secretariat."""
    post = posts_held(by, on).filter(section=forward.section_id).first()
    if post or allowed(check_can_steer, by, forward.target.revision, on):
        return post or check_can_steer(by, forward.target.revision, on)
    told = {"section": forward.section.name}
    raise NotAllowed(_("転送に答えられるのは、%(section)sの職員と事務局だけです。") % told)


def check_can_see_forward(by: User, forward: Forward, on: date) -> None:
    """Both sections, the secretariat, auditors."""
    if not allowed(check_can_take, by, forward, on):
        check_can_see(by, forward.target)


def check_can_consent(by: User, consent: Consent, on: date) -> Post:
    """Return the post that the user holds in a section that leads the sheet too."""
    return check_can_answer(by, consent.target, on)


def check_can_see(by: User, target: InquiryTarget) -> None:
    """The section asked, the one that compiles once the chief approved, the secretariat, auditors.

    An answer is nobody else's until it is accepted.
    """
    if by.kind == UserKind.AUDITOR or holds(by, "answer_inquirytarget", target):
        return
    if target.state in COMPILED and holds(by, "compile_inquirytarget", target):
        return
    if not holds(by, "steer_revision", target.revision):
        raise NotAllowed(_("ほかの課の回答を見られるのは、事務局だけです。"))
