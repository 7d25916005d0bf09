"""`python -m benchmarks.telling`: from the outbox to people, on screen and by mail.

On PostgreSQL, in a database of its own: DATABASE_URL names the server. Everybody has an address and
wants what the city's default is, so that every notice on screen has a mail beside it. Mails go over
SMTP to a server in another process. Asserted: notices on screen and mails, a second.
"""

import logging
import multiprocessing
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.tools import promise, scratch

PEOPLE = 500
EVENTS, URGENT = 20, 4
LEAST_SHOWN, LEAST_MAILED = 2_000, 200  # a second


class Sink:
    """Takes every mail and forgets it."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        return "250 ok"


def serve(ready: Any) -> None:
    from aiosmtpd.controller import Controller

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    Controller(Sink(), hostname="127.0.0.1", port=port).start()
    ready.send(port)
    ready.recv()


@contextmanager
def sink() -> Iterator[int]:
    """Yield the port of a mail server in another process."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=[theirs])
    process.start()
    theirs.close()
    try:
        yield ours.recv()
    finally:
        ours.send("done")
        process.join()


def load() -> Any:
    """Return the group of all the people."""
    from django.contrib.auth.models import Group

    from workflow.models import User

    made = User.objects.bulk_create(
        User(username=f"bench-{n}", name=f"職員{n}", email=f"bench-{n}@example.jp")
        for n in range(PEOPLE)
    )
    group = Group.objects.create(name="bench")
    User.groups.through.objects.bulk_create(
        User.groups.through(user=user, group=group) for user in made
    )
    return group


def tell(group: Any, kind: str, count: int, at: datetime) -> None:
    from django.db import transaction

    from workflow.audit.trail import record
    from workflow.models import User
    from workflow.outbox.queue import emit

    about = User.objects.get(username="kanri")
    for n in range(count):
        with transaction.atomic():
            entry = record(kind, about, by=None, at=at)
            emit(entry, to=[group], link="/", title=f"情報化推進計画の見直し（第{n}回）")


def show(at: datetime) -> tuple[int, float]:
    """Return how many notices went on screen, and the seconds."""
    from notifications.dispatch import fan_out
    from notifications.models import Delivery

    before, start = Delivery.objects.filter(channel="app").count(), time.perf_counter()
    while fan_out(at=at):
        pass
    taken = time.perf_counter() - start
    return Delivery.objects.filter(channel="app").count() - before, taken


def mail(at: datetime) -> tuple[int, float]:
    """Return how many mails were taken, and the seconds."""
    from notifications.digests import gather
    from notifications.dispatch import send_mails

    count, start = 0, time.perf_counter()
    while gather(at=at):
        pass
    while sent := send_mails(at=at):
        count += sent
    return count, time.perf_counter() - start


def measure(port: int, at: datetime) -> Iterator[tuple[str, int, float]]:
    from django.conf import settings

    settings.EMAIL_BACKEND = "notifications.channels.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.OUTBOX_WAKE = "127.0.0.1", port, False
    group = load()
    tell(group, "stage.opened", EVENTS, at)
    yield "画面に出す", *show(at)
    tell(group, "meeting.moved", URGENT, at)
    show(at)
    yield "すぐに送るメール（一通一件）", *mail(at)
    yield f"まとめたメール（一通{EVENTS}件）", *mail(_next_morning(at))


def _next_morning(at: datetime) -> datetime:
    from notifications.moments import next_digest
    from workflow.deadline.queries import calendar

    return next_digest(at, 9, calendar()) + timedelta(minutes=1)


def report() -> list[str]:
    """Return lines of Markdown; AssertionError where a promise is broken."""
    with sink() as port, scratch():
        found = list(measure(port, datetime.now(UTC)))
    (_, *shown), (_, *mailed), (_, *gathered) = found
    promise(shown[0] >= LEAST_SHOWN * shown[1], f"画面: {shown[0] / shown[1]:.0f}/秒")
    promise(mailed[0] >= LEAST_MAILED * mailed[1], f"メール: {mailed[0] / mailed[1]:.0f}/秒")
    promise(gathered[0] == PEOPLE, f"まとめたメール: {gathered[0]}通")
    return [
        f"送信待ちから{PEOPLE}人へ。ワーカー1つ、SMTPの受け手は別のプロセス。",
        "",
        "| | 件・通 | 秒 | 毎秒 |",
        "|---|---:|---:|---:|",
        *(f"| {what} | {n:,} | {taken:.1f} | {n / taken:,.0f} |" for what, n, taken in found),
    ]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    logging.disable(logging.INFO)
    print("\n".join(report()))  # noqa: T201


if __name__ == "__main__":
    main()
