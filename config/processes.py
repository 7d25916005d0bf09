"""Child processes that cannot outlive their parent (Linux)."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process when process `parent`, its parent, ends in any way.

    Called in the child, between fork and exec. SIGKILL, since a child that hangs hears nothing else.
    """
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it ended before we asked
        os._exit(1)
