"""`python -m benchmarks.inbox`: the lists of 決裁 of one busy person among a million other steps.

On PostgreSQL, in a database of its own: DATABASE_URL names the server. 10,000 finished and 200
open items are theirs. Asserted: statements don't grow with the data, steps are found by index.
"""

import logging
import os
import re
import statistics
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.tools import clock, copy, promise, scratch

STEPS, DONE, OPEN = 1_000_000, 10_000, 200
EACH = 5  # steps of a request
WHO = "somu-bucho"
TIMES = 20
LIMIT_MS, BULK_LIMIT_MS = 50, 1000
BULK = 500
MOST_STATEMENTS = 17

PAGES = {
    "決裁待ち": "/requests/",
    "決裁待ち、言葉で探す": "/requests/?words=更新",
    "決裁待ち、期限超過": "/requests/?urgency=overdue",
    "済み": "/requests/done/",
    "済み、言葉で探す（該当なし）": "/requests/done/?words=該当しない言葉",
    "自分の起案": "/requests/drafted/",
    "差戻し": "/requests/returned/",
    "関係する決裁": "/requests/involved/",
}


def load(*, steps: int, done: int, open_: int, who: str, at: datetime) -> None:
    """Fill the tables by copying one row of each, whatever columns there are.

    The first requests run, 25 for each that waits for `who`; the rest are decided.
    """
    from workflow.models import Deadline, Request, Step

    request, deadline = _samples(at)
    many, running = steps // EACH, 25 * open_
    ended, ran = f"g > {running}", f"g * 2 > {running}"
    copy(
        Request,
        request,
        f"generate_series(1, {many}) g",
        id=f"{request.pk} + g",
        title="'基幹系システムの更新について（その' || g || '）'",
        matter="'bench:' || g",
        drafter_id=_one_of(_others(who)[0], "g"),
        drafter_post_id=_one_of(_others(who)[1], "g / 3"),
        state=f"CASE WHEN {ended} THEN 'decided' ELSE 'circulating' END",
        ended_at=f"CASE WHEN {ended} THEN t.submitted_at END",
        decided_on=f"CASE WHEN {ended} THEN t.submitted_at::date END",
        submitted_at="t.submitted_at - g * interval '1 minute'",
    )
    copy(
        Step,
        request.steps.earliest("pk"),
        f"generate_series(1, {many}) g, generate_series(1, {EACH}) k",
        request_id=f"{request.pk} + g",
        order="k",
        **_boxes(who, ended, f"g <= {open_} OR g BETWEEN {running + 1} AND {running + done}"),
    )
    copy(
        Deadline,
        deadline,
        f"generate_series(1, {many // 10}) g",
        subject="'bench:' || g * 2",
        state=f"CASE WHEN {ran} THEN 'met' ELSE 'open' END",
        ended_at=f"CASE WHEN {ran} THEN t.due_at END",
        next_at=f"CASE WHEN {ran} THEN NULL ELSE t.due_at END",
        due_at="t.due_at + ((g % 40) - 10) * interval '1 day'",
    )


def _boxes(who: str, ended: str, theirs: str) -> dict[str, str]:
    """The second step is `who`'s where `theirs` says so, all others are of other people."""
    by, post = _who(who)
    people, posts = _others(who)
    theirs, signed = f"(k = 2 AND ({theirs}))", f"({ended} OR k = 1)"
    on = "t.activated_at - g * interval '1 s'"
    person = f"CASE WHEN {theirs} THEN {by} ELSE {_one_of(people, 'g + k')} END"
    return {
        "post_id": f"CASE WHEN {theirs} THEN {post} ELSE {_one_of(posts, 'g * 7 + k * 13')} END",
        "state": f"CASE WHEN {signed} THEN 'approved' WHEN k = 2 THEN 'active' ELSE 'waiting' END",
        "activated_at": f"CASE WHEN {signed} OR k = 2 THEN {on} END",
        "acted_by_id": f"CASE WHEN {signed} THEN {person} END",
        "acted_at": f"CASE WHEN {signed} THEN {on} END",
    }


def _who(who: str) -> tuple[int, int]:
    from workflow.models import Appointment

    held = Appointment.objects.get(user__username=who, until=None)
    return held.user_id, held.post_id


def _others(who: str) -> tuple[list[int], list[int]]:
    """Return the ids of the other people and of the other posts."""
    from workflow.models import Post, User

    by, post = _who(who)
    return (
        list(User.objects.exclude(pk=by).values_list("pk", flat=True)),
        list(Post.objects.exclude(pk=post).values_list("pk", flat=True)),
    )


def _one_of(ids: list[int], n: str) -> str:
    return f"(ARRAY{ids}::bigint[])[1 + ({n}) % {len(ids)}]"


