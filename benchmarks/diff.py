"""How long it takes to compare two versions of a plan, every text of them down to the character."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from revisions.plan.diff import plan_diff
from workflow import differences

DEMO = Path(__file__).parents[1] / "revisions/demo/plan.yaml"
TIMES = 7
LIMIT_MS = 150
PLANS = (41, 100, 1000)
CHANGED = {"一部": 3, "すべて": 1}
"""Every so many sheets are changed."""


def main() -> None:
    print(report([(n, word, clock(n, every)) for n in PLANS for word, every in CHANGED.items()]))  # noqa: T201


def clock(sheets: int, every: int) -> float:
    """Return the median in ms; nothing is remembered from one time to the next."""
    old, new = plan(sheets, 0), plan(sheets, every)
    return statistics.median(once(old, new) for _ in range(TIMES))


def once(old: dict[str, Any], new: dict[str, Any]) -> float:
    differences._pieces.cache_clear()
    started = time.process_time()
    changes = plan_diff(old, new, names={})
    pieces = sum(len(field.pieces) for change in changes for field in change.fields)
    taken = (time.process_time() - started) * 1000
    if not pieces:
        raise RuntimeError("nothing was compared")
    return taken


def plan(sheets: int, every: int) -> dict[str, Any]:
    """Return a plan made of the demo's sheets, of which every so many were reworded and moved."""
    demo = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
    source = demo["projects"]
    projects = [renamed(source[n % len(source)], n) for n in range(sheets)]
    for n, project in enumerate(projects):
        if every and n % every == 0:
            projects[n] = reworded(project)
    return {
        "plan": demo["plan"],
        "policies": [{"number": 1, "name": "方針", "programs": list(programs(projects, every))}],
        "projects": projects,
    }


def programs(projects: list[dict[str, Any]], every: int) -> Iterator[dict[str, Any]]:
    for number, start in enumerate(range(0, len(projects), 10), 1):
        here = projects[start : start + 10]
        if every:  # the first goes to the end: all are renumbered
            here = [*here[1:], here[0]]
        places = [{"number": n, "project": p["uid"]} for n, p in enumerate(here, 1)]
        yield {"number": number, "name": f"事業{number}", "aim": "", "placements": places}


def renamed(project: dict[str, Any], n: int) -> dict[str, Any]:
    return project | {"uid": f"U{n}", "overview": f"第{n}号。{project['overview']}"}


def reworded(project: dict[str, Any]) -> dict[str, Any]:
    """Return it with every field changed a little, as a section would."""
    words = {"順次": "計画的に", "ます。": "ることとします。", "検討": "検証", "市": "本市"}
    texts = {}
    for name in ("overview", "aims", "rationale"):
        texts[name] = project[name]
        for old, new in words.items():
            texts[name] = texts[name].replace(old, new)
    actions = [
        action | {"spans": [span | {"to": span["to"] + 1} for span in action["spans"]]}
        for action in project["actions"]
    ]
    return project | texts | {"actions": actions, "lead": [*project["lead"], "kikaku"]}


def report(rows: list[tuple[int, str, float]]) -> str:
    taken = {(sheets, word): ms for sheets, word, ms in rows}
    ratio = taken[1000, "すべて"] / taken[100, "すべて"]
    return "\n".join(
        [
            f"二つの版を項目ごとに比べ、文章は文字まで比べる。プロセッサの時間、各{TIMES}回の中央値。"
            f"目標：41シートで {LIMIT_MS} ms 以下、シートの数に比例。",
            "",
            "| シート | 変わったシート | 中央値 ms | 1シート当たり ms |",
            "| ---: | --- | ---: | ---: |",
            *(f"| {n:,} | {word} | {ms:.0f} | {ms / n:.2f} |" for n, word, ms in rows),
            "",
            f"1,000シートは100シートの {ratio:.1f} 倍。",
        ]
    )


if __name__ == "__main__":
    main()
