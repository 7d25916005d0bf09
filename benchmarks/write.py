"""The write path: an approval and the end of a stage, beside their floor and beside peers.

Every contestant does the same work: the right is checked on the object, the state moves, an entry
of the audit and a notice are written, in one transaction that is on the disk when it returns.
All are processes that stay alive, and take turns in every round, forwards and then backwards;
ratios are taken within a round, and the median of the rounds is told.
"""

import os
import signal
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import scratch
from benchmarks.teams import PEERS, Client, Run, all_ask, rate, set_up, team
from benchmarks.waits import Watch

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "100"))
CLIENTS = int(os.environ.get("BENCH_CLIENTS", "4"))
RACES = int(os.environ.get("BENCH_RACES", "100"))
CROWD = int(os.environ.get("BENCH_CROWD", "16"))
BULK = 500
LONG, SHORT = 300, 3

OURS = "benchmarks.ours"


@dataclass(frozen=True)
class Entry:
    """share  what part of the requests it gets: slow ones need fewer for as long a time"""

    module: str
    how: str
    acts: Sequence[str]
    share: int = 1
    python: str | Path = ""


FULL = ("approve", "decide", "conclude")
FLOOR = Entry(OURS, "floor", FULL)
COMMANDS = Entry(OURS, "commands", FULL)
USUAL = Entry("benchmarks.peers.usual", "locked", ("approve", "decide"), 5, PEERS)
FLOW = Entry("benchmarks.peers.flow", "locked", ("approve", "decide"), 10, PEERS)

Rates = dict[tuple[str, str, int], list[float]]
"""Acts a second, a figure a round, by (contestant, act, clients)."""


@dataclass
class Measured:
    rates: Rates = field(default_factory=lambda: defaultdict(list))
    sqlite: Rates = field(default_factory=lambda: defaultdict(list))
    runs: dict[tuple[str, str, int], list[Run]] = field(default_factory=lambda: defaultdict(list))
    doubles: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    long_line: dict[int, dict[str, float]] = field(default_factory=dict)
    bulk: float | None = None
    crowd: dict[str, Any] = field(default_factory=dict)
    server: dict[str, str] = field(default_factory=dict)


def measure() -> Measured:
    found = Measured()
    names = ("server_version", "synchronous_commit", "fsync")
    found.server = {name: scratch.setting(name) for name in names}
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        homes = {
            module: stack.enter_context(home(module, python, folder))
            for module, python in {OURS: "", USUAL.module: PEERS, FLOW.module: PEERS}.items()
        }
        entries = {"floor": FLOOR, "ours": COMMANDS, "usual": USUAL, "viewflow": FLOW}
        teams = {
            name: stack.enter_context(clients_of(entry, homes[entry.module], CLIENTS))
            for name, entry in entries.items()
        }
        warm_up(entries, teams, homes.values())
        in_rounds(entries, teams, (1, CLIENTS), found.rates, found.runs)
        say("double clicks")
        unlocked = Entry(USUAL.module, "unlocked", (), python=PEERS)
        teams["usual, unlocked"] = stack.enter_context(clients_of(unlocked, homes[USUAL.module], 2))
        found.doubles = {n: races(t[:2]) for n, t in teams.items() if n != "floor"}
        ours = teams["ours"][0]
        say("long lines, bulk")
        found.long_line = {steps: ours.ask("long_line", steps=steps) for steps in (SHORT, LONG)}
        found.bulk = ours.ask("bulk", n=BULK)
        say("crowd")
        found.crowd = crowd(homes[OURS])
    say("SQLite")
    found.sqlite = on_sqlite()
    return found


@contextmanager
def home(module: str, python: str | Path, folder: str) -> Iterator[dict[str, str]]:
    """A database with a contestant's tables and people; yield the environment that names it."""
    name = module.rpartition(".")[2]
    with scratch.database(name) as url:
        environment = {"DATABASE_URL": url, "VAR_DIR": f"{folder}/{name}"}
        set_up(module, environment, python)
        yield environment


