"""One POST to another system: bounded in time and in what is read, and never led elsewhere."""

import socket
import ssl
from collections.abc import Mapping
from time import monotonic

from django.conf import settings

from notifications.hooks.target import Target, is_inner, means_itself, origins, target_of

TIMEOUT = 3.0  # seconds for all of it
FIRST_LINE = 1_000  # bytes; of the answer nothing else is read

UNREACHABLE = {"timeout", "refused", "unknown_host", "unreachable", "inner_address", "tls"}
"""What says nothing about the message: the next would fare no better."""


class Inner(OSError):
    """The name leads to this machine or its wire, where nobody meant it to lead."""


FAILURES: dict[type[Exception], str] = {  # the narrow ones first
    Inner: "inner_address",
    TimeoutError: "timeout",
    ConnectionRefusedError: "refused",
    ConnectionResetError: "dropped",
    BrokenPipeError: "dropped",
    ssl.SSLError: "tls",
    socket.gaierror: "unknown_host",
    OSError: "unreachable",
}


def post(url: str, body: bytes, headers: Mapping[str, str]) -> str:
    """Return "" when it was taken (2xx), else what went wrong: a word, or status_500."""
    try:
        target = target_of(url)
        if target.origin not in origins(settings.WEBHOOK_HOSTS):
            return "not_allowed"
    except ValueError:
        return "not_allowed"
    try:
        status = _exchange(target, _request(target, body, headers))
    except OSError as failed:
        return next(word for kind, word in FAILURES.items() if isinstance(failed, kind))
    except ValueError:
        return "no_http"
    return "" if 200 <= status < 300 else f"status_{status}"


def _request(target: Target, body: bytes, headers: Mapping[str, str]) -> bytes:
    lines = {
        "Host": target.netloc,
        "Content-Type": "application/json; charset=utf-8",
        "Content-Length": str(len(body)),
        "User-Agent": "kaitei",
        "Connection": "close",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {target.path} HTTP/1.1\r\n{head}\r\n".encode("ascii") + body


def _exchange(target: Target, request: bytes) -> int:
    """Return the status of the answer. Every wait is for what is left of TIMEOUT."""
    until = monotonic() + TIMEOUT

    def left() -> float:
        if (seconds := until - monotonic()) <= 0:
            raise TimeoutError
        return seconds

    with socket.create_connection((_address(target), target.port), timeout=left()) as plain:
        plain.settimeout(left())
        with _secured(plain, target) as wire:
            wire.settimeout(left())
            wire.sendall(request)
            line = b""
            while b"\n" not in line and len(line) < FIRST_LINE:
                wire.settimeout(left())
                part = wire.recv(FIRST_LINE - len(line))
                if not part:
                    raise ConnectionResetError
                line += part
    return _status(line)


def _address(target: Target) -> str:
    """Look the name up once: what is checked here is asked, whatever it means a moment later.

    raises  Inner
    """
    if means_itself(target.host):
        return target.host
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [str(address[0]) for *_, address in found]
    if any(map(is_inner, addresses)):
        raise Inner
    return addresses[0]


def _secured(plain: socket.socket, target: Target) -> socket.socket:
    if target.scheme == "http":
        return plain
    return ssl.create_default_context().wrap_socket(plain, server_hostname=target.host)


def _status(line: bytes) -> int:
    """raises  ValueError when it is no answer of HTTP"""
    protocol, status, *_reason = line.split(None, 2)
    if not protocol.startswith(b"HTTP/1."):
        raise ValueError
    return int(status)
