"""`python -m benchmarks.commit`: what the hint to the workers costs a command, on its commit.

On PostgreSQL, in a database of its own: DATABASE_URL names the server. The broker answers, refuses
(nobody listens) or hangs (it accepts and never answers). Rounds without and with hints take turns;
a command records one entry and one event. Asserted: what the hint takes, and what a round with
hints takes more than the one before it, in the middle of all rounds.
"""

import logging
import os
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

from benchmarks.tools import promise, scratch

ROUNDS, COMMANDS = 12, 125
QUIET = 0.8  # seconds after a round with hints, until the last one has ended
LIMIT_MS = 0.2
QUEUE = f"kaitei-bench-{os.getpid()}"
BROKERS = {
    "Redis": os.environ.get("BENCH_REDIS_URL", "redis://127.0.0.1:6379/15"),
    "RabbitMQ": os.environ.get("BENCH_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672//"),
}
HOWS = ["応答", "拒否", "無応答"]


@contextmanager
def broker(url: str, how: str) -> Iterator[str]:
    """Yield the address of a broker that answers, refuses or hangs."""
    scheme, _, place = url.partition("://")
    path = place[place.index("/") :]
    if how == "応答":
        yield url
        return
    with socket.create_server(("127.0.0.1", 0), backlog=1000) as server:
        port = server.getsockname()[1]
        if how == "拒否":
            server.close()
        yield f"{scheme}://127.0.0.1:{port}{path}"


def commands() -> Callable[[], None]:
    """Return a command as small as one is: a row locked, an entry, an event."""
    from workflow.audit.trail import record
    from workflow.ledger.command import command
    from workflow.models import Section, User
    from workflow.outbox.queue import emit

    at, pk = datetime.now(UTC), Section.objects.earliest("pk").pk
    by = User.objects.earliest("pk")

    @command
    def act() -> None:
        section = Section.objects.select_for_update().get(pk=pk)
        entry = record("people.symbol_set", section, by=by, at=at)
        emit(entry, to=[section.group_id], link="/", title="測定")

    return act


def taken(act: Callable[[], Any]) -> list[float]:
    """Return ms of each of COMMANDS runs."""
    found = []
    for _ in range(COMMANDS):
        started = time.perf_counter()
        act()
        found.append((time.perf_counter() - started) * 1000)
    return found


def measure(url: str, act: Callable[[], None]) -> dict[str, list[float]]:
    """Return ms of commands without and with hints, and of the hints alone while those ran."""
    from celery import current_app
    from django.conf import settings

    from workflow.outbox import queue

    current_app.conf.broker_write_url = url
    found: dict[str, list[float]] = {"without": [], "with": [], "hint": []}
    wake = queue._wake

    def watched() -> None:
        started = time.perf_counter()
        wake()
        if settings.OUTBOX_WAKE:
            found["hint"].append((time.perf_counter() - started) * 1000)

    queue._wake = watched
    try:
        for _ in range(ROUNDS):
            settings.OUTBOX_WAKE = False
            found["without"] += taken(act)
            settings.OUTBOX_WAKE = True
            found["with"] += taken(act)
            time.sleep(QUIET)
    finally:
        queue._wake = wake
    return found


def report() -> list[str]:
    """Return lines of Markdown; AssertionError where a promise is broken."""
    from celery import current_app

    current_app.conf.task_default_queue = QUEUE
    rows = []
    with scratch(), ExitStack() as open_:
        act = commands()
        taken(act)
        for name, url in BROKERS.items():
            for how in HOWS:
                found = measure(open_.enter_context(broker(url, how)), act)
                rows.append((f"{name}、{how}", found))
            forget(url)
    for name, found in rows:
        promise(added(found) <= LIMIT_MS, f"{name}: {added(found):.3f} ms added")
        promise(p99(found["hint"]) <= LIMIT_MS, f"{name}: {p99(found['hint']):.3f} ms a hint")
    return [
        f"合図なしとありで交互に、条件ごとに{ROUNDS * COMMANDS:,}件のコマンド。単位 ms。",
        "",
        "| ブローカー | 合図 中央値 | 合図 p99 | コマンドに加わる分 | コマンド 中央値 | p99 |",
        "|---|---:|---:|---:|---:|---:|",
        *(line(name, found) for name, found in rows),
    ]


def line(name: str, found: dict[str, list[float]]) -> str:
    hint, without, with_ = found["hint"], found["without"], found["with"]
    middle = statistics.median
    return (
        f"| {name} | {middle(hint):.3f} | {p99(hint):.3f} | {added(found):+.3f} "
        f"| {middle(without):.2f} → {middle(with_):.2f} | {p99(without):.2f} → {p99(with_):.2f} |"
    )


def added(found: dict[str, list[float]]) -> float:
    """Return ms that hints add to a command: of every two rounds the difference, in the middle."""
    starts = range(0, ROUNDS * COMMANDS, COMMANDS)
    without, with_ = (
        [statistics.median(found[name][n : n + COMMANDS]) for n in starts]
        for name in ("without", "with")
    )
    return statistics.median(b - a for a, b in zip(without, with_, strict=True))


def p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


def forget(url: str) -> None:
    from celery import current_app

    with current_app.connection_for_write(url) as connection:
        channel: Any = connection.default_channel
        channel.queue_delete(QUEUE)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    logging.disable(logging.WARNING)
    print("\n".join(report()))  # noqa: T201


if __name__ == "__main__":
    main()
