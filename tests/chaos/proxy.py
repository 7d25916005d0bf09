"""A way to the broker that can be cut, or go silent, without any right over the broker."""

import socket
from contextlib import suppress
from threading import Event, Lock, Thread

BLOCK = 65536


class Proxy:
    """Forwards TCP from a port of its own to (host, port)."""

    def __init__(self, host: str, port: int) -> None:
        self._to = host, port
        self._flows = Event()
        self._flows.set()
        self._lock = Lock()
        self._open: list[socket.socket] = []
        self._server = self._listen(0)
        self.port: int = self._server.getsockname()[1]

    def stop(self) -> None:
        """Close what is open, and refuse what comes."""
        with suppress(OSError):  # when it is stopped already
            self._server.shutdown(socket.SHUT_RDWR)  # wakes accept()
        self._server.close()
        self._cut()

    def start(self) -> None:
        self._server = self._listen(self.port)

    def hang(self) -> None:
        """Accept, keep open what is open, and forward nothing."""
        self._flows.clear()

    def go_on(self) -> None:
        self._flows.set()

    def serve_anew(self) -> None:
        """What is open hears nothing more, not even its end; who connects from now on is served."""
        self._flows.clear()
        self._flows = Event()
        self._flows.set()

    def _listen(self, port: int) -> socket.socket:
        server = socket.create_server(("127.0.0.1", port), backlog=100)
        Thread(target=self._accept, args=[server], daemon=True).start()
        return server

    def _accept(self, server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = server.accept()
                Thread(target=self._join, args=[near], daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        with self._lock:
            self._open.append(near)
        flows = self._flows
        flows.wait()
        try:
            far = socket.create_connection(self._to)
        except OSError:
            near.close()
            return
        with self._lock:
            self._open.append(far)
        for source, target in ((near, far), (far, near)):
            Thread(target=self._forward, args=[source, target, flows], daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket, flows: Event) -> None:
        with suppress(OSError):
            while block := source.recv(BLOCK):
                flows.wait()
                target.sendall(block)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _cut(self) -> None:
        with self._lock:
            ends, self._open = self._open, []
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
