"""Brokers behind a way that can be cut: a Redis of our own, or the RabbitMQ that is there."""

import os
import shutil
import signal
import socket
import subprocess
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from kombu import Connection

from config.processes import die_with
from tests.chaos.processes import until
from tests.chaos.proxy import Proxy
from tests.config.embedded import free_port

RABBITMQ = os.environ.get("CHAOS_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672//")


class Redis:
    def __init__(self, folder: Path) -> None:
        if not shutil.which("redis-server"):
            pytest.skip("needs redis-server")
        self._folder, self._port = folder, free_port()
        self.start()
        self.way = Proxy("127.0.0.1", self._port)
        self.env = {"BROKER_URL": f"redis://127.0.0.1:{self.way.port}/0"}

    def start(self) -> None:
        """Empty, as after a restart of one that keeps nothing."""
        self.server = subprocess.Popen(  # noqa: S603
            ["redis-server", "--port", str(self._port), "--bind", "127.0.0.1", "--save", ""],  # noqa: S607
            cwd=self._folder, stdout=subprocess.DEVNULL, preexec_fn=partial(die_with, os.getpid()),
        )  # fmt: skip
        assert until(partial(answers, "127.0.0.1", self._port), seconds=10)

    def kill(self) -> None:
        self.server.kill()
        self.server.wait()

    def hang(self) -> None:
        self.server.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.server.send_signal(signal.SIGCONT)

    def end(self) -> None:
        self.kill()
        self.way.stop()


class RabbitMq:
    """A queue of the test's own in the virtual host that is there."""

    def __init__(self, folder: Path) -> None:
        at = urlsplit(RABBITMQ)
        if not answers(at.hostname, at.port or 5672):
            pytest.skip("needs RabbitMQ: set CHAOS_RABBITMQ")
        self.way = Proxy(at.hostname or "", at.port or 5672)
        self._queue = f"kaitei-chaos-{uuid4().hex[:8]}"
        account = f"{at.username}:{at.password}"
        self.env = {
            "BROKER_URL": f"amqp://{account}@127.0.0.1:{self.way.port}{at.path}",
            "BROKER_QUEUE": self._queue,
        }

    def kill(self) -> None:
        """As far as whoever uses our queue can tell."""
        self.way.stop()
        self._forget()

    def start(self) -> None:
        """Empty."""
        self.way.start()

    def hang(self) -> None:
        self.way.hang()

    def go_on(self) -> None:
        self.way.go_on()

    def end(self) -> None:
        self.way.stop()
        self._forget()

    def _forget(self) -> None:
        with Connection(RABBITMQ) as broker:
            broker.default_channel.queue_delete(self._queue)
            broker.default_channel.exchange_delete(self._queue)


def answers(host: str | None, port: int) -> bool:
    try:
        socket.create_connection((host or "", port), timeout=1).close()
    except OSError:
        return False
    return True


BROKERS = {"redis": Redis, "rabbitmq": RabbitMq}
