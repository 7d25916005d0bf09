"""What every page of a signed-in person shows around its content."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from notifications.queries import unread
from workflow.access import Audience, belongs
from workflow.deadline.calendar import in_tokyo
from workflow.people.queries import posts_held

NAVIGATION = [
    ("my_work", _("自分の仕事"), Audience.SIGNED_IN),
    ("revisions", _("改定"), Audience.SIGNED_IN),
    ("plans", _("計画"), Audience.STAFF),
    ("requests", _("決裁"), Audience.STAFF),
    ("administration", _("管理"), Audience.ADMIN),
]


def around(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "nav": [
            (url, label, request.path == url or (url != "/" and request.path.startswith(url)))
            for name, label, who in NAVIGATION
            if belongs(user, who)
            for url in [reverse(name)]
        ],
        "notices_url": reverse("notices"),
        "password_url": reverse("password"),
        "notices_count": SimpleLazyObject(lambda: unread(user).count()),
        "acting_as": SimpleLazyObject(
            lambda: "・".join(p.name for p in posts_held(user, in_tokyo(timezone.now())))
        ),
    }