def _samples(at: datetime) -> tuple[Any, Any]:
    """Return a request with one step, and a deadline, to copy."""
    from django.db import transaction

    from workflow.authority.line import Turn
    from workflow.authority.states import StepRole
    from workflow.deadline.parts import set_deadline
    from workflow.models import Post, User
    from workflow.signoff import parts

    by, post = User.objects.get(username="joho-tanto"), Post.objects.get(code="joho-tanto")
    with transaction.atomic():
        request = parts.circulate(
            kind="revision.proposal",
            title="見本",
            link="/",
            part_of="",
            body="本文",
            drafter=by,
            post=post,
            steps=[Turn(1, StepRole.LINE, Post.objects.get(code="joho-kacho"))],
            at=at,
        )
        deadline = set_deadline(
            subject=request,
            kind="bench",
            title="見本",
            link="/",
            group=post.group,
            due_on=at.date() + timedelta(days=1),
            by=by,
            at=at,
        )
    return request, deadline


def plans(captured: Any) -> list[str]:
    """Return the plan of every captured statement that reads steps or requests."""
    from django.db import connection

    found = []
    with connection.cursor() as cursor:
        for query in captured:
            if re.search(r'FROM "workflow_(step|request)"', query["sql"]):
                cursor.execute("EXPLAIN " + query["sql"].replace("%", "%%"))
                found.append("\n".join(row[0] for row in cursor.fetchall()))
    return found


def walked_through(plan: str) -> bool:
    """Tell whether a plan reads a whole large table."""
    return bool(re.search(r"Seq Scan on workflow_(step|request|deadline|auditentry)\b", plan))


def measure() -> dict[str, dict[str, Any]]:
    """Return for every page: median and worst ms, statements, plans."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from workflow.models import User

    client = Client()
    client.force_login(User.objects.get(username=WHO))
    found = {}
    for name, path in PAGES.items():
        for _warm in range(3):
            promise(client.get(path).status_code == 200, path)
        taken = [clock(lambda path=path: client.get(path)) for _ in range(TIMES)]
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        found[name] = {
            "median": statistics.median(taken),
            "worst": max(taken),
            "statements": len(captured),
            "plans": plans(captured),
        }
    return found


def measure_bulk() -> dict[str, Any]:
    """Return ms and statements of approving many at once: right, state, signature, entry, event."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from workflow.models import Reading, Step, User
    from workflow.signoff.commands_bulk import approve_all

    by, post = _who(WHO)
    at, opened = datetime.now(UTC), {"user_id": by, "attempt": 1}
    active = Step.objects.filter(state="active")
    more = active.exclude(post=post).values("pk")[: BULK - OPEN]
    Step.objects.filter(pk__in=list(more.values_list("pk", flat=True))).update(post=post)
    steps = list(active.filter(post=post).select_related("request")[:BULK])
    Reading.objects.bulk_create(
        Reading(request=step.request, content_id=step.request.content_id, at=at, **opened)
        for step in steps
    )
    ids, who = [step.pk for step in steps], User.objects.get(pk=by)
    with CaptureQueriesContext(connection) as captured:
        taken = clock(lambda: approve_all(step_ids=ids, by=who, at=at))
    left = Step.objects.filter(pk__in=ids, state="active").count()
    promise(not left, f"{left} were not approved")
    return {"median": taken, "worst": taken, "statements": len(captured)}


def report() -> list[str]:
    """Return lines of Markdown; AssertionError where a promise is broken."""
    with scratch():
        load(steps=STEPS, done=DONE, open_=OPEN, who=WHO, at=datetime.now(UTC))
        found = measure()
        bulk = measure_bulk()
    for name, row in found.items():
        promise(row["statements"] <= MOST_STATEMENTS, f"{name}: {row['statements']} statements")
        walked = [p for p in row["plans"] if walked_through(p)] if "探す" not in name else []
        promise(not walked, "\n".join([name, *walked]))
    promise(found["決裁待ち"]["median"] <= LIMIT_MS, "決裁待ち is slower than promised")
    promise(bulk["worst"] <= BULK_LIMIT_MS, "まとめて承認 is slower than promised")
    return [
        f"決裁の一覧。ほかの人の{STEPS:,}欄の中で、済み{DONE:,}件・決裁待ち{OPEN}件の人の画面。",
        "",
        "| 画面 | 中央値 ms | 最大 ms | SQL |",
        "|---|---:|---:|---:|",
        *(
            f"| {name} | {row['median']:.1f} | {row['worst']:.1f} | {row['statements']} |"
            for name, row in {**found, f"まとめて承認（{BULK}件）": bulk}.items()
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
