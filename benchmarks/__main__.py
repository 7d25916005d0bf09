"""`make bench`, or `python -m benchmarks pages write`: run the parts, all by default.

A part is a module here that prints its section when run. RESULTS.md is put together from the
sections; that of a part which was not run, or failed, stays as it was. PostgreSQL is that of
BENCH_DATABASE_URL; every part makes the databases that it needs and drops them.
"""

# ruff: noqa: T201
import importlib.util
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

from benchmarks import scratch

PARTS = {
    "write": "書き込みの速さ",
    "inbox": "決裁の一覧の速さ",
    "imports": "計画の取込みの速さ",
    "inquiry": "照会の発出の速さ",
    "board": "照会の進捗のボードの速さ",
    "deadlines": "督促の巡回の速さ",
    "pages": "画面ごとのサーバーの時間",
    "diff": "版の比較の速さ",
    "workbook": "Excelの照会票の速さ",
    "fields": "一課で何人もが書くときの保存の速さ",
    "commit": "コミットのときの合図の重さ",
    "telling": "お知らせの速さ",
}
RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = f"""# 測定結果

`make bench`。Python {platform.python_version()}、{os.cpu_count()}コア。\
測り方は `benchmarks/` にある。
"""


def main() -> int:
    wanted = sys.argv[1:] or [part for part in PARTS if exists(part)]
    sections, failed = kept(), []
    for part in wanted:
        print(f"測っています: {part}", file=sys.stderr)
        run = subprocess.run(  # noqa: S603
            [sys.executable, "-m", f"benchmarks.{part}"],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"DATABASE_URL": scratch.url_of("kaitei_bench")},
        )
        if run.returncode:
            failed.append(part)
        else:
            sections[part] = run.stdout.strip()
    RESULTS.write_text(together(sections), encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))
    if failed:
        print(f"測れなかったもの: {' '.join(failed)}", file=sys.stderr)
    return len(failed)


def exists(part: str) -> bool:
    return importlib.util.find_spec(f"benchmarks.{part}") is not None


def kept() -> dict[str, str]:
    """Return the sections that RESULTS.md has, by part."""
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    found = re.split(r"^## (.*)$", text, flags=re.MULTILINE)[1:]
    by_title = dict(zip(found[::2], found[1::2], strict=True))
    return {p: by_title[title].strip() for p, title in PARTS.items() if title in by_title}


def together(sections: dict[str, str]) -> str:
    texts = [f"## {title}\n\n{sections[p]}\n" for p, title in PARTS.items() if p in sections]
    return "\n".join([HEAD, *texts])


if __name__ == "__main__":
    sys.exit(main())
