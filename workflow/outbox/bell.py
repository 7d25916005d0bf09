"""A hint to the workers that something waits. Only a hint: beat drains anyway."""

import logging
import os
from collections.abc import Callable
from threading import Event, Lock, Thread
from time import sleep

PAUSE = 0.2  # seconds from hint to hint: a busy hour must not fill the broker's queue

log = logging.getLogger(__name__)


class Bell:
    """Calls `send` from one daemon thread a process. What is asked while it runs is one more call.

    A broker that accepts and never answers holds that thread alone, never a request.
    """

    def __init__(self, send: Callable[[], object]) -> None:
        self._send = send
        self._thread: Thread | None = None
        self._start_anew()
        os.register_at_fork(after_in_child=self._start_anew)

    def ring(self) -> None:
        self._asked.set()
        with self._starting:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="outbox-bell", daemon=True)
                self._thread.start()

    def _start_anew(self) -> None:
        """A forked process inherits neither the thread nor a usable lock."""
        self._asked, self._starting = Event(), Lock()
        self._thread = None

    def _run(self) -> None:
        while self._asked.wait():
            self._asked.clear()
            try:
                self._send()
            except Exception as failed:
                log.warning("outbox.hint_failed: %s", failed)
            sleep(PAUSE)
