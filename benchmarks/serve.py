"""A contestant: a process that stays alive, and answers each line on stdin by one in JSON.

Standard library alone: peers run this in a virtual environment of their own.
"""

import gc
import json
import statistics
import sys
import time
from typing import Any, Protocol

Handle = list[Any]
"""An act to do, as JSON: the row, and the number of the person who does it."""


class Contestant(Protocol):
    def prepare(self, what: str, n: int) -> dict[str, list[Handle]]:
        """Make `n` things to act on; return the acts that then wait to be done, by their name."""

    def act(self, what: str, handle: Handle) -> None:
        """Do one act as a user would, in one transaction. Any exception is a refusal."""

    def audited(self, handle: Handle) -> int:
        """Return how often the database says that the act was done."""


class Server:
    def __init__(self, contestant: Contestant) -> None:
        self.contestant = contestant
        self.work: dict[str, list[Handle]] = {}

    def ready(self) -> bool:
        return True

    def prepare(self, what: str, n: int) -> None:
        self.work |= self.contestant.prepare(what, n)

    def run(self, what: str) -> dict[str, float]:
        """Do what was prepared, one after another. Times are of one clock for all processes.

        cpu  seconds an act that this process itself worked: the rest it waited
        """
        act, clock, taken = self.contestant.act, time.monotonic, []
        handles = self.work.pop(what)
        gc.collect()
        worked, started = time.process_time(), clock()
        before = started
        for handle in handles:
            act(what, handle)
            taken.append(-before + (before := clock()))
        return {
            "n": len(taken),
            "started": started,
            "ended": before,
            "p50": statistics.median(taken),
            "max": max(taken),
            "cpu": (time.process_time() - worked) / len(taken),
        }

    def deal(self, what: str, n: int) -> list[Handle]:
        """Return acts for others to do too."""
        return self.contestant.prepare(what, n)[what]

    def race(self, what: str, handle: Handle, at: float) -> bool:
        """Do an act at an instant; return whether it was accepted."""
        while time.monotonic() < at:
            pass
        try:
            self.contestant.act(what, handle)
        except Exception:
            return False
        return True


def serve(contestant: Contestant) -> None:
    server = Server(contestant)
    for line in sys.stdin:
        order = json.loads(line)
        name = order.pop("do")
        do = getattr(server, name, None) or getattr(contestant, name)
        sys.stdout.write(json.dumps(do(**order)) + "\n")
        sys.stdout.flush()
