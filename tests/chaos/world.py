"""One installation in the storm: its database, broker and mail server, and what must hold."""

import json
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine

from notifications.states import Way
from tests.chaos import oracle
from tests.chaos.brokers import RabbitMq, Redis
from tests.chaos.database import PostgresDatabase, SqliteDatabase
from tests.chaos.processes import Process, Swarm, until
from tests.config.embedded import environment, manage
from tests.factories import NOON

LONG_AGO = "2000-01-01 00:00:00+00"
SOON = 120  # seconds in which a busy machine starts everything and has everything told


class World:
    def __init__(
        self,
        folder: Path,
        database: PostgresDatabase | SqliteDatabase,
        broker: Redis | RabbitMq | None = None,
    ) -> None:
        self.folder, self.database, self.broker = folder, database, broker
        self.supervised = False
        self.mail_mode("well")
        self.ahead = NOON - real_now()  # every process starts at noon of an open day
        self._write("clock", str(self.ahead.total_seconds()))
        (folder / "mails").touch()
        (folder / "astray").touch()
        sink = [sys.executable, "-m", "tests.chaos.sink", str(folder)]
        self.sink = Process("sink", sink, environment(folder), folder / "sink.log")
        assert until((folder / "port").exists, seconds=10), self.sink.log.read_text()
        port = (folder / "port").read_text()
        self.env = environment(
            folder,
            **database.env,
            **(broker.env if broker else {}),
            EMAIL_URL=f"smtp://127.0.0.1:{port}",
            PYTHONPATH=str(Path(__file__).parent / "clock"),  # where Python finds sitecustomize
            CLOCK=str(folder / "clock"),
            DJANGO_SETTINGS_MODULE="config.settings",
        )
        self.swarm = Swarm(self.env, folder)

    def mail_mode(self, mode: str) -> None:
        self._write("mode", mode)

    def set_clock(self, *, hours: int) -> None:
        """Under what runs, and for what starts from now on."""
        self.ahead += timedelta(hours=hours)
        self._write("clock", str(self.ahead.total_seconds()))
        self.swarm.signal(signal.SIGUSR2)

    def lay(self, way: Way = Way.AT_ONCE) -> None:
        laid = self.swarm.role("lay", way)
        assert laid.running.wait(60) == 0, laid.log.read_text()

    def workers(self, *, beats: int = 1) -> None:
        self.swarm.worker("worker-prefork", "--concurrency", "2")
        self.swarm.worker("worker-solo", "--pool", "solo")
        for number in range(beats):
            self.swarm.beat(f"beat-{number}")

    def acts(self) -> list[dict[str, Any]]:
        """Return what the writers have said so far: each act that has committed."""
        said = [line for log in self.folder.glob("write*.log") for line in _lines(log)]
        return [json.loads(line) for line in said if line.startswith("{")]  # or a warning

    def mails(self) -> Counter[int]:
        """Return how often each mail, by what leads it, has reached the mail server."""
        return Counter(oracle.delivery_of(mail["id"]) for mail in self._taken_in())

    def _taken_in(self) -> list[dict[str, Any]]:
        """Return the mails as sink.py has written them down."""
        return [json.loads(line) for line in _lines(self.folder / "mails")]

    def went_astray(self) -> int:
        """Return how often the mail server did otherwise than well."""
        return len(_lines(self.folder / "astray"))

    def nobody_sends(self) -> bool:
        """Tell whether nobody alive is connected to the mail server."""
        return (self.folder / "lines").read_text() == "0"

    def waiting(self) -> tuple[int, int, int, int]:
        """Return how many events, deadlines, mails, and notices that wait for a digest, there are.

        Whether or not their turn has come.
        """
        [(events,)] = self.database.rows(
            "SELECT count(*) FROM workflow_outboxevent WHERE fanned_out_at IS NULL"
        )
        [(deadlines,)] = self.database.rows(
            "SELECT count(*) FROM workflow_deadline WHERE chain_length = 1"
        )
        [(mails,)] = self.database.rows(
            "SELECT count(*) FROM notifications_delivery WHERE state IN ('queued', 'retrying')"
        )
        [(held,)] = self.database.rows(
            "SELECT count(*) FROM notifications_delivery WHERE state = 'held'"
        )
        return events, deadlines, mails, held

    def told_on_screen(self) -> bool:
        return self.waiting()[:2] == (0, 0)

    def told(self) -> bool:
        return self.waiting() == (0, 0, 0, 0)

    def events_told(self) -> int:
        [(told,)] = self.database.rows(
            "SELECT count(*) FROM workflow_outboxevent WHERE fanned_out_at IS NOT NULL"
        )
        return int(told)

    def last_run(self, task: str) -> Any:
        """Return when a task last began, by the clock of who did it."""
        runs = dict(self.database.rows("SELECT name, started_at FROM workflow_taskrun"))
        return runs.get(task)

    def runs_anew(self, task: str, *, times: int = 1) -> bool:
        """Wait until a task begins anew, so often."""
        seen = [self.last_run(task)]

        def ran() -> bool:
            if (last := self.last_run(task)) != seen[-1]:
                seen.append(last)
            return len(seen) > times

        return self.comes(ran)

    def let_leases_end(self, which: str = "true") -> None:
        """As if the time had passed after which another worker takes over what one left."""
        waiting = f"state IN ('queued', 'retrying') AND leader_id IS NULL AND {which}"
        ended = f"SET next_at = '{LONG_AGO}' WHERE {waiting}"
        self.database.write(f"UPDATE notifications_delivery {ended}")

    def _nothing_is_due(self) -> bool:
        due = f"FROM notifications_delivery WHERE next_at = '{LONG_AGO}'"
        return not self.database.rows(f"SELECT 1 {due}")

    def comes(self, what: Callable[[], object]) -> bool:
        """Wait for what() to be true; False when it does not come soon."""
        return until(lambda: (self.supervised and self.swarm.start_again()) or what(), seconds=SOON)

    def settle_mails(self) -> None:
        """Let the time pass until what killed workers left is found, and then tried again."""
        for _ in ("found", "tried again"):
            self.try_mails_again()
        assert self.comes(self.told), self.waiting()

    def try_mails_again(self) -> None:
        self._mails_rest()
        self.let_leases_end()
        assert self.comes(self._nothing_is_due), self.waiting()

    def _mails_rest(self) -> None:
        """Until none is due, and nobody alive is in the middle of one."""
        last = None
        while last != (last := self.mails().total()) or not self._all_are_tried():
            assert self.comes(self._all_are_tried), self.waiting()
            time.sleep(2)

    def _all_are_tried(self) -> bool:
        due = f"next_at <= '{real_now() + self.ahead:%Y-%m-%d %H:%M:%S}+00'"
        mails = f"FROM notifications_delivery WHERE state IN ('queued', 'retrying') AND {due}"
        return self.nobody_sends() and not self.database.rows(f"SELECT 1 {mails}")

    def check_told_once(self) -> None:
        """The set of notices is the oracle's, and so is that of reminders; none is there twice."""
        events = oracle.asked_for(self.database)
        print(f"{len(events)} events")  # noqa: T201  docs/operations.md
        for act in self.acts():
            assert events[act["event"]] == (act["groups"], act["users"])
        assert oracle.told_on_screen(self.database) == oracle.to_be_told(self.database)
        assert oracle.reminded(self.database) == oracle.to_be_reminded(self.database)

    def check_mailed(self, *, repeats: int) -> None:
        """Each mail has come, to its reader, and tells what it should.

        At most `repeats` of them came twice: the same Message-ID, and the same in every word.
        """
        assert oracle.mailed(self.database) == oracle.to_be_mailed(self.database)
        asked, taken, mails = oracle.mails_of(self.database), self._taken_in(), self.mails()
        assert {_told_by(mail) for mail in taken} == {
            (pk, (address,), frozenset(events)) for (pk, address), events in asked.items()
        }
        assert len({(mail["id"], mail["text"]) for mail in taken}) == len(mails)
        twice = [pk for pk, times in mails.items() if times > 1]
        print(f"{len(asked)} mails, {len(twice)} twice")  # noqa: T201  docs/operations.md
        assert max(mails.values(), default=0) <= 2
        assert len(twice) <= repeats, f"{len(twice)} mails came twice"

    def check_trail(self) -> None:
        ran = manage("verifyaudit", env=self.env)
        assert ran.returncode == 0, ran.stdout + ran.stderr

    def _write(self, name: str, value: str) -> None:
        """Whole: others read it meanwhile."""
        new = self.folder / f"{name}.new"
        new.write_text(value)
        new.rename(self.folder / name)

    def end(self) -> None:
        self.swarm.end()
        self.sink.kill()
        if self.broker:
            self.broker.end()
        self.database.drop()


def real_now() -> datetime:
    """That of the machine: the tests' own clock stands at noon too."""
    return time_machine.escape_hatch.datetime.datetime.now(UTC)


def _told_by(mail: dict[str, Any]) -> tuple[int, tuple[str, ...], frozenset[int]]:
    """Return the delivery that leads a mail, to whom it went, and the events it tells."""
    return oracle.delivery_of(mail["id"]), tuple(mail["to"]), frozenset(mail["events"])


def _lines(path: Path) -> list[str]:
    """Return the whole lines; one that a killed process left unfinished is not one."""
    return [line for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]
