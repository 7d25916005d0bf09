"""Who waits for whose lock, as PostgreSQL tells it, while others work."""

from collections import Counter
from threading import Event, Thread
from types import TracebackType

import psycopg

WAITING = """SELECT wait_event FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""
EVERY = 0.002  # seconds


class Watch:
    """waits  how many times a client was seen waiting, by what for

    'extend' is for room in a file of a table; 'transactionid' and 'tuple' for somebody's row.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.samples, self.waits = 0, Counter[str]()
        self._end = Event()
        self._thread = Thread(target=self._look)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            while not self._end.wait(EVERY):
                self.waits.update(row[0] for row in connection.execute(WAITING))
                self.samples += 1

    def sees_a_wait(self) -> bool:
        """Tell whether it would see one: two take the same lock, and it looks."""
        with (
            psycopg.connect(self.url) as holder,
            psycopg.connect(self.url) as waiter,
            Watch(self.url) as watch,
        ):
            holder.execute("SELECT pg_advisory_xact_lock(1)")
            thread = Thread(target=waiter.execute, args=["SELECT pg_advisory_xact_lock(1)"])
            thread.start()
            while watch.samples < 50 and not watch.waits:
                self._end.wait(0)
            holder.rollback()
            thread.join()
        return bool(watch.waits)
