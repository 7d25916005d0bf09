"""誰が: the secretariat (事務局) steers a revision, the staff and auditors read it."""

from datetime import date

from django.utils.translation import gettext as _

from revisions.plan.models import Revision
from revisions.plan.queries import readable_revisions
from workflow.access import groups_with
from workflow.errors import NotAllowed
from workflow.people.models import Post, User
from workflow.people.queries import posts_held


def check_can_steer(by: User, revision: Revision, on: date) -> Post:
    """Return the post that the user holds in the secretariat on the day.

    Groups follow appointments only once a night, so that the group alone would not do.
    """
    steering = groups_with("steer_revision", revision)
    post = posts_held(by, on).filter(section__group__in=steering).first()
    if post is None:
        raise NotAllowed(_("この改定を進められるのは、事務局（主管課）だけです。"))
    return post


def check_can_read(by: User, revision: Revision) -> None:
    if not readable_revisions(by).filter(pk=revision.pk).exists():
        raise NotAllowed(_("この改定を見る権限がありません。"))
