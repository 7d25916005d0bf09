"""誰が: the section asked drafts the answer, its chief approves; the secretariat may do both."""

from datetime import date

from django.utils.translation import gettext as _

from revisions.opinion.models import Opinion
from revisions.plan.policies import check_can_steer
from workflow.access import allowed
from workflow.errors import NotAllowed
from workflow.people.models import Post, User
from workflow.people.queries import posts_held
from workflow.people.states import Rank


def check_can_respond(by: User, opinion: Opinion, on: date) -> Post:
    """Return the post in whose name the city's answer is drafted."""
    if opinion.section_id:
        post = posts_held(by, on).filter(section=opinion.section_id).first()
        if post:
            return post
    if allowed(check_can_steer, by, opinion.revision, on):
        return check_can_steer(by, opinion.revision, on)
    raise NotAllowed(_("市の考え方を書けるのは、担当課と事務局だけです。"))


def check_can_approve(by: User, opinion: Opinion, on: date) -> Post:
    """Return the chief's post: of the section asked, or of the secretariat when none was."""
    chiefs = posts_held(by, on).filter(rank=Rank.SECTION_CHIEF)
    if opinion.section_id:
        chiefs = chiefs.filter(section=opinion.section_id)
    else:
        check_can_steer(by, opinion.revision, on)
    post = chiefs.first()
    if post is None:
        raise NotAllowed(_("市の考え方を承認できるのは、担当課（なければ事務局）の課長だけです。"))
    return post
