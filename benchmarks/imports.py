"""How long a plan of 1,000 sheets takes to bring in from a workbook, and the memory of it."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SHEETS = 1_000
LIMIT_S, LIMIT_MB = 3, 100
STEPS = {
    "read": "重さを量って開き、行を読む",
    "build": "番号で突き合わせ、内容にして点検する",
    "load": "計画案に書く（SQLite）",
}


def main() -> None:
    """Write the workbook, then bring it in in a process of its own, whose memory is measured."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ.pop("DATABASE_URL", None)
        path = Path(folder, "plan.xlsx")
        run = [sys.executable, "-m", "benchmarks.imports"]
        subprocess.run([*run, "make", path], check=True)  # noqa: S603
        done = subprocess.run([*run, "bring", path], check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
        print(done.stdout)  # noqa: T201


def content() -> dict[str, Any]:
    """Four policies of ten programs with 25 sheets each, every sheet filled in."""
    uids = [f"P{n:04}" for n in range(1, SHEETS + 1)]
    programs = [
        {
            "number": number % 10 + 1,
            "name": f"事業推進計画{number}",
            "aim": "窓口へ来なくてよいようにします。" * 4,
            "placements": [
                {"number": place, "project": uid}
                for place, uid in enumerate(uids[number * 25 : number * 25 + 25], 1)
            ],
        }
        for number in range(40)
    ]
    return {
        "plan": {
            "code": "large",
            "title": "大きな計画",
            "first_year": 2021,
            "last_year": 2025,
            "philosophy": "つなぐ",
        },
        "policies": [
            {"number": n + 1, "name": f"基本方針{n}", "programs": programs[n * 10 : n * 10 + 10]}
            for n in range(4)
        ],
        "projects": [project(uid) for uid in uids],
    }


def project(uid: str) -> dict[str, Any]:
    number = {"value": "70.8", "unit": "%", "comparison": ">="}
    return {
        "uid": uid,
        "name": f"手続のオンライン化の推進{uid}",
        "status": "new",
        "lead": ["joho", "koho"],
        "related": ["koseki", {"class": "各施設所管課等"}],
        "overview": "市への手続を順次切り替えます。" * 10,
        "aims": "来庁しなくてよい手続を増やします。" * 10,
        "actions": [
            {"text": "方向性整理", "spans": [{"from": 2021, "to": 2022}]},
            {"text": "オンライン化", "spans": [{"from": 2023, "to": 2025, "text": "全手続"}]},
        ],
        "indicators": [
            {
                "name": "手続数の割合",
                "cumulative": False,
                "cells": [{"from": year, "to": year, **number} for year in range(2021, 2026)],
            }
        ],
        "rationale": "過去の実績による。",
        "notes": [],
    }


def make(path: str) -> None:
    """Write the workbook, and an empty draft for it."""
    from django.core.management import call_command
    from django.utils import timezone

    from revisions.cycle.commands import start_revision
    from revisions.demo.city import load_city
    from revisions.models import Plan
    from revisions.plan.exchange.book import to_workbook
    from revisions.plan.exchange.write import write
    from workflow.models import Section, User

    call_command("migrate", verbosity=0)
    now = timezone.now()  # noqa: TID251
    load_city(today=now.date(), password=None)
    plan = Plan.objects.create(code="large", title="大きな計画", first_year=2021, last_year=2025)
    start_revision(
        plan_id=plan.pk,
        kind="new_plan",
        route="standard",
        title="策定",
        starts_on=now.date(),
        by=User.objects.get(username="joho-tanto"),
        at=now,
    )
    names = dict(Section.objects.values_list("code", "name"))
    Path(path).write_bytes(to_workbook(write(content(), names=names)))


def bring(path: str) -> None:
    from django.core.files.base import ContentFile
    from django.utils import timezone

    from revisions.models import Revision
    from revisions.plan.commands import import_draft
    from revisions.plan.exchange import book
    from revisions.plan.exchange.build import build
    from revisions.plan.exchange.parse import parse
    from revisions.plan.queries import facts_of, office_on, standing_on
    from workflow.models import User

    now = timezone.now()  # noqa: TID251
    by = User.objects.get(username="joho-tanto")
    revision = Revision.objects.select_related("plan").get()
    data, before = Path(path).read_bytes(), peak_mb()
    today = now.date()
    tables, reading = clocked(lambda: book.read([ContentFile(data, "plan.xlsx")]))
    outcome, building = clocked(
        lambda: build(
            parse(tables),
            plan=facts_of(revision.plan),
            office=office_on(today),
            standing=standing_on(today),
            choices={},
        )
    )
    assert outcome.is_ready, (outcome.errors, outcome.unsettled)  # noqa: S101
    _, loading = clocked(
        lambda: import_draft(
            revision_id=revision.pk, content=outcome.content, reason="測定", by=by, at=now
        )
    )
    times = {"read": reading, "build": building, "load": loading}
    rows = sum(map(len, tables.values()))
    print(report(times, rows, len(data), peak_mb() - before, before))  # noqa: T201


def clocked(act: Callable[[], Any]) -> tuple[Any, tuple[float, float]]:
    """Return what `act` gives, and the seconds by the wall clock and of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    return act(), (time.perf_counter() - wall, time.process_time() - cpu)


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(
    times: dict[str, tuple[float, float]], rows: int, size: int, grown: float, before: float
) -> str:
    lines = [
        f"個別事業{SHEETS:,}件、全シートで{rows:,}行、{size / 2**20:.1f} MB のブックを取り込む。"
        f"目標 {LIMIT_S} 秒以下、{LIMIT_MB} MB 以内。",
        "",
        "| 段 | 秒 | うちCPU |",
        "| --- | ---: | ---: |",
        *(f"| {label} | {times[s][0]:.2f} | {times[s][1]:.2f} |" for s, label in STEPS.items()),
        f"| 合わせて | {sum(w for w, _ in times.values()):.2f} |"
        f" {sum(cpu for _, cpu in times.values()):.2f} |",
        "",
        f"取込みで増えたメモリの最大 {grown:.0f} MB（取込み前のプロセス {before:.0f} MB）。",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    if sys.argv[1:]:
        import django

        django.setup()
        {"make": make, "bring": bring}[sys.argv[1]](sys.argv[2])
    else:
        main()
