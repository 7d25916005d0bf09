"""新旧対照表 as PDF: A4 landscape, set by Typst in the font that lies beside it."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from revisions.documents.paper import (
    NOTHING,
    SIDES,
    Paper,
    clean,
    label,
    line_count,
    runs,
    said,
    text,
)
from revisions.documents.table import COLUMNS, Entry, Line

HERE = Path(__file__).parent
STANDARDS = ["a-2a", "ua-1"]
"""They want every character shown: what the machine's own fonts must help with has none."""
WIDE, NARROW = 72, 24
"""Half-width characters that stand in a line of the columns, at the least."""
TOGETHER = 24
"""Lines up to which an entry is not torn by a page's end; a page has some thirty."""
DATED = ("year", "month", "day", "hour", "minute", "second")


def draw(paper: Paper) -> bytes:
    return _set(json.dumps(_data(paper), ensure_ascii=False))


@lru_cache(maxsize=8)
def _set(data: str) -> bytes:
    try:
        return _compiled(data, ignore_system_fonts=True, pdf_standards=STANDARDS)
    except typst.TypstError:  # a character that the font does not have, such as 𠮷
        return _compiled(data)


def _compiled(data: str, **how: Any) -> bytes:
    return typst.compile(
        HERE / "comparison.typ",
        root=HERE,
        font_paths=[HERE / "fonts"],
        sys_inputs={"data": data},
        **how,
    )


def _data(paper: Paper) -> dict[str, Any]:
    groups = [
        {"title": clean(group.title), "entries": [_entry(entry) for entry in group.entries]}
        for group in paper.groups
    ]
    return {
        "title": paper.title,
        "dated": {part: getattr(paper.dated, part) for part in DATED},
        "versions": paper.versions,
        "about": paper.about,
        "columns": COLUMNS,
        "nothing": NOTHING,
        "groups": groups,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    why = list(said(entry))
    heights = [sum(line_count(text(li, side), WIDE) for li in entry.lines) for side in SIDES]
    is_short = max(*heights, line_count("\n".join(why), NARROW)) <= TOGETHER
    return {"lines": [_line(line) for line in entry.lines], "said": why, "together": is_short}


def _line(line: Line) -> dict[str, Any]:
    return {
        "new": runs(line, "new"),
        "old": runs(line, "old"),
        "new_label": label(line, "new"),
        "old_label": label(line, "old"),
    }
