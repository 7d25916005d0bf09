from typing import Any

from celery.beat import PersistentScheduler, ScheduleEntry, SchedulingError


class Scheduler(PersistentScheduler):
    """Celery's own, which neither a clock set back nor a broken line to the broker stops."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        now = self.app.now()
        entries = self.schedule.values()
        ahead = [entry for entry in entries if entry.last_run_at and entry.last_run_at > now]
        for entry in ahead:  # else it would wait until the clock is there again
            entry.last_run_at = now
        if ahead:
            self._heap = None
        return super().tick(*args, **kwargs)

    def apply_async(self, entry: ScheduleEntry, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().apply_async(entry, *args, **kwargs)
        except SchedulingError:
            self._forget_connection()
            raise

    def _forget_connection(self) -> None:
        """AMQP does not open a broken one again by itself; the next tick opens another."""
        self.__dict__.pop("producer", None)
        if connection := self.__dict__.pop("connection", None):
            connection.collect(socket_timeout=1)
