"""設問と答え: which questions are asked, what may be answered, and how it reads. Pure.

A value, by the kind of its question:
    text, choice  str
    number        str of a decimal: -1234.5
    date          str: 2026-12-04
    table         [[str]]: rows, each with one cell a column
    file          {"name", "media_type", "sha256", "size"}
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any, Protocol, TypeVar
from unicodedata import normalize

from workflow.deadline.era import era_date, parse_date
from workflow.signoff.scans import media_type_of

Value = Any
KINDS = ("text", "number", "choice", "date", "table", "file")
TEXT, CELL, ROWS, CHOICE = 10_000, 500, 200, 100
"""Characters of a text, a cell and a choice; rows of a table."""

_ = str  # marks words for the catalogue; pages translate them

_NUMBER = re.compile(r"[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d{1,6})?")


class Asking(Protocol):
    """A question; `on_id` is that of an earlier choice, which must be answered with `on_value`."""

    pk: int
    kind: str
    label: str
    required: bool
    choices: Any
    columns: Any
    on_id: int | None
    on_value: str


Q = TypeVar("Q", bound=Asking)


def asked(questions: Iterable[Q], values: Mapping[int, Value]) -> list[Q]:
    """Return those that have no condition, and those whose condition holds, in their order.

    values  by id of the question
    """
    found: dict[int, Q] = {}
    for question in questions:
        on = question.on_id
        if on is None or (on in found and values.get(on) == question.on_value):
            found[question.pk] = question
    return list(found.values())


def unanswered(questions: Iterable[Q], values: Mapping[int, Value]) -> list[Q]:
    """Return what has to be answered and is not."""
    return [q for q in asked(questions, values) if q.required and q.pk not in values]


def read_all(
    questions: Iterable[Asking], typed: Mapping[int, object], kept: Mapping[int, Value]
) -> tuple[dict[int, Value], dict[int, str]]:
    """Read a whole form: (values, what is wrong), both by id, of what is asked by these values.

    kept  what was answered before; it stands where what was typed is wrong, and for a file where
          none was sent
    """
    values: dict[int, Value] = {}
    wrong: dict[int, str] = {}
    for question in questions:
        pk = question.pk
        if question.on_id is not None and values.get(question.on_id) != question.on_value:
            continue
        try:
            value = read(question, typed.get(pk), kept.get(pk))
        except ValueError as error:
            wrong[pk], value = str(error), kept.get(pk)
        if value is not None:
            values[pk] = value
    return values, wrong


def read_some(
    questions: Sequence[Asking], typed: Mapping[int, object], kept: Mapping[int, Value]
) -> tuple[dict[int, Value], dict[int, str]]:
    """As read_all(), of a form of which only some was typed: the rest stands as it was kept."""
    given = {q.pk: typed.get(q.pk, kept.get(q.pk)) for q in questions if q.kind != "file"}
    return read_all(questions, given, kept)


def read(question: Asking, typed: Any, kept: Value | None = None) -> Value | None:
    """Return the value of what was typed, None for nothing.

    typed   str; for a table rows of str; for a file (name, bytes), None to keep, False to drop
    raises  ValueError with a sentence for who typed it
    """
    if question.kind == "file":
        return kept if typed is None else _file(typed) if typed else None
    if question.kind == "table":
        return _table(typed or [], len(question.columns))
    text = str(typed or "").replace("\r\n", "\n")
    if not text.strip():
        return None
    if question.kind == "choice" and text not in question.choices:
        raise ValueError(_("選択肢から選んでください。"))
    return {"number": number_in, "date": day_in}.get(question.kind, _text)(text)


def _text(text: str) -> str:
    if len(text) > TEXT or "\0" in text:
        raise ValueError(_("10,000字までの文章で入力してください。"))
    return text


def number_in(text: str) -> str:
    """Return a number as its value; raises ValueError with a sentence for who typed it."""
    plain = re.sub(r"\s", "", normalize("NFKC", text)).replace("−", "-")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(_("数値を、1234や12.5のように入力してください。"))
    number = Decimal(plain.replace(",", ""))
    return format(number.normalize(), "f") if number else "0"


def day_in(text: str) -> str:
    """Return a day as its value; raises ValueError with a sentence for who typed it."""
    return parse_date(text).isoformat()


def _table(rows: Iterable[Sequence[str]], width: int) -> list[list[str]] | None:
    stripped = [[str(cell).strip() for cell in row] for row in rows]
    filled = [row for row in stripped if any(row)]
    if len(filled) > ROWS or any(len(row) != width for row in filled):
        raise ValueError(_("表は200行までで入力してください。"))
    if any(len(cell) > CELL or "\0" in cell for row in filled for cell in row):
        raise ValueError(_("表の1つの欄は、500字までで入力してください。"))
    return filled or None


def _file(typed: tuple[str, bytes]) -> dict[str, Any]:
    name, body = typed
    facts = {"name": name.replace("\0", "")[-120:], "media_type": media_type_of(body)}
    return facts | {"sha256": sha256(body).hexdigest(), "size": len(body)}


def in_words(question: Asking, value: Value) -> str:
    """Return a value as it is read; the cells of a table's row are parted by ｜."""
    match question.kind:
        case "number":
            return format(Decimal(value), ",f")
        case "date":
            return era_date(parse_date(value))
        case "table":
            return "\n".join("｜".join(row) for row in value)
        case "file":
            return str(value["name"])
    return str(value)


def told(questions: Iterable[Asking], values: Mapping[int, Value]) -> list[dict[str, Any]]:
    """Return what is asked and was answered, in words and in data, for who approves it."""
    return [
        {
            "id": question.pk,
            "label": question.label,
            "kind": str(question.kind),
            "columns": list(question.columns),
            "text": in_words(question, values[question.pk]),
            "value": values[question.pk],
        }
        for question in asked(questions, values)
        if question.pk in values
    ]


def faults(questions: Sequence[Asking]) -> Iterator[tuple[Asking, str, str]]:
    """Yield (question, field, sentence) of all that is wrong with a list of questions."""
    before: dict[int, Asking] = {}
    for question in questions:
        yield from ((question, field, why) for field, why in _own_faults(question))
        if question.on_id is not None:
            on = before.get(question.on_id)
            if on is None:
                yield question, "on", _("条件にする設問は、この設問より前に置いてください。")
            elif on.kind != "choice" or question.on_value not in on.choices:
                yield question, "on", _("条件にした選択肢が、その設問にありません。")
        before[question.pk] = question


def _own_faults(question: Asking) -> Iterator[tuple[str, str]]:
    if not question.label.strip() or len(question.label) > 200:
        yield "label", _("設問を200字までで入力してください。")
    if question.kind not in KINDS:
        yield "kind", _("答え方を選んでください。")
    choices, columns = list(question.choices), list(question.columns)
    if question.kind == "choice" and not 2 <= len(set(choices)) == len(choices) <= 50:
        yield "choices", _("選択肢を、重ならないように2つから50まで入力してください。")
    if question.kind == "table" and not 1 <= len(set(columns)) == len(columns) <= 8:
        yield "columns", _("列の名前を、重ならないように1つから8つまで入力してください。")
    if any(not 0 < len(word) <= CHOICE for word in [*choices, *columns]):
        field = "choices" if question.kind == "choice" else "columns"
        yield field, _("選択肢や列の名前は、1つ100字までで入力してください。")
