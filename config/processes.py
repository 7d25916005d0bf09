"""Child processes that cannot outlive their parent (Linux)."""

import ctypes
import functools
import os
import signal
import subprocess
import time
from collections.abc import Iterable

Child = subprocess.Popen[bytes]

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process when process `parent`, its parent, ends in any way.

    Called in the child, between fork and exec. SIGKILL, since a hung child hears nothing else.
    """
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before we asked
        os._exit(1)


def start(args: list[str]) -> Child:
    """Start a child in a session of its own, so that Ctrl-C reaches only us."""
    bound = functools.partial(die_with, os.getpid())
    return subprocess.Popen(args, start_new_session=True, preexec_fn=bound)  # noqa: S603


def stop_all(children: Iterable[Child], *, patience: float) -> None:
    """Ask every child to end, and kill what still runs after `patience` seconds."""
    children = list(children)
    deadline = time.monotonic() + patience
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
