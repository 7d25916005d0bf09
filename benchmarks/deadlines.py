"""`python -m benchmarks.deadlines`: the sweep of reminders among a million open deadlines.

On PostgreSQL, in a database of its own: DATABASE_URL names the server. Each of 10,000 that are due
is told: rule, calendar, ladder, chained entry, notice. Asserted: the times, and that what is not
due costs nothing.
"""

import logging
import os
import statistics
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.tools import clock, copy, promise, scratch

OPEN, FEW, DUE = 1_000_000, 100_000, 10_000
LIMIT_S, IDLE_MS, GROWTH = 5.0, 5.0, 1.5
TIMES = 20
NOON = datetime(2026, 12, 1, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
"""A Tuesday. Whatever is due fell due at nine, three working days before 4 December."""


def load(count: int, first: int) -> None:
    """Add deadlines far from their day, of every section in turn, by copying one."""
    from workflow.models import Deadline, Section

    groups = list(Section.objects.values_list("group", flat=True))
    copy(
        Deadline,
        _sample(),
        f"generate_series({first}, {first + count - 1}) g",
        subject="'bench:' || g",
        reminded_until="t.due_at - interval '20 days'",
        told_left="NULL::smallint",
        group_id=f"(ARRAY{groups}::bigint[])[1 + g % {len(groups)}]",
        due_at="t.due_at + interval '30 days' + (g % 300) * interval '1 day'",
        next_at="t.next_at + interval '30 days' + (g % 300) * interval '1 day'",
    )


def _sample() -> Any:
    """Return a deadline of 4 December, asked on 16 November."""
    from django.db import transaction

    from workflow.deadline.parts import set_deadline
    from workflow.models import Deadline, Section, User

    if found := Deadline.objects.filter(kind="bench").order_by("pk").first():
        return found
    section, subject = Section.objects.earliest("pk"), User.objects.earliest("pk")
    with transaction.atomic():
        return set_deadline(
            subject=subject,
            kind="bench",
            title="見本",
            link="/",
            group=section.group,
            due_on=NOON.date() + timedelta(days=3),
            by=None,
            at=NOON - timedelta(days=15),
        )


def measure() -> dict[str, Any]:
    """Return s of a sweep of what is due, ms of idle ones, and what their plan reads."""
    from django.db import connection

    from workflow.deadline import tasks
    from workflow.models import Deadline, OutboxEvent

    tasks.now = lambda: NOON
    tasks.sweep()
    sample = _sample()
    ids = Deadline.objects.filter(next_at__gt=NOON).exclude(pk=sample.pk).order_by("-pk")[:DUE]
    due = {"due_at": sample.due_at, "next_at": NOON.replace(hour=9)}
    Deadline.objects.filter(pk__in=list(ids.values_list("pk", flat=True))).update(**due)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    told = OutboxEvent.objects.count()
    taken = clock(tasks.sweep) / 1000
    promise(OutboxEvent.objects.count() - told == DUE, "not everybody was told once")
    idle = [clock(tasks.sweep) for _ in range(TIMES)]
    promise(OutboxEvent.objects.count() - told == DUE, "somebody was told twice")
    return {"sweep": taken, "idle": statistics.median(idle), "worst": max(idle)}


def report() -> list[str]:
    """Return lines of Markdown; AssertionError where a promise is broken."""
    found = {}
    with scratch():
        load(FEW, 1)
        found[FEW] = measure()
        load(OPEN - FEW, FEW + 1)
        found[OPEN] = measure()
    few, many = found[FEW], found[OPEN]
    promise(many["sweep"] <= LIMIT_S, f"the sweep took {many['sweep']:.1f} s")
    promise(many["idle"] <= IDLE_MS, f"an idle sweep took {many['idle']:.1f} ms")
    promise(many["sweep"] <= GROWTH * few["sweep"], "what is not due made the sweep slower")
    return [
        f"督促の巡回。期限が来た{DUE:,}件に、規則・暦・宛先・連鎖した証跡・通知まで。",
        "",
        "| 開いている期限 | 巡回 秒 | 何もない巡回 中央値 ms | 最大 ms |",
        "|---:|---:|---:|---:|",
        *(
            f"| {count:,} | {row['sweep']:.1f} | {row['idle']:.1f} | {row['worst']:.1f} |"
            for count, row in found.items()
        ),
    ]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    logging.disable(logging.INFO)
    print("\n".join(report()))  # noqa: T201


if __name__ == "__main__":
    main()
