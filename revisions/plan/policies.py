"""誰が: the secretariat (事務局) steers a revision, the staff and auditors read it."""

from datetime import date

from django.utils.translation import gettext as _

from revisions.plan.models import Revision
from revisions.plan.queries import readable_revisions
from workflow.access import holds
from workflow.errors import NotAllowed
from workflow.people.models import Post, User
from workflow.people.queries import principal_post


def check_can_steer(by: User, revision: Revision, on: date) -> Post:
    """Return the post in whose name the secretariat acts."""
    if not holds(by, "steer_revision", revision):
        raise NotAllowed(_("この改定を進められるのは、事務局（主管課）だけです。"))
    return principal_post(by, on)


def check_can_read(by: User, revision: Revision) -> None:
    if not readable_revisions(by).filter(pk=revision.pk).exists():
        raise NotAllowed(_("この改定を見る権限がありません。"))
