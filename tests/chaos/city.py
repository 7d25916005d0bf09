"""What the storm goes over, run as a process of its own.

python -m tests.chaos.city lay WAY  deadlines that are due: half of them late, half today
python -m tests.chaos.city write    one act after another, each told to some people, and a deadline
                                    that is late with each, without end
python -m tests.chaos.city ring     sweeps and drains without end, as from many beats
"""

import json
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from time import perf_counter, sleep

import django

django.setup()

from celery import current_app  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.utils.timezone import now  # noqa: E402, TID251

from notifications.models import Preference  # noqa: E402
from notifications.states import Topic  # noqa: E402
from workflow.audit.trail import record  # noqa: E402
from workflow.deadline.calendar import in_tokyo  # noqa: E402
from workflow.deadline.parts import set_deadlines  # noqa: E402
from workflow.ledger.command import command  # noqa: E402
from workflow.models import OutboxEvent, Section, User  # noqa: E402
from workflow.outbox import queue  # noqa: E402
from workflow.outbox.queue import emit  # noqa: E402

SUBJECTS = 75  # twice late, twice due today: 300 deadlines
PAUSE = 0.2  # seconds from act to act
LONG_AGO = timedelta(days=60)
LATE = timedelta(days=30)
DIGEST_HOUR = 13


def lay(way: str) -> None:
    """Everybody is told by mail in the way; what would be gathered is gathered for 13 o'clock."""
    wish = {"ways": dict.fromkeys(Topic, way), "digest_hour": DIGEST_HOUR}
    Preference.objects.bulk_create([Preference(user=user, **wish) for user in User.objects.all()])
    today = in_tokyo(now())
    groups = [section.group for section in Section.objects.select_related("group").order_by("pk")]
    users = list(User.objects.order_by("pk")[:SUBJECTS])
    for kind, due_on in (("late", today - LATE), ("today", today)):
        for copy in range(2):
            asked = [
                (user, groups[(n + copy) % len(groups)], "/", due_on)
                for n, user in enumerate(users)
            ]
            ask(asked, kind=f"{kind}-{copy}")


def write(seed: str) -> None:
    """Say of each act, once it has committed, one a line:

    {"event": id, "groups": ids, "users": ids, "took": seconds, "hint": seconds of its commit}
    """
    hints = timed_hints()
    random = Random(seed)  # noqa: S311
    people = list(User.objects.filter(is_active=True).values_list("pk", flat=True))
    groups = list(Group.objects.order_by("pk"))
    sections = [section.group for section in Section.objects.order_by("pk")]
    due_on = in_tokyo(now()) - LATE
    while True:
        subject, actor, named = random.sample(people, 3)
        to = random.sample(groups, 2)
        started = perf_counter()
        event = act(subject, by=actor, to=to, users=[named, actor], at=now())
        took = {"took": perf_counter() - started, "hint": hints.pop()}
        asked = {"groups": sorted(group.pk for group in to), "users": sorted([named, actor])}
        said = json.dumps({"event": event.pk} | asked | took)
        sys.stdout.write(f"{said}\n")  # at once, since a warning may come between two writes
        sys.stdout.flush()
        late = User.objects.get(pk=subject), random.choice(sections), "/", due_on
        ask([late], kind=f"late-by-{event.pk}")
        sleep(PAUSE)


@command
def ask(asked: list[tuple[User, Group, str, date]], *, kind: str) -> None:
    """Set deadlines, as long ago."""
    more = {"title": "庁内照会への回答", "by": asked[0][0], "at": now() - LONG_AGO}
    set_deadlines(asked, kind=kind, **more)


def timed_hints() -> list[float]:
    """Return where the seconds are put that each hint to the workers takes of its act's commit."""
    taken, wake = list[float](), queue._wake

    def watched() -> None:
        started = perf_counter()
        wake()
        taken.append(perf_counter() - started)

    queue._wake = watched
    return taken


@command
def act(subject: int, *, by: int, to: list[Group], users: list[int], at: datetime) -> OutboxEvent:
    row = User.objects.select_for_update().get(pk=subject)
    entry = record("stage.opened", row, by=User.objects.get(pk=by), at=at)
    return emit(entry, to=to, users=users, link="/", title="情報化推進計画")


def ring() -> None:
    while True:
        for task in ("workflow.deadline.tasks.sweep", "notifications.tasks.drain"):
            try:
                current_app.send_task(task, retry=False, ignore_result=True, expires=5)
            except current_app.connection_for_write().connection_errors:
                continue
        sleep(0.5)


ROLES: dict[str, Callable[..., None]] = {"lay": lay, "write": write, "ring": ring}

if __name__ == "__main__":
    ROLES[sys.argv[1]](*sys.argv[2:])
