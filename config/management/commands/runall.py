import os
import signal
import socket
import sys
import threading
import urllib.request
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from config.accounts import demo_accounts
from config.processes import Child, start, stop_all

HOST = os.environ.get("HOST", "127.0.0.1")
PORT = os.environ.get("PORT", "8000")
CELERY = [sys.executable, "-m", "celery", "--app", "config", "--quiet"]
COMMANDS = {
    "web": [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"],
    "worker": [*CELERY, "worker", "--pool", "solo", "--loglevel", "WARNING"],
    "beat": [*CELERY, "beat", "--pidfile=", "--loglevel", "WARNING"],
}
PAUSE = 2.0  # seconds before a process that died is started again
PATIENCE = 10.0  # seconds for a process to end by itself


class Command(BaseCommand):
    help = "Run web, worker and beat, restart what dies, and stop all of them together."

    def handle(self, **_: Any) -> None:
        check_port_free()
        stopping = threading.Event()
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, lambda *_: stopping.set())
        children = {name: start(args) for name, args in COMMANDS.items()}
        try:
            self.watch(children, stopping)
        finally:
            stop_all(children.values(), patience=PATIENCE)

    def watch(self, children: dict[str, Child], stopping: threading.Event) -> None:
        announced = False
        while not stopping.wait(0.2):
            if not announced and (announced := answers()):
                self.announce()
            for name, child in children.items():
                if child.poll() is not None and not stopping.wait(PAUSE):
                    self.stderr.write(f"{name} が終了したため({child.returncode})再起動します。")
                    children[name] = start(COMMANDS[name])

    def announce(self) -> None:
        self.stdout.write(f"\nhttp://{HOST}:{PORT} で動いています(Ctrl-C で終了)。")
        for account in demo_accounts():
            self.stdout.write("  {username:<14} {role}({does})".format(**account))
        if settings.DEMO_PASSWORD:
            self.stdout.write(f"  パスワードはどれも {settings.DEMO_PASSWORD}")
        self.stdout.flush()
        connection.close()


def check_port_free() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(PORT)))
        except OSError as exc:
            raise CommandError(
                f"ポート {PORT} は別のプログラムが使っています。"
                f"別の番号で起動してください(例: PORT={int(PORT) + 1} make run)。"
            ) from exc


def answers() -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{PORT}/healthz", timeout=1):
            return True
    except OSError:
        return False
