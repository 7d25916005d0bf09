"""誰が: the section asked answers, the secretariat issues and accepts."""

from datetime import date

from django.utils.translation import gettext as _

from revisions.inquiry.models import InquiryTarget
from workflow.access import holds
from workflow.errors import NotAllowed
from workflow.people.models import Post, User
from workflow.people.queries import posts_held
from workflow.people.states import UserKind


def check_can_answer(by: User, target: InquiryTarget, on: date) -> Post:
    """Return the post that the user holds in the section asked."""
    post = posts_held(by, on).filter(section=target.section_id).first()
    if post is None or not holds(by, "answer_inquirytarget", target):
        told = {"section": target.section.name}
        raise NotAllowed(_("この照会に回答できるのは、%(section)sの職員だけです。") % told)
    return post


def check_can_see(by: User, target: InquiryTarget) -> None:
    """The section asked, the secretariat, auditors: an answer is nobody else's until accepted."""
    if by.kind == UserKind.AUDITOR or holds(by, "answer_inquirytarget", target):
        return
    if not holds(by, "steer_revision", target.revision):
        raise NotAllowed(_("ほかの課の回答を見られるのは、事務局だけです。"))