def clients_of(entry: Entry, environment: dict[str, str], size: int) -> Any:
    return team(entry.module, size, environment, entry.how, python=entry.python)


def warm_up(
    entries: Mapping[str, Entry],
    teams: Mapping[str, Sequence[Client]],
    homes: Iterable[Mapping[str, str]],
) -> None:
    """Fill caches, prepare statements, and let the server count rows, as it does every minute.

    A plan that is kept from tables all but empty looks through them whole.
    """
    say("warming up")
    for name, entry in entries.items():
        play(entry, teams[name], max(5, REQUESTS // entry.share))
    for home in homes:
        scratch.count_rows(home["DATABASE_URL"])


def in_rounds(
    entries: Mapping[str, Entry],
    teams: Mapping[str, Sequence[Client]],
    sizes: Sequence[int],
    rates: Rates,
    runs: dict[tuple[str, str, int], list[Run]],
) -> None:
    for number in range(ROUNDS):
        say(f"round {number + 1} of {ROUNDS}")
        order = list(entries)[:: 1 if number % 2 == 0 else -1]
        for size in dict.fromkeys(sizes):
            for name in order:
                played = play(entries[name], teams[name][:size], REQUESTS // entries[name].share)
                for what, of_clients in played.items():
                    rates[name, what, size].append(rate(of_clients))
                    runs[name, what, size] += of_clients


def play(entry: Entry, clients: Sequence[Client], requests: int) -> dict[str, list[Run]]:
    """Return the runs of every act, by all the clients at once; making the work is not clocked."""
    runs = {}
    for what in entry.acts:
        if what != "decide":  # made with the approvals
            n = max(2, requests // 5) if what == "conclude" else max(1, requests)
            all_ask(clients, "prepare", what=what, n=n)
        runs[what] = all_ask(clients, "run", what=what)
    return runs


def races(clients: Sequence[Client]) -> tuple[int, int, int]:
    """Let two do one approval at one instant; return (trials, both accepted, audited twice)."""
    both = twice = 0
    for handle in clients[0].ask("deal", what="approve", n=RACES)[:RACES]:
        at = time.monotonic() + 0.01
        accepted = all_ask(clients, "race", what="approve", handle=handle, at=at)
        both += all(accepted)
        twice += clients[0].ask("audited", handle=handle) > 1
        if not any(accepted):
            raise RuntimeError("nobody could approve")
    return RACES, both, twice


def crowd(environment: dict[str, str]) -> dict[str, Any]:
    """Let many clients approve different requests at once, and watch who waits for a lock."""
    with clients_of(COMMANDS, environment, CROWD) as clients:
        all_ask(clients, "prepare", what="approve", n=max(2, REQUESTS // 10))
        with Watch(environment["DATABASE_URL"]) as watch:
            runs = all_ask(clients, "run", what="approve")
    return {
        "clients": CROWD,
        "acts": sum(run["n"] for run in runs),
        "p50": statistics.median(run["p50"] for run in runs),
        "max": max(run["max"] for run in runs),
        "samples": watch.samples,
        "waits": dict(watch.waits),
        "sees": watch.sees_a_wait(),
    }


def on_sqlite() -> Rates:
    """One client: SQLite has one writer."""
    rates: Rates = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        environment = {"VAR_DIR": folder}
        os.environ.pop("DATABASE_URL", None)
        set_up(OURS, environment)
        entries = {"floor": FLOOR, "ours": COMMANDS}
        teams = {n: stack.enter_context(clients_of(e, environment, 1)) for n, e in entries.items()}
        warm_up(entries, teams, ())
        in_rounds(entries, teams, (1,), rates, defaultdict(list))
    return rates


def say(what: str) -> None:
    print(f"  {what}", file=sys.stderr)  # noqa: T201


def main() -> None:
    from benchmarks.write_report import report

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # databases are dropped all the same
    print(report(measure()))  # noqa: T201


if __name__ == "__main__":
    main()
