"""Real threads and real commits."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts at one instant, each on its own connection; return results or exceptions."""
    gate = Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(index: int, act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            results[index] = act()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.fixture(name="together")
def together_fixture() -> Callable[..., list[Any]]:
    return together
