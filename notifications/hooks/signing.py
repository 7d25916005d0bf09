"""Standard Webhooks: who receives a message can tell that it is ours, and of now.

Its text: https://www.standardwebhooks.com. No secret is stored: it comes from SECRET_KEY and the
salt of its webhook, so that a copy of the database signs nothing.
"""

import hmac
from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime

from django.utils.crypto import salted_hmac

PURPOSE = "notifications.hooks"


def secret_of(salt: str) -> str:
    """Return the secret in the form in which libraries for Standard Webhooks take it."""
    return "whsec_" + b64encode(_key(salt)).decode()


def headers_of(
    message_id: str, body: bytes, *, salts: Iterable[str], at: datetime
) -> dict[str, str]:
    """salts   of each secret that signs: while one is replaced, whoever has either can check it"""
    sent = str(int(at.timestamp()))
    text = b".".join([message_id.encode(), sent.encode(), body])
    return {
        "webhook-id": message_id,
        "webhook-timestamp": sent,
        "webhook-signature": " ".join(_signature(salt, text) for salt in salts),
    }


def _signature(salt: str, text: bytes) -> str:
    return f"v1,{b64encode(hmac.digest(_key(salt), text, 'sha256')).decode()}"


def _key(salt: str) -> bytes:
    return salted_hmac(PURPOSE, salt, algorithm="sha256").digest()
