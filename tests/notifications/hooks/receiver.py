"""Another system of the city, on a port of this machine, that answers as it is told."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
Answer = bytes | Callable[[Any], None]


class Receiver(socketserver.ThreadingTCPServer):
    """`got`: (headers, body) of every request; `answer`: bytes, or what is done with the wire."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answer: Answer = OK
        self.over = threading.Event()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        return self.origin + "/hooks?team=joho"


class _Handler(socketserver.StreamRequestHandler):
    server: Receiver

    def handle(self) -> None:
        lines = [self.rfile.readline().decode().strip()]
        while line := self.rfile.readline().decode().strip():
            lines.append(line)
        headers = dict(line.lower().split(": ", 1) for line in lines[1:]) | {"": lines[0]}
        exact = dict(line.split(": ", 1) for line in lines[1:])
        headers |= {name.lower(): value for name, value in exact.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        self.server.got.append((headers, body))
        answer = self.server.answer
        if callable(answer):
            answer(self)
        else:
            self.wfile.write(answer)


def hangs(handler: Any) -> None:
    handler.server.over.wait(10)


def drips(handler: Any) -> None:
    """One letter at a time: no single wait is long."""
    for letter in b"HTTP/1.1 200 " + b"O" * 200:
        handler.wfile.write(bytes([letter]))
        if handler.server.over.wait(0.05):
            return


def never_ends(handler: Any) -> None:
    """A body as long as somebody reads it."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    try:
        while not handler.server.over.is_set():
            handler.wfile.write(b"x" * 2**20)
    except OSError:
        return


def drops(handler: Any) -> None:
    handler.connection.close()


@contextmanager
def listening() -> Iterator[Receiver]:
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield server
        server.over.set()
        server.shutdown()
