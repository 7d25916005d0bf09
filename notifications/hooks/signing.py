"""Standard Webhooks: who receives a message can tell that it is ours, and of now.

Its text: https://www.standardwebhooks.com. No secret is stored: it comes from SECRET_KEY and the
salt of its webhook, so that a copy of the database signs nothing.
"""

import hmac
from base64 import b64encode
from datetime import datetime

from django.utils.crypto import salted_hmac

PURPOSE = "notifications.hooks"


def secret_of(salt: str) -> str:
    """Return the secret in the form in which libraries for Standard Webhooks take it."""
    return "whsec_" + b64encode(_key(salt)).decode()


def headers_of(message_id: str, body: bytes, *, salt: str, at: datetime) -> dict[str, str]:
    sent = str(int(at.timestamp()))
    text = b".".join([message_id.encode(), sent.encode(), body])
    signature = b64encode(hmac.digest(_key(salt), text, "sha256")).decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": sent,
        "webhook-signature": f"v1,{signature}",
    }


def _key(salt: str) -> bytes:
    return salted_hmac(PURPOSE, salt, algorithm="sha256").digest()
