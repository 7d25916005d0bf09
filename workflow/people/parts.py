from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Q

from workflow.audit.models import AuditEntry
from workflow.audit.trail import record
from workflow.people.models import Absence, Post, User
from workflow.people.queries import memberships

Membership: Any = User.groups.through


def refresh_memberships(on: date, *, only: Collection[int] | None = None) -> None:
    """Let the groups of posts, sections and bodies hold whom the day's appointments give.

    only  ids of the people whose groups are to follow; None for everybody

    Other groups are left alone. The lock keeps a day's refresh from undoing an appointment that
    is being made; FOR NO KEY UPDATE, so that nobody's audit entry waits for it.
    """
    users = User.objects.all() if only is None else User.objects.filter(pk__in=only)
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


def withdraw_absence(
    absence: Absence, *, on: date, by: User | None, post: Post | None, at: datetime, reason: str
) -> AuditEntry:
    """End a locked absence before the day. Days that are over stay: others acted on them."""
    if absence.since < on:
        absence.until = on - timedelta(days=1)
    else:
        absence.in_force = False
    return record(
        "people.absence_withdrawn",
        absence,
        by=by,
        post=post,
        at=at,
        reason=reason,
        absent=absence.post.name,
        in_force=absence.in_force,
        **days_of(absence),
    )


def days_of(absence: Absence) -> dict[str, Any]:
    return {"since_on": absence.since.isoformat(), "until_on": absence.until.isoformat()}
