"""試し送信: is it reached, and does it take our signature?"""

from datetime import datetime

from django.conf import settings

from notifications.hooks.models import Webhook
from notifications.hooks.posting import post
from notifications.hooks.queries import encoded
from notifications.hooks.signing import headers_of
from workflow.people.models import User
from workflow.people.policies import check_can_administer

KIND = "webhook.tried"


def try_out(hook: Webhook, *, by: User | None, at: datetime) -> str:
    """Send a message that tells nothing; return "" or what went wrong, as post() does."""
    check_can_administer(by)
    id_ = f"msg_try_{hook.pk}_{int(at.timestamp())}"
    told = {"happened": "試し送信です", "title": hook.name, "link": settings.BASE_URL}
    body = encoded(id_, KIND, at, **told, due_on=None, to=[])
    return post(hook.url, body, headers_of(id_, body, salts=hook.salts(at), at=at))
