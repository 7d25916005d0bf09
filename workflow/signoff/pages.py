"""Pages of a list by the place where the last one ended, never by counting rows (OFFSET)."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[M]):
    """Some rows, and the cursors of the pages on both sides."""

    rows: list[M]
    before: str | None = None
    after: str | None = None


def page_of(
    rows: QuerySet[M], keys: Sequence[str], *, before: str = "", after: str = "", size: int
) -> Page[M]:
    """Return at most `size` rows in the order of `keys`.

    keys    columns or annotations without nulls, the last unique; "-" before each or none
    before  cursor of the page that this one comes before; `after` likewise; nonsense is no cursor
    """
    back = _values(rows, keys, before)
    place = back or _values(rows, keys, after)
    order = _turned(keys) if back else list(keys)
    if place:
        rows = rows.filter(_beyond(order, place))
    found = list(rows.order_by(*order)[: size + 1])
    more, shown = len(found) > size, found[:size]
    if back:
        shown.reverse()
    has_before, has_after = (more, True) if back else (bool(place), more)
    return Page(
        shown,
        _cursor(shown[0], keys) if shown and has_before else None,
        _cursor(shown[-1], keys) if shown and has_after else None,
    )


def all_of(rows: QuerySet[M], keys: Sequence[str], *, size: int) -> Iterator[list[M]]:
    """Yield every row in the order of `keys`, `size` at a time.

    A statement each: no cursor stays open while a slow reader takes the rows.
    """
    after: str | None = ""
    while after is not None:
        page = page_of(rows, keys, after=after, size=size)
        yield page.rows
        after = page.after


def _turned(keys: Sequence[str]) -> list[str]:
    return [key[1:] if key.startswith("-") else f"-{key}" for key in keys]


def _beyond(keys: Sequence[str], place: Sequence[Any]) -> Q:
    """What comes after `place`. The first column's bound stands alone, so that an index serves."""
    key, value = keys[0], place[0]
    name, way = (key[1:], "lt") if key.startswith("-") else (key, "gt")
    further = Q(**{f"{name}__{way}": value})
    if len(keys) == 1:
        return further
    here = Q(**{name: value}) & _beyond(keys[1:], place[1:])
    return Q(**{f"{name}__{way}e": value}) & (further | here)


def _cursor(row: Model, keys: Sequence[str]) -> str:
    values = [attrgetter(key.lstrip("-").replace("__", "."))(row) for key in keys]
    return urlsafe_b64encode(json.dumps([str(value) for value in values]).encode()).decode()


def _values(rows: QuerySet[Any], keys: Sequence[str], cursor: str) -> list[Any]:
    """Return what a cursor says; nothing when it says nothing."""
    try:
        texts = json.loads(urlsafe_b64decode(cursor.encode())) if cursor else []
        if "\0" in "".join(texts):
            return []
        fields = [F(k.lstrip("-")).resolve_expression(rows.query).output_field for k in keys]
        return [f.to_python(text) for f, text in zip(fields, texts, strict=True)] if texts else []
    except (ValueError, TypeError, ValidationError):
        return []
