"""One POST, against a real server that does what servers do."""

import socket
import ssl
import time

import pytest

from notifications.hooks import posting
from notifications.hooks.posting import UNREACHABLE, post
from tests.notifications.hooks import receiver as does


def sent(receiver, url=""):
    return post(url or receiver.url, b'{"id":"1"}', {"webhook-id": "1"})


def test_what_was_sent_arrives_whole(receiver):
    assert sent(receiver) == ""
    ((headers, body),) = receiver.got
    assert headers[""] == "POST /hooks?team=joho HTTP/1.1"
    assert headers["host"] == receiver.origin.removeprefix("http://")
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert headers["webhook-id"] == "1"
    assert body == b'{"id":"1"}'


@pytest.mark.parametrize("status", [200, 201, 204])
def test_taken(receiver, status):
    receiver.answer = f"HTTP/1.1 {status} \r\n\r\n".encode()
    assert sent(receiver) == ""


@pytest.mark.parametrize("status", [100, 301, 302, 307, 400, 401, 404, 410, 500, 503])
def test_not_taken(receiver, status):
    receiver.answer = f"HTTP/1.1 {status} No\r\n\r\n".encode()
    assert sent(receiver) == f"status_{status}"


def test_a_redirect_leads_nowhere(receiver):
    receiver.answer = f"HTTP/1.1 307 Go\r\nLocation: {receiver.origin}/other\r\n\r\n".encode()
    assert sent(receiver) == "status_307"
    assert len(receiver.got) == 1


@pytest.mark.parametrize("answer", [does.hangs, does.drips])
def test_the_time_for_all_of_it_is_bounded(receiver, answer):
    receiver.answer = answer
    started = time.monotonic()
    assert sent(receiver) == "timeout"
    assert time.monotonic() - started < 5  # neither answer ends before ten seconds


def test_a_body_without_end_is_not_read(receiver):
    receiver.answer = does.never_ends
    assert sent(receiver) == ""


def test_dropped(receiver):
    receiver.answer = does.drops
    assert sent(receiver) == "dropped"


@pytest.mark.parametrize("line", [b"SSH-2.0-OpenSSH\r\n", b"\r\n", b"x" * 5_000, b"HTTP/1.1 x\r\n"])
def test_an_answer_that_is_not_http(receiver, line):
    receiver.answer = line
    assert sent(receiver) == "no_http"


def test_nobody_listens(settings):
    with socket.create_server(("127.0.0.1", 0)) as server:
        origin = f"http://127.0.0.1:{server.getsockname()[1]}"
    settings.WEBHOOK_HOSTS = [origin]
    assert post(origin, b"", {}) == "refused"


def test_no_such_name(settings):
    settings.WEBHOOK_HOSTS = ["nowhere.invalid"]
    assert post("https://nowhere.invalid/", b"", {}) in UNREACHABLE


def test_https_is_checked(receiver, settings):
    """A server that speaks no TLS; nothing of the message goes out in the clear."""
    address = receiver.origin.replace("http:", "https:")
    settings.WEBHOOK_HOSTS = [address]
    receiver.answer = b"HTTP/1.1 200 OK\r\n\r\n"
    assert post(address, b"secret", {}) in ("tls", "timeout", "dropped")
    assert all(b"secret" not in body for _headers, body in receiver.got)


def test_who_has_no_certificate_that_we_trust_is_told_nothing(settings, monkeypatch):
    def untrusted(*_args, **_kwargs):
        raise ssl.SSLCertVerificationError("self-signed certificate")

    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", untrusted)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"https://127.0.0.1:{server.getsockname()[1]}"
        settings.WEBHOOK_HOSTS = [address]
        assert post(address, b"", {}) == "tls"


@pytest.fixture
def named(receiver, settings, monkeypatch):
    """Allow a name; `named(…)` says to what it leads, and returns what was looked up since."""
    port = receiver.origin.rpartition(":")[2]
    settings.WEBHOOK_HOSTS = [f"http://gw.example.lg.jp:{port}"]
    usual, asked = socket.getaddrinfo, []

    def leads(*addresses):
        def look_up(host, *rest, **more):
            asked.append(host)
            known = [host] if host != "gw.example.lg.jp" else addresses
            return [found for address in known for found in usual(address, *rest, **more)]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        return asked

    receiver.named = f"http://gw.example.lg.jp:{port}/hooks"
    return leads


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "169.254.169.254", "0.0.0.0", "::1", "::ffff:127.0.0.1", "fe80::1", "224.0.0.1"],  # noqa: S104
)
def test_a_name_that_leads_to_this_machine_or_its_wire_is_not_asked(receiver, named, address):
    named("10.0.0.1", address)
    assert sent(receiver, receiver.named) == "inner_address"
    assert receiver.got == []


def test_a_name_is_looked_up_once_and_leads_nowhere_else_a_moment_later(
    receiver, named, monkeypatch
):
    monkeypatch.setattr(posting, "is_inner", lambda address: False)
    asked = named("127.0.0.1")
    assert sent(receiver, receiver.named) == ""
    assert asked == ["gw.example.lg.jp", "127.0.0.1"]
    assert receiver.got[0][0]["host"].startswith("gw.example.lg.jp:")


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("http:", "https:"),
        lambda url: url.replace("127.0.0.1", "localhost"),
        lambda url: url.replace("127.0.0.1", "127.0.0.2"),
        lambda url: url.replace("127.0.0.1", "127.1"),
        lambda url: url.replace("//", "//127.0.0.1@"),
        lambda url: url.replace("//", "//user:password@"),
        lambda url: url + "#fragment",
        lambda url: url + "\r\nX-Header: 1",
        lambda url: url.replace("/hooks", "/ hooks"),
        lambda url: "file:///etc/passwd",
        lambda url: "",
    ],
)
def test_only_what_the_installation_names_is_asked(receiver, change):
    assert sent(receiver, change(receiver.url) or "x") == "not_allowed"
    assert receiver.got == []


def test_without_hosts_nothing_is_sent(receiver, settings):
    settings.WEBHOOK_HOSTS = []
    assert sent(receiver) == "not_allowed"
    assert receiver.got == []
