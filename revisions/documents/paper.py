"""A document that is handed out, and what every form of it writes alike. Pure."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Literal
from unicodedata import east_asian_width

from revisions.documents.table import Entry, Group, Line

Run = tuple[str, bool]
"""A text, and whether it is underlined."""

Side = Literal["new", "old"]

SIDES: tuple[Side, Side] = ("new", "old")
TITLE = "新旧対照表"
WORKING = "（作業中）"
NOTHING = "二つの版に違いはありません。"
_SHOWN: dict[Side, str] = {"new": "=+", "old": "=-"}
_NOT_HELD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ZIPPED_ON = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


@dataclass(frozen=True)
class Paper:
    """新旧対照表 as it is printed.

    plan      title of the plan
    new, old  the versions in words: 第5版 計画案（令和3年4月20日）
    about     scope and order in words
    dated     when the newer version was made; the document itself says no other time
    is_working  the newer one is a draft, taken at that time (作業中)
    """

    plan: str
    new: str
    old: str
    about: str
    dated: datetime
    groups: tuple[Group, ...]
    is_working: bool = False

    @property
    def title(self) -> str:
        return clean(f"{self.plan}　{TITLE}{WORKING if self.is_working else ''}")

    @property
    def versions(self) -> tuple[str, str]:
        return clean(f"改定後：{self.new}"), clean(f"現行：{self.old}")


def runs(line: Line, side: Side) -> list[Run]:
    """Return what stands on one side of a line, its label aside."""
    if mark := line.new_mark if side == "new" else line.old_mark:
        return [(mark, False)]
    return [(clean(text), op != "=") for op, text in line.pieces if op in _SHOWN[side]]


def label(line: Line, side: Side) -> str:
    """Return the name of the field that begins here, or "" where it has nothing."""
    words = line.new_label if side == "new" else line.old_label
    return f"【{words}】" if words else ""


def text(line: Line, side: Side) -> str:
    """Return a label and what stands under it, without its underlines."""
    words = "".join(words for words, _underlined in runs(line, side))
    return "\n".join(part for part in (label(line, side), words) if part)


def is_blank(entry: Entry, side: Side) -> bool:
    """Whether a side has no more than its first line, as where a project was not there yet."""
    return not any(runs(line, side) for line in entry.lines[1:])


def said(entry: Entry) -> Iterator[str]:
    """Yield the paragraphs of the column 理由."""
    if entry.word:
        yield entry.word
    for reason in entry.reasons:
        yield clean(f"{reason.text}（{reason.origin}）" if reason.origin else reason.text)


def clean(words: str) -> str:
    """Leave out what no document can hold: control characters but tabs and the ends of lines."""
    return _NOT_HELD.sub("", words.replace("\t", "　"))


def line_count(words: str, width: float) -> int:
    """Return how many lines a text takes where `width` half-width characters stand in one."""
    lengths = (sum(1 + (east_asian_width(c) in "WFA") for c in part) for part in words.split("\n"))
    return sum(max(1, ceil(length / width)) for length in lengths)


def settled(file: bytes, at: datetime) -> bytes:
    """Return a zipped document whose bytes depend on nothing but its content and `at`."""
    time = at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>" + time, data)
            info = zipfile.ZipInfo(name, _ZIPPED_ON)
            new.writestr(info, data, zipfile.ZIP_DEFLATED)
    return target.getvalue()
