"""gunicorn -c config/gunicorn.py config.wsgi"""

import os
from typing import Any

from config.processes import die_with

bind = [f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"]
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "1"))
threads = int(os.environ.get("WEB_THREADS", "8"))
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
loglevel = "warning"


def post_fork(_arbiter: Any, worker: Any) -> None:
    die_with(worker.ppid)
