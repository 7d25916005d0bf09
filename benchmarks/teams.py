"""The processes of a contestant, and what they are asked to do at once."""

# ruff: noqa: S101
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PEERS = ROOT / "benchmarks" / ".venv" / "bin" / "python"

Run = dict[str, float]


class Client:
    """One process (benchmarks/serve.py)."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def send(self, do: str, **order: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": do, **order}) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.process.args} ended")
        return json.loads(line)

    def ask(self, do: str, **order: Any) -> Any:
        self.send(do, **order)
        return self.answer()


def all_ask(clients: Sequence[Client], do: str, **order: Any) -> list[Any]:
    """Ask all at once and wait for all."""
    for client in clients:
        client.send(do, **order)
    return [client.answer() for client in clients]


def rate(runs: Sequence[Run]) -> float:
    """Return acts a second of all clients together, from the first start to the last end."""
    took = max(r["ended"] for r in runs) - min(r["started"] for r in runs)
    return sum(r["n"] for r in runs) / took


@contextmanager
def team(
    module: str, size: int, environment: dict[str, str], *args: str, python: str | Path = ""
) -> Iterator[list[Client]]:
    """Start processes one after another: the first of them may look at a database at rest."""
    with ExitStack() as stack:
        clients = []
        for _ in range(size):
            process = stack.enter_context(_process(module, environment, args, python))
            clients.append(Client(process))
            clients[-1].ask("ready")
        yield clients


@contextmanager
def _process(
    module: str, environment: dict[str, str], args: Sequence[str], python: str | Path
) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(  # noqa: S603
        [str(python or sys.executable), "-m", module, *args],
        env=os.environ | environment,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def set_up(module: str, environment: dict[str, str], python: str | Path = "") -> None:
    """Let a contestant make its tables and its people."""
    subprocess.run(  # noqa: S603
        [str(python or sys.executable), "-m", module, "setup"],
        env=os.environ | environment,
        cwd=ROOT,
        check=True,
    )
