"""Mail servers on this machine that do as they are told."""

import socketserver
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

Answer = Callable[[bytes], bytes | None]
"""What is said to a line; None hangs up, b"" says nothing."""


class Talk(socketserver.StreamRequestHandler):
    """One connection of an SMTP server: an answer for a verb, or for the end of a mail (b".")."""

    server: "Server"

    def handle(self) -> None:
        self.server.connections += 1
        self.wfile.write(b"220 mail.example.lg.jp ESMTP\r\n")
        for line in self.rfile:
            verb = line[:4].upper().strip()
            said = self.server.say(verb, line)
            if said is None:
                return
            self.wfile.write(said + b"\r\n" if said else b"")
            if verb == b"QUIT":
                return
            if said.startswith(b"354"):
                answer = self._take()
                if answer is None:
                    return
                self.wfile.write(answer + b"\r\n" if answer else b"")

    def _take(self) -> bytes | None:
        lines = list(iter(self.rfile.readline, b".\r\n"))
        self.server.taken.append(b"".join(lines))
        return self.server.say(b".", lines[0])


class Server(socketserver.ThreadingTCPServer):
    """taken   the mails that it was given, whatever it answered then"""

    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def __init__(self, answers: Mapping[bytes, Answer]) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.answers, self.taken, self.connections = answers, list[bytes](), 0

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def say(self, verb: bytes, line: bytes) -> bytes | None:
        usual = {b"DATA": b"354 go on", b"QUIT": b"221 bye"}.get(verb, b"250 ok")
        return self.answers.get(verb, lambda _: usual)(line)


@contextmanager
def serving(**answers: Answer) -> Iterator[Server]:
    """answers   by verb, in lower case; `end` is of the end of a mail"""
    named = {b"." if k == "end" else k.upper().encode(): v for k, v in answers.items()}
    with Server(named) as server:
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def stall(line: bytes) -> bytes:
    time.sleep(1)
    return b"250 ok"
