"""The wall clock of every process that has this folder in PYTHONPATH.

It runs as many seconds ahead of the machine's as the file CLOCK says, which is read again at
SIGUSR2. What counts seconds (time.monotonic, sleep) goes on, as when a machine's clock is set.
"""

import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine

clock = time_machine.travel(datetime.now(UTC)).start()


def read(*_: Any) -> None:
    ahead = timedelta(seconds=float(Path(os.environ["CLOCK"]).read_text()))
    clock.move_to(time_machine.escape_hatch.datetime.datetime.now(UTC) + ahead)


read()
signal.signal(signal.SIGUSR2, read)
