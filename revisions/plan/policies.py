"""誰が: the secretariat (事務局) steers a revision, the staff and auditors read it."""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from revisions.plan.models import Revision
from revisions.plan.queries import readable_revisions
from workflow.access import groups_holding
from workflow.errors import NotAllowed
from workflow.ledger.read import Read
from workflow.people.models import Post, User
from workflow.people.queries import posts_held


def _steering(user: int, on: date, revision: int) -> QuerySet[Post]:
    groups = groups_holding("steer_revision", Revision, revision)
    return posts_held(user, on).filter(section__group__in=groups)


STEERING = Read(_steering, user=int, on=date, revision=int)


def check_can_steer(by: User, revision: Revision, on: date) -> Post:
    """Return the post that the user holds in the secretariat on the day.

    Groups follow appointments only once a night, so that the group alone would not do.
    """
    posts = STEERING(user=by.pk, on=on, revision=revision.pk)
    if not posts:
        raise NotAllowed(_("この改定を進められるのは、事務局（主管課）だけです。"))
    return posts[0]


def check_can_read(by: User, revision: Revision) -> None:
    if not readable_revisions(by).filter(pk=revision.pk).exists():
        raise NotAllowed(_("この改定を見る権限がありません。"))
