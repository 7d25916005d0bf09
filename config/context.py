"""What every page of a signed-in person shows around its content."""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from notifications.operations.reading import troubles
from notifications.queries import unread
from workflow.access import Audience, belongs
from workflow.deadline.calendar import in_tokyo
from workflow.people.models import Post, User
from workflow.people.policies import of_personnel
from workflow.people.queries import posts_held
from workflow.people.states import UserKind

NAVIGATION = [
    ("my_work", _("自分の仕事"), Audience.SIGNED_IN),
    ("revisions", _("改定"), Audience.STAFF),
    ("plans", _("計画"), Audience.STAFF),
    ("requests", _("決裁"), Audience.STAFF),
    ("absences", _("不在・代理"), Audience.STAFF),
    ("administration", _("管理"), Audience.ADMIN),
]
PERSONNEL = ("transfers", _("人事異動"))


def around(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    held = cache(lambda: list(posts_held(user, in_tokyo(timezone.now()))))
    return {
        "nav": SimpleLazyObject(lambda: _navigation(user, held(), request.path)),
        "notices_url": reverse("notices"),
        "password_url": reverse("password"),
        "notices_count": SimpleLazyObject(lambda: unread(user).count()),
        "acting_as": SimpleLazyObject(lambda: "・".join(p.name for p in held())),
        "troubles": SimpleLazyObject(lambda: _troubles(user)),
    }


def _troubles(user: User) -> str:
    """Tell whoever can mend it, in a line, what of the system does not stand well."""
    return "、".join(troubles(timezone.now())) if belongs(user, Audience.ADMIN) else ""


def _navigation(user: User, held: list[Post], path: str) -> list[tuple[str, Any, bool]]:
    """Return (url, words, whether the page stands under it)."""
    places = [(name, label) for name, label, who in NAVIGATION if belongs(user, who)]
    if user.kind == UserKind.STAFF and of_personnel(held):
        places.append(PERSONNEL)
    return [
        (url, label, path == url or (url != "/" and path.startswith(url)))
        for name, label in places
        for url in [reverse(name)]
    ]
