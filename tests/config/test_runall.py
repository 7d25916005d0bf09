"""The supervisor, with real processes and real signals."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.db import connection

from tests.chaos.database import SqliteDatabase
from tests.config.embedded import ROOT, environment, free_port, manage

pytestmark = [
    pytest.mark.slow,
    pytest.mark.once,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the embedded default"),
]


def processes(var_dir: Path) -> dict[int, str]:
    """Return what runs under this VAR_DIR: {pid: command line}."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if f"VAR_DIR={var_dir}\0".encode() in (entry / "environ").read_bytes():
                found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
        except OSError:  # it ended meanwhile
            continue
    return found


def until(condition, *, seconds: float):
    deadline = time.monotonic() + seconds
    while not (got := condition()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return got


class Running:
    def __init__(self, var_dir: Path) -> None:
        self.var_dir = var_dir
        self.port = free_port()
        env = environment(var_dir, PORT=str(self.port))
        self.supervisor = subprocess.Popen(
            [sys.executable, "manage.py", "runall"],
            cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def address(self) -> str:
        """Return the line with the address, which comes once the pages answer."""
        assert self.supervisor.stdout
        return next(line for line in self.supervisor.stdout if "http" in line)

    def matching(self, word: str) -> list[int]:
        return [pid for pid, line in processes(self.var_dir).items() if word in line]

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as page:
                return page.status == 200
        except OSError:
            return False


@pytest.fixture
def running(tmp_path, db):
    SqliteDatabase(tmp_path).drop()
    it = Running(tmp_path)
    yield it
    for pid in processes(tmp_path):
        os.kill(pid, signal.SIGKILL)
    it.supervisor.wait()
    it.supervisor.stdout.close()


def test_kill_9_of_the_supervisor_leaves_nothing(running):
    assert f"http://127.0.0.1:{running.port}" in running.address()
    assert running.answers()
    assert until(lambda: len(processes(running.var_dir)) == 5, seconds=10)  # web is two
    running.supervisor.kill()
    running.supervisor.wait()
    assert until(lambda: not processes(running.var_dir), seconds=5)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_asked_to_stop_it_stops_everything(running, sign):
    running.address()
    running.supervisor.send_signal(sign)
    assert running.supervisor.wait(timeout=15) == 0
    assert not processes(running.var_dir)


def test_what_dies_is_started_again(running):
    running.address()
    (worker,) = until(lambda: running.matching("--pool solo"), seconds=5)
    os.kill(worker, signal.SIGKILL)
    assert until(lambda: running.matching("--pool solo") not in ([], [worker]), seconds=10)
    assert running.answers()


def test_a_port_in_use_is_told_with_the_way_out(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = manage("runall", env=environment(tmp_path, PORT=str(port)))
    assert ran.returncode != 0
    assert f"ポート {port} は別のプログラムが使っています" in ran.stderr
    assert f"PORT={port + 1} make run" in ran.stderr
