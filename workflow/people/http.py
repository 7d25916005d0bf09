from django.conf import settings
from django.http import HttpRequest

from workflow.people.models import User


class SignedInRequest(HttpRequest):
    """What a view gets whose audience is not anyone: config/audience.py let nobody else in."""

    user: User


def sender(request: HttpRequest) -> str:
    """Return the network address; behind the proxy that production has, the one it saw last."""
    seen = request.headers.get("X-Forwarded-For", "") if settings.PRODUCTION else ""
    return seen.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
