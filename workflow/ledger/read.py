"""Querysets compiled once: building and compiling one costs more than the database's work."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)
Given = int | date | str
Row = tuple[Any, ...]
Values = dict[str, Any]
Kept = dict[tuple[int, Any], Any]
"""Joined rows made so far, by join and primary key."""


class Read(Generic[M]):
    """A queryset of rows whose statement is kept; only its values change.

    build   returns the queryset for values given by keyword, and uses them as they are
    shares  its rows are kept from who would lock them, not from others who share them
    kinds   int, date or str, by keyword
    """

    def __init__(
        self,
        build: Callable[..., models.QuerySet[M]],
        *,
        shares: bool = False,
        **kinds: type[Given],
    ) -> None:
        self._build, self._shares, self._kinds = build, shares, kinds

    def __call__(self, **values: Given) -> list[M]:
        connection = connections[DEFAULT_DB_ALIAS]
        kept = connection.__dict__.setdefault("compiled_reads", {})
        compiled = kept.get(self) or kept.setdefault(self, self._compile(connection))
        with connection.cursor() as cursor:
            return compiled.fetch(cursor, values, connection)

    def get(self, **values: Given) -> M:
        """Return the one row; where it has moved while its lock was waited for, as it is now.

        raises  DoesNotExist of the model
        """
        found = self(**values) or self(**values)
        if not found:
            raise self._build(**values).model.DoesNotExist  # type: ignore[attr-defined]
        (row,) = found
        return row

    def _compile(self, connection: Any) -> "_Compiled":
        samples = {name: _sample(kind, n) for n, (name, kind) in enumerate(self._kinds.items())}
        compiler = self._build(**samples).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        if self._shares and connection.features.has_select_for_update:
            sql += f' FOR KEY SHARE OF "{compiler.query.model._meta.db_table}"'
        names = {str(sample): name for name, sample in samples.items()}
        places = [(names.get(str(value), f"p{n}"), value) for n, value in enumerate(params)]
        always = {name: value for name, value in places if name not in samples}
        return _Compiled(_named(sql, [name for name, _ in places]), always, _rows_of(compiler))


def _named(sql: str, names: list[str]) -> str:
    """Return the statement with names for its parameters: what is said twice is sent once."""
    left = iter(names)
    return re.sub("%[%s]", lambda m: m[0] if m[0] == "%%" else f"%({next(left)})s", sql)


class _Compiled(NamedTuple):
    """always  parameters that no value is given for"""

    sql: str
    always: Values
    rows: "_Rows"

    def fetch(self, cursor: Any, values: Values, connection: Any) -> list[Any]:
        adapt = connection.ops.adapt_datefield_value
        given = {n: adapt(v) if isinstance(v, date) else v for n, v in values.items()}
        cursor.execute(self.sql, self.always | given)
        kept: Kept = {}
        return [self.rows.make(row, kept) for row in cursor.fetchall()]


def _rows_of(compiler: Any) -> "_Rows":
    connection = compiler.connection
    columns = [column for column, _, _ in compiler.select]
    convert = compiler.get_converters(columns)

    def rows(info: Any, annotations: dict[str, int]) -> _Rows:
        fields = [(columns[place].target, place) for place in info["select_fields"]]
        places = {field.attname: place for field, place in fields} | annotations
        joined = info.get("related_klass_infos", ())
        return _Rows(
            model=info["model"],
            names=tuple(places),
            values=_taking(*places.values()),
            key=next(place for field, place in fields if field.primary_key),
            convert=[(n, *convert[p], connection) for n, p in places.items() if p in convert],
            joined=[(i["local_setter"], i["remote_setter"], rows(i, {})) for i in joined],
        )

    return rows(compiler.klass_info, compiler.annotation_col_map or {})


def _taking(first: int, *others: int) -> Callable[[Row], Row]:
    """Return what takes the values at some places: of one alone, itemgetter makes no tuple."""
    return itemgetter(first, *others) if others else itemgetter(slice(first, first + 1))


class _Rows(NamedTuple):
    """Makes instances of what a queryset selects: with annotations, and what it joins.

    Made as unpickling makes them, without __init__ and its signals: a third of the time. A row
    that several join is one instance.

    values   takes those of the attributes `names` out of a row, before they are converted
    key      place of the primary key
    convert  attribute, converters, and what they are called with
    """

    model: type[models.Model]
    names: tuple[str, ...]
    values: Callable[[Row], Row]
    key: int
    convert: list[tuple[str, list[Callable[..., Any]], Any, Any]]
    joined: list[tuple[Callable[..., None], Callable[..., None], "_Rows"]]

    def make(self, row: Row, kept: Kept) -> Any:
        made = self.model.__new__(self.model)
        held = made.__dict__
        held["_state"] = state = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        held.update(zip(self.names, self.values(row), strict=True))
        for name, converters, column, connection in self.convert:
            for convert in converters:
                held[name] = convert(held[name], column, connection)
        for set_here, set_there, joined in self.joined:
            other = joined.joined_to(row, kept)
            set_here(made, other)
            if other is not None:
                set_there(other, made)
        return made

    def joined_to(self, row: Row, kept: Kept) -> Any:
        """Return None for what an outer join did not find."""
        if (key := row[self.key]) is None:
            return None
        place = id(self), key
        return kept.get(place) or kept.setdefault(place, self.make(row, kept))


def _sample(kind: type[Given], n: int) -> Given:
    """Return a value that no queryset has of its own."""
    number = 2_000_000_001 + n
    return date(1, 1, 1) + timedelta(days=n) if kind is date else kind(number)  # type: ignore[call-arg]
