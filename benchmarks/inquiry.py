"""`python -m benchmarks.inquiry`: an inquiry goes out to 1,000 sections, each with 5 sheets.

On PostgreSQL, in a database of its own: DATABASE_URL names the server. Asserted: the time, and
that 500 more addressees always cost the same few statements.
"""

import logging
import os
import statistics
from copy import deepcopy
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from typing import Any

from benchmarks.tools import clock, promise, scratch

ADDRESSEES, SHEETS = 1_000, 5
SIZES = (500, ADDRESSEES, 1_500, ADDRESSEES, 500, ADDRESSEES)
"""How many are asked, one run after another; the first of all looks up what is then kept."""
LIMIT_MS = 2_000


def plan_of(codes: list[str]) -> dict[str, Any]:
    """Return the demo plan with SHEETS sheets for each section, copied from its own in turn."""
    from revisions.demo.city import read

    demo = {key: deepcopy(read("plan.yaml")[key]) for key in ("plan", "policies", "projects")}
    originals, program = demo["projects"], demo["policies"][0]["programs"][0]
    demo["projects"] = [
        deepcopy(originals[n % len(originals)])
        | {"uid": f"B{n}", "name": f"事業{n}", "lead": [codes[n // SHEETS]], "related": []}
        for n in range(len(codes) * SHEETS)
    ]
    program["placements"] = [
        {"number": n, "project": sheet["uid"]} for n, sheet in enumerate(demo["projects"], 1)
    ]
    demo["policies"] = [demo["policies"][0] | {"programs": [program]}]
    return demo


def sections(count: int) -> list[Any]:
    from django.contrib.auth.models import Group

    from workflow.models import Department, Section

    groups = Group.objects.bulk_create(Group(name=f"bench:{n}") for n in range(count))
    department = Department.objects.first()
    return Section.objects.bulk_create(
        Section(code=f"bench-{n}", name=f"第{n}課", department=department, group=group)
        for n, group in enumerate(groups)
    )


def prepared(codes: list[str], name: str, at: datetime) -> Any:
    """Return an inquiry that waits to go out, of a revision whose draft is `plan_of(codes)`."""
    from django.db import transaction

    from revisions.cycle.commands import open_stage, start_revision
    from revisions.inquiry.commands import prepare_inquiry
    from revisions.models import Plan
    from revisions.plan import parts
    from workflow.deadline.queries import calendar
    from workflow.models import Stage, User

    by, content = User.objects.get(username="joho-tanto"), plan_of(codes)
    years = {key: content["plan"][key] for key in ("first_year", "last_year")}
    plan = Plan.objects.create(code=name, title=name, **years)
    revision = start_revision(
        plan_id=plan.pk,
        kind="new_plan",
        route="standard",
        title="測定",
        starts_on=at.date(),
        by=by,
        at=at,
    )
    with transaction.atomic():
        parts.load(revision, content)
    stage = Stage.objects.filter(case=revision.case_id, kind="inquiry").earliest("order")
    open_stage(stage_id=stage.pk, by=by, at=at, reason="測定")
    return prepare_inquiry(
        stage_id=stage.pk,
        kind="projects",
        title="測定の照会",
        text="",
        due_on=calendar().working_day_after(at.date(), 10),
        by=by,
        at=at,
    )


def measure() -> list[dict[str, Any]]:
    """Return for every one of SIZES: asked, ms, statements."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from revisions.inquiry.commands import issue
    from workflow.models import User

    at, by = datetime.now(UTC), User.objects.get(username="joho-tanto")
    everybody, found = sections(max(SIZES)), []
    for run, size in enumerate(SIZES):
        asked = everybody[:size]
        inquiry = prepared([section.code for section in asked], f"bench-{run}", at)
        ids = [section.pk for section in asked]
        given = {"inquiry_id": inquiry.pk, "section_ids": ids, "choices": ["leads"]}
        with CaptureQueriesContext(connection) as captured:
            ms = clock(partial(issue, **given, by=by, at=at))
        promise(inquiry.targets.count() == size, "not everybody was asked")
        found.append({"asked": size, "ms": ms, "statements": len(captured)})
    return found


def report() -> list[str]:
    """Return lines of Markdown; AssertionError where a promise is broken."""
    with scratch():
        found = measure()
    by_size = {size: [row for row in found if row["asked"] == size] for size in sorted(set(SIZES))}
    counts = [rows[-1]["statements"] for rows in by_size.values()]
    steps = {after - before for before, after in pairwise(counts)}
    promise(len(steps) == 1, f"500 more cost {steps} statements")
    taken = statistics.median(row["ms"] for row in by_size[ADDRESSEES])
    promise(taken <= LIMIT_MS, f"issuing took {taken:.0f} ms")
    return [
        f"照会の発出。1課に{SHEETS}事業。権利、時点版、期限、連鎖した証跡、通知を含む。",
        "",
        "| 照会先 | 中央値 ms | SQL |",
        "|---:|---:|---:|",
        *(
            f"| {size:,} | {statistics.median(row['ms'] for row in rows):.0f} "
            f"| {rows[-1]['statements']} |"
            for size, rows in by_size.items()
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
