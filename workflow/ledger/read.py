"""Querysets compiled once: building and compiling one costs more than the database's work."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)
Given = int | date | str
Row = tuple[Any, ...]
Values = dict[str, Any]
Kept = dict[tuple[Any, Any], Any]
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
        slots = [_Slot(names.get(str(value), ""), value) for value in params]
        convert = compiler.get_converters([column for column, _, _ in compiler.select])
        rows = _Rows(compiler.klass_info, compiler.select, compiler.annotation_col_map)
        return _Compiled(sql, slots, compiler, convert, rows)


class _Slot(NamedTuple):
    """A parameter: the value of this name, or always this one."""

    name: str
    always: object


class _Compiled(NamedTuple):
    sql: str
    slots: list[_Slot]
    compiler: Any
    convert: dict[int, Any]
    rows: "_Rows"

    def fetch(self, cursor: Any, values: Values, connection: Any) -> list[Any]:
        adapt = connection.ops.adapt_datefield_value
        given = {n: adapt(v) if isinstance(v, date) else v for n, v in values.items()}
        cursor.execute(self.sql, [given.get(slot.name, slot.always) for slot in self.slots])
        found: Any = cursor.fetchall()
        if self.convert:
            found = self.compiler.apply_converters(found, self.convert)
        kept: Kept = {}
        return [self.rows.make(row, kept) for row in found]


class _Rows:
    """Makes instances of what a queryset selects: with annotations, and what it joins.

    Made as unpickling makes them, without __init__ and its signals: a third of the time. A row
    that several join is one instance.
    """

    def __init__(self, info: Any, select: Any, annotations: dict[str, int] | None = None) -> None:
        self._model: type[models.Model] = info["model"]
        columns = [(select[place][0].target, place) for place in info["select_fields"]]
        self._places = [(target.attname, place) for target, place in columns]
        self._key = next(place for target, place in columns if target.primary_key)
        self._places += (annotations or {}).items()
        self._joined = [
            (related["local_setter"], related["remote_setter"], _Rows(related, select))
            for related in info.get("related_klass_infos", ())
        ]

    def make(self, row: Row, kept: Kept) -> Any:
        made = self._model.__new__(self._model)
        held = made.__dict__
        held["_state"] = state = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        for name, place in self._places:
            held[name] = row[place]
        for set_here, set_there, joined in self._joined:
            other = joined._joined_to(row, kept)
            set_here(made, other)
            if other is not None:
                set_there(other, made)
        return made

    def _joined_to(self, row: Row, kept: Kept) -> Any:
        """Return None for what an outer join did not find."""
        if (key := row[self._key]) is None:
            return None
        place = self, key
        return kept.get(place) or kept.setdefault(place, self.make(row, kept))


def _sample(kind: type[Given], n: int) -> Given:
    """Return a value that no queryset has of its own."""
    number = 2_000_000_001 + n
    return date(1, 1, 1) + timedelta(days=n) if kind is date else kind(number)  # type: ignore[call-arg]
