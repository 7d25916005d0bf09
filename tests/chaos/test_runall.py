"""One office on one machine: SQLite, a broker of files, and a worker killed in the middle."""

import os
import signal
import sys

import pytest
from django.db import connection

from tests.chaos.database import SqliteDatabase
from tests.chaos.world import World
from tests.config.embedded import free_port
from tests.config.test_runall import processes

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="the embedded default"),
]


def test_a_worker_killed_while_it_sends_loses_nothing(tmp_path, db) -> None:
    world = World(tmp_path, SqliteDatabase(tmp_path))
    try:
        world.lay()
        world.mail_mode("hold")
        world.swarm.env["PORT"] = str(free_port())
        world.swarm.run("office", [sys.executable, "manage.py", "runall"])
        world.swarm.role("ring")
        assert world.comes(world.mails)
        [first] = world.mails()
        [worker] = [pid for pid, line in processes(tmp_path).items() if "--pool solo" in line]
        os.kill(worker, signal.SIGKILL)
        world.mail_mode("well")
        assert world.comes(world.told_on_screen), world.waiting()
        world.settle_mails()
        world.check_told_once()
        world.check_mailed(repeats=1)
        assert world.mails()[first] == 2
        world.check_trail()
    finally:
        for pid in processes(tmp_path):
            os.kill(pid, signal.SIGKILL)
        world.end()
