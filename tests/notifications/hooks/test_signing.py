"""Standard Webhooks, as a receiver checks it."""

import base64
import hashlib
import hmac
import re
import textwrap
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from notifications.hooks.signing import headers_of, secret_of

ROOT = Path(__file__).parents[3]
AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


def verifies(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """Written from the specification, without our own code."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    given = [one.split(",", 1) for one in headers["webhook-signature"].split(" ")]
    return ["v1", expected] in given


def test_a_receiver_can_check_it():
    headers = headers_of("msg_1", '{"a":"市"}'.encode(), salts=["s"], at=AT)
    assert headers["webhook-timestamp"] == "1795489200"
    assert verifies(headers, '{"a":"市"}'.encode(), secret_of("s"))


def test_what_the_documentation_tells_a_receiver_to_do():
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    code = re.search(r"\n    import base64.*?\n {8}\)\n", text, re.DOTALL)[0]
    names: dict[str, Any] = {}
    exec(textwrap.dedent(code), names)  # noqa: S102
    sent = datetime.now(UTC)  # the receiver's clock is the machine's
    headers = headers_of("msg_1", b"{}", salts=["s"], at=sent)
    stale = headers_of("msg_1", b"{}", salts=["s"], at=sent - timedelta(hours=1))
    assert names["is_ours"](headers, b"{}", secret_of("s"))
    assert not names["is_ours"](headers, b"{ }", secret_of("s"))
    assert not names["is_ours"](headers, b"{}", secret_of("another"))
    assert not names["is_ours"](stale, b"{}", secret_of("s"))


def test_while_a_secret_is_replaced_who_has_either_can_check_it():
    headers = headers_of("msg_1", b"{}", salts=["new", "old"], at=AT)
    assert verifies(headers, b"{}", secret_of("new"))
    assert verifies(headers, b"{}", secret_of("old"))
    assert not verifies(headers, b"{}", secret_of("another"))


def test_a_changed_body_id_or_time_does_not_pass():
    headers = headers_of("msg_1", b"{}", salts=["s"], at=AT)
    assert not verifies(headers, b"{ }", secret_of("s"))
    assert not verifies(headers | {"webhook-id": "msg_2"}, b"{}", secret_of("s"))
    assert not verifies(headers | {"webhook-timestamp": "1"}, b"{}", secret_of("s"))
    assert not verifies(headers, b"{}", secret_of("another"))


def test_the_secret_follows_the_key_of_the_installation_and_the_salt(settings):
    first = secret_of("s")
    assert first == secret_of("s") != secret_of("t")
    assert len(base64.b64decode(first.removeprefix("whsec_"))) == 32
    settings.SECRET_KEY = "another"  # noqa: S105
    assert secret_of("s") != first
