"""Real processes of ours, each in a session of its own, that may be killed at any instruction."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from random import Random

from config.processes import die_with
from tests.config.embedded import ROOT

CELERY = [sys.executable, "-m", "celery", "--app", "config", "--quiet"]
WORKER = [*CELERY, "worker", "--loglevel", "INFO"]
BEAT = [*CELERY, "beat", "--pidfile=", "--loglevel", "INFO"]


class Process:
    """One command line with its log; `kill` and `start` as often as one likes."""

    def __init__(self, name: str, args: list[str], env: dict[str, str], log: Path) -> None:
        self.name, self.args, self.env, self.log = name, args, env, log
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(  # noqa: S603
                self.args, cwd=ROOT, env=self.env, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=partial(die_with, os.getpid()),
            )  # fmt: skip

    def pids(self) -> list[int]:
        """Return the process and its children, a pool's among them."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it ended meanwhile
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if fields[0] != "Z" and int(fields[3]) == self.running.pid:  # session
                    found.append(int(entry.name))
        return sorted(found)

    def kill(self) -> None:
        """-9 to all of it, as when a machine loses power."""
        for pid in self.pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.running.wait()


class Swarm:
    """Workers, beats and whatever else runs, with one environment."""

    def __init__(self, env: dict[str, str], folder: Path) -> None:
        self.env, self.folder = env, folder
        self.all: list[Process] = []

    def run(self, name: str, args: list[str]) -> Process:
        self.all.append(Process(name, args, self.env, self.folder / f"{name}.log"))
        return self.all[-1]

    def worker(self, name: str, *more: str) -> Process:
        return self.run(name, [*WORKER, "--hostname", f"{name}@%h", *more])

    def beat(self, name: str = "beat") -> Process:
        return self.run(name, [*BEAT, "--schedule", str(self.folder / f"{name}-schedule")])

    def role(self, name: str, *args: str) -> Process:
        return self.run(name, [sys.executable, "-m", "tests.chaos.city", name, *args])

    def stop(self, name: str) -> None:
        for process in [one for one in self.all if one.name == name]:
            process.kill()
            self.all.remove(process)

    def signal(self, sign: signal.Signals) -> None:
        """To every process, a pool's among them."""
        for pid in [pid for process in self.all for pid in process.pids()]:
            os.kill(pid, sign)

    @contextmanager
    def standing_still(self, *names: str) -> Iterator[None]:
        """Stop these, as on a machine that sleeps; let them go on."""
        pids = [pid for one in self.all if one.name in names for pid in one.pids()]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def kill_some(self, random: Random) -> None:
        """Kill -9 a process, or one process of a pool."""
        victim = random.choice(self.kept())
        pid = random.choice(victim.pids() or [victim.running.pid])
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def kill_workers(self) -> None:
        for process in self.kept():
            if process.name.startswith("worker"):
                process.kill()

    def start_again(self) -> None:
        """As a supervisor does: a worker ends by itself when its pool cannot start."""
        for process in self.kept():
            if process.running.poll() is not None:
                process.start()

    def kept(self) -> list[Process]:
        return [one for one in self.all if one.name.startswith(("worker", "beat"))]

    def end(self) -> None:
        for process in self.all:
            process.kill()


def until(what, *, seconds: float) -> bool:
    """Wait for what() to be true; False when the time is over."""
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True
