"""決裁区分表のファイル: YAML or CSV, told apart by what they hold, read into one shape.

{"name", "organ", "since", "until", "source", "tiers": [{"name", "who", "delegated"}],
 "rules": [{"row", "article", "subject", "matter", "tier", "flags", "amount_from", "amount_to",
            "scope", "steps", "retention"}]}
"""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import yaml
from django.utils.translation import gettext as _

from workflow import tables
from workflow.authority.words import plain
from workflow.deadline.era import parse_date
from workflow.errors import Invalid

MAX_BYTES = 1_000_000

COLUMNS = {
    "種類": "kind",
    "条項": "article",
    "事項": "subject",
    "記号": "matter",
    "区分": "tier",
    "条件": "flags",
    "金額から": "amount_from",
    "金額未満": "amount_to",
    "範囲": "scope",
    "経路": "steps",
    "保存期間": "retention",
    "施行日": "since",
    "終わりの日": "until",
}
NEEDED = ("種類", "条項", "事項", "記号", "区分", "経路")
TABLE, TIER, RULE = "規程", "区分", "決裁"

Raw = dict[str, Any]


def text_of(data: bytes) -> str:
    """Return the text of a file in UTF-8 or CP932; raises Invalid."""
    if len(data) > MAX_BYTES:
        raise Invalid(_("ファイルが大きすぎます（1MBまで）。"), field="file")
    return tables.text_of(data)


def read(text: str) -> Raw:
    """Return a file's table as it is written, unchecked; raises Invalid when it is no table."""
    first = text.lstrip("\ufeff\n\r ").partition("\n")[0]
    raw = _read_csv(text) if "種類" in first.split(",")[0] else _read_yaml(text)
    return raw | {"since": _day(raw.get("since")), "until": _day(raw.get("until"))}


def _read_yaml(text: str) -> Raw:
    try:
        raw = yaml.load(text, _Unmerged)  # noqa: S506 - a SafeLoader
        _check_kept(raw)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = _("%d行目：") % (mark.line + 1) if mark else ""
        raise Invalid(where + _("YAMLとして読めません。"), field="file") from error
    if not isinstance(raw, dict):
        raise Invalid(_("規程の名称、施行日、区分、決裁事項がある表ではありません。"), field="file")
    for name in ("tiers", "rules"):
        rows = raw.get(name) or []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise Invalid(_("「%s」は、項目の並びで書いてください。") % name, field="file")
        raw[name] = rows
    rules = [
        rule | {"row": _("決裁事項の%d番目") % number}
        for number, rule in enumerate(raw["rules"], 1)
    ]
    return raw | {"rules": rules}


class _Unmerged(yaml.SafeLoader):
    """`<<` would unfold while it is read, before anybody could count."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        for key, _value in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                raise yaml.constructor.ConstructorError(None, None, "merge", key.start_mark)


def _check_kept(raw: object) -> None:
    """raises  ValueError for what YAML can spell and nothing can keep

    By aliases a short file stands for an endless one; a text may hold a NUL or half a pair.
    """
    if _unfolded(raw, {}) > 10 * MAX_BYTES:
        raise ValueError("unfolds without end")
    text = json.dumps(raw, default=str, ensure_ascii=False, skipkeys=True)
    if "\\u0000" in text:
        raise ValueError("NUL")
    text.encode()


def _unfolded(raw: object, known: dict[int, int]) -> int:
    """Return how long it is, in signs and values, once every alias is written out."""
    if not isinstance(raw, dict | list):
        return len(raw) if isinstance(raw, str) else 1
    if id(raw) not in known:
        inner = raw.values() if isinstance(raw, dict) else raw
        known[id(raw)] = 1 + sum(_unfolded(value, known) for value in inner)
    return known[id(raw)]


def _read_csv(text: str) -> Raw:
    raw: Raw = {"tiers": [], "rules": []}
    for number, row in _rows(text):
        kind = plain(row.pop("kind", ""))
        if kind == TABLE:
            raw |= {"name": row["subject"], "source": row["article"], "organ": row["scope"]}
            raw |= {name: row[name] for name in ("since", "until")}
        elif kind == TIER:
            raw["tiers"].append({"name": row["tier"], "who": row["steps"]})
        elif kind == RULE:
            raw["rules"].append(row | {"row": _("%d行目") % number})
        elif kind or any(row.values()):
            words = {"number": number, "kind": kind}
            raise Invalid(
                _("%(number)d行目：種類「%(kind)s」は、規程、区分、決裁のどれかにしてください。")
                % words,
                field="file",
            )
    return raw


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line number, cells by their English names) of a CSV file."""
    lines = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), restval="", strict=True)
    try:
        lines.fieldnames = [plain(word) for word in lines.fieldnames or []]
        missing = [word for word in NEEDED if word not in lines.fieldnames]
        if missing:
            raise Invalid(_("見出しに、次の列がありません：%s") % "、".join(missing), field="file")
        for cells in lines:
            yield lines.line_num, {name: cells.get(word, "") for word, name in COLUMNS.items()}
    except csv.Error as error:
        words = {"number": lines.line_num}
        raise Invalid(_("%(number)d行目：CSVとして読めません。") % words, field="file") from error


def _day(value: Any) -> date | str | None:
    """Return a day; what is none comes back as it was written."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or value is None:
        return value
    try:
        return parse_date(plain(value)) if plain(value) else None
    except ValueError:
        return plain(value)
