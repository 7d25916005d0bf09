"""Workbooks of an inquiry: making those of 60 sections, reading one of 1,000 lines.

Reading is measured in a process of its own, which does nothing else, so that its memory is known.
It is held to its CPU time: nothing in it waits, and a busy machine says nothing of it.
"""

# ruff: noqa: T201
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path
from typing import Any

SECTIONS, LINES, ROUNDS = 60, 1_000, 3
MOST_SECONDS, MOST_MB = 3.0, 100


def main() -> int:
    if len(sys.argv) > 1:
        return child(sys.argv[1], Path(sys.argv[2]))
    set_up()
    made, spent, pages, size = making()
    print(
        f"- {SECTIONS}課の照会票（シート{pages}枚、{size / 2**20:.1f}MB）を作る："
        f"{made:.2f}秒、CPU時間{spent:.2f}秒"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "照会票.xlsx"
        path.write_bytes(filled())
        base = run("nothing", path)
        found = [run("read", path) for _ in range(ROUNDS)]
    wall, seconds = (statistics.median(one[i] for one in found) for i in (0, 1))
    peak = max(one[2] for one in found)
    print(
        f"- {LINES:,}行の照会票を読み取り、いまの回答と比べる："
        f"{wall:.2f}秒、CPU時間{seconds:.2f}秒（目標{MOST_SECONDS}秒）、"
        f"最大{peak:.0f}MB（目標{MOST_MB}MB。うち起動だけで{base[2]:.0f}MB）"
    )
    return int(seconds > MOST_SECONDS or peak > MOST_MB)


def set_up() -> None:
    os.environ["DATABASE_URL"] = "sqlite://:memory:"  # nothing of it is read
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()


def run(what: str, path: Path) -> tuple[float, ...]:
    """Return seconds, seconds of CPU and the peak of resident memory in MB of a child."""
    command = [sys.executable, "-m", "benchmarks.workbook", what, str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return tuple(map(float, done.stdout.split()))


def child(what: str, path: Path) -> int:
    set_up()
    from revisions.inquiry.workbook.reading import read
    from revisions.inquiry.workbook.review import compared
    from workflow.workbooks import open_workbook

    body = path.read_bytes()
    start, spent = time.perf_counter(), time.process_time()
    if what == "read":
        reading = read(open_workbook(BytesIO(body), formulas=True))
        review = compared(asked("opinions", base=tuple(reading.stamp.base)), reading)
        if len(review.outcome.opinions) != LINES or review.faults:
            raise ValueError("read otherwise than written")
    took, spent = time.perf_counter() - start, time.process_time() - spent
    print(took, spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return 0


def making() -> tuple[float, float, int, int]:
    """Return seconds, seconds of CPU, how many worksheets were made and their bytes."""
    from revisions.inquiry.workbook.drawing import drawn
    from revisions.inquiry.workbook.whole import paper_of

    took, spent, pages, size = [], [], 0, 0
    for _ in range(ROUNDS):
        start, began = time.perf_counter(), time.process_time()
        papers = [paper_of(asked("projects", own=3 - n % 3), f"{n:08}") for n in range(SECTIONS)]
        size = sum(len(drawn(paper)) for paper in papers)
        took.append(time.perf_counter() - start)
        spent.append(time.process_time() - began)
        pages = sum(len(paper.pages) for paper in papers)
    return statistics.median(took), statistics.median(spent), pages, size


def filled() -> bytes:
    """Return a workbook with as many lines of opinions as are measured, all written in."""
    from openpyxl import load_workbook

    from revisions.inquiry.workbook.drawing import drawn
    from revisions.inquiry.workbook.whole import paper_of

    rows = tuple(f"remarks/row-{n}/text" for n in range(LINES))
    book = load_workbook(BytesIO(drawn(paper_of(asked("opinions", base=rows), "bench"))))
    sheet = book["意見"]
    for row in range(sheet.max_row - LINES + 1, sheet.max_row + 1):
        text = f"{row}行目の意見です。" * 5
        values = ["1-2-(1)", "概要の2文目", text, "理由です。", "修正案です。" * 5]
        for column, value in enumerate(values, 3):
            sheet.cell(row, column).value = value
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def asked(kind: str, *, own: int = 0, base: tuple[str, ...] = ()) -> Any:
    """Return what a section of the demo is asked, without a database."""
    from datetime import date

    from revisions.demo.city import read
    from revisions.inquiry.models import Inquiry, InquiryTarget
    from revisions.inquiry.queries import Paper, Sheets
    from revisions.inquiry.workbook.asked import Asked
    from revisions.inquiry.workbook.names import Names
    from revisions.models import Plan, Revision
    from workflow.models import Section

    content = read("plan.yaml") | {"sections": {}}
    first, last = (content["plan"][name] for name in ("first_year", "last_year"))
    target = InquiryTarget(
        pk=1,
        inquiry=Inquiry(kind=kind, title="掲載事業について（照会）", text="確かめてください。"),
        revision=Revision(plan=Plan(first_year=first, last_year=last)),
        section=Section(code="koho", name="広報広聴課"),
        due_on=date(2026, 12, 4),
    )
    sheets = Sheets(content, content["projects"][:own], [], {}, remarkable=[])
    return Asked(
        target, sheets, [], Names({}, frozenset(), ()), Paper([], {}), "情報システム課", base
    )


if __name__ == "__main__":
    sys.exit(main())
