from datetime import date
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Q

from workflow.people.models import User
from workflow.people.queries import memberships

Membership: Any = User.groups.through


def refresh_memberships(on: date, *, only: User | None = None) -> None:
    """Let the groups of posts, sections and bodies hold whom the day's appointments give.

    Other groups are left alone. The lock keeps a day's refresh from undoing an appointment that
    is being made; FOR NO KEY UPDATE, so that nobody's audit entry waits for it.
    """
    users = User.objects.filter(pk=only.pk) if only else User.objects.all()
    locked = set(users.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    wanted = {
        (user, group)
        for user, groups in memberships(on).items()
        if user in locked
        for group in groups
    }
    present = {
        (user, group): pk
        for pk, user, group in Membership.objects.filter(
            user__in=users, group__in=_following()
        ).values_list("pk", "user", "group")
    }
    Membership.objects.filter(pk__in=[present[pair] for pair in present.keys() - wanted]).delete()
    Membership.objects.bulk_create(
        [Membership(user_id=user, group_id=group) for user, group in wanted - present.keys()],
        ignore_conflicts=True,
    )


def _following() -> Any:
    return Group.objects.filter(
        Q(post__isnull=False) | Q(section__isnull=False) | Q(body__isnull=False)
    )
