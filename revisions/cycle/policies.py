"""誰が: a revision is started by the section that is the plan's secretariat (事務局)."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from revisions.plan.models import Plan
from workflow.access import groups_with
from workflow.errors import NotAllowed
from workflow.people.models import Post, Section, User
from workflow.people.queries import posts_held


def secretariat_of(plan: Plan) -> Section:
    """Return the section that steered the plan's last revision; before that, the city's setting."""
    last = plan.revisions.order_by("-pk").first()
    if last:
        return Section.objects.get(group__in=groups_with("steer_revision", last))
    return Section.objects.get(code=settings.SECRETARIAT_SECTION)


def check_can_start(by: User, plan: Plan, on: date) -> Post:
    """Return the post in whose name somebody of the secretariat starts a revision."""
    section = secretariat_of(plan)
    post = posts_held(by, on).filter(section=section).first()
    if post is None:
        message = _("改定を始められるのは、事務局（%(section)s）の職員だけです。")
        raise NotAllowed(message % {"section": section.name})
    return post
