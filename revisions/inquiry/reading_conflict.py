"""What was chosen and typed on the page of a conflict, once it is none any more."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from revisions.inquiry.queries import Sheets
from revisions.plan.content import numbers
from revisions.plan.forms_decide import OWN
from revisions.plan.forms_rows import TABLES
from revisions.plan.merging import NAMED

SIDES = {
    "draft": gettext_lazy("いまの計画案のまま"),
    "answer": gettext_lazy("課の回答のとおり"),
}


def typed_in(post: Mapping[str, str], sheets: Sheets) -> dict[str, str]:
    """Return number, name and field → the words that were typed, or the side that was chosen."""
    places, found = numbers(sheets.content), dict[str, str]()
    for uid, answer in sheets.answers.items():
        for field, label in NAMED.items():
            side = post.get(f"clash-{uid}-{field}", "")
            own = _own(post, f"clash-{uid}-{OWN}-{field}", field) if side in ("", OWN) else ""
            if told := own or SIDES.get(side, ""):
                name = answer.before.get("name", "")
                found[f"{places.get(uid, '')} {name}：{_(label)}".strip()] = str(told)
    return found


def _own(post: Mapping[str, str], name: str, field: str) -> str:
    return "\n".join(_rows(post, f"{name}-")) if field in TABLES else post.get(name, "")


def _rows(post: Mapping[str, str], prefix: str) -> Iterator[str]:
    """Yield the rows of a table as lines; what is in capitals is no column that is read."""
    rows: dict[str, list[str]] = {}
    for name, text in post.items():
        row, _dash, column = name.removeprefix(prefix).partition("-")
        if name.startswith(prefix) and row.isdecimal() and not column.isupper() and text:
            rows.setdefault(row, []).append(text)
    for row in sorted(rows, key=int):
        yield "　".join(rows[row])
