import os
import socket
import threading
import time
from statistics import median

import pytest
from celery import current_app

from workflow.outbox import bell, queue
from workflow.outbox.bell import Bell

HELD = 0.0002  # seconds that a request may be held by a hint, in the middle


@pytest.fixture(autouse=True)
def hints(settings, monkeypatch):
    settings.OUTBOX_WAKE = True
    monkeypatch.setattr(bell, "PAUSE", 0.01)


@pytest.fixture
def silent():
    """The port of a server that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as server:
        yield server.getsockname()[1]


@pytest.fixture
def refusing():
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def ringers():
    return [t for t in threading.enumerate() if t.name == "outbox-bell"]


@pytest.mark.parametrize("broker", ["redis://127.0.0.1:{}/0", "amqp://127.0.0.1:{}//"])
@pytest.mark.parametrize("port", ["silent", "refusing"])
def test_a_broker_that_does_not_answer_holds_nobody(request, monkeypatch, broker, port):
    url = broker.format(request.getfixturevalue(port))
    monkeypatch.setattr(current_app.conf, "broker_write_url", url)
    tried = threading.Event()
    mine = Bell(lambda: (tried.set(), queue._send_hint()))
    monkeypatch.setattr(queue, "_bell", mine)
    already = len(ringers())

    held = []
    for _ in range(101):
        started = time.perf_counter()
        queue._wake()
        held.append(time.perf_counter() - started)

    assert median(held) < HELD
    assert tried.wait(5)
    assert len(ringers()) == already + 1


def test_hints_given_meanwhile_are_one_hint():
    calls, inside, go_on = [], threading.Semaphore(0), threading.Event()

    def send():
        calls.append(1)
        inside.release()
        go_on.wait(5)

    mine = Bell(send)
    mine.ring()
    assert inside.acquire(timeout=5)
    for _ in range(50):
        mine.ring()
    go_on.set()
    assert inside.acquire(timeout=5)
    assert not inside.acquire(timeout=0.2)
    assert len(calls) == 2


def test_a_hint_that_fails_does_not_end_the_next():
    rung = threading.Semaphore(0)

    def send():
        rung.release()
        raise OSError("connection refused")

    mine = Bell(send)
    for _ in range(3):
        mine.ring()
        assert rung.acquire(timeout=5)


def test_a_forked_process_rings_its_own_bell():
    read, write = os.pipe()
    mine = Bell(lambda: os.write(write, b"%d\n" % os.getpid()))
    mine.ring()
    assert int(os.read(read, 20)) == os.getpid()
    mine._starting.acquire()  # as if another thread stood in ring() at the fork

    child = os.fork()
    if child == 0:
        mine.ring()
        time.sleep(5)
        os._exit(0)
    try:
        assert int(os.read(read, 20)) == child
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)


def test_the_hint_reaches_the_workers_queue(monkeypatch):
    monkeypatch.setattr(current_app.conf, "broker_write_url", "memory://")
    queue._send_hint()
    with current_app.connection_for_write() as broker, broker.SimpleQueue("celery") as waiting:
        message = waiting.get(timeout=1)
        message.ack()
    assert message.headers["task"] == "notifications.tasks.drain"
    assert message.headers["expires"]
