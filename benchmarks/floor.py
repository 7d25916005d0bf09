"""The floor: what a command wrote, written by as little as the database can be asked with.

A command is done once on a sample, and the tables before and after are compared. The floor writes
the very same rows and columns of another request, in one prepared statement on PostgreSQL (a
writable CTE), in the fewest on SQLite: the row that heads the chain only if its chain is as long
as it was, its state what it was, and the right is there; all else only if that row was written.
Texts are those of the sample, with the keys of the rows at hand: nothing is hashed.
"""

# ruff: noqa: S608
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, models

Table = type[models.Model]
Row = tuple[Table, int]


class Refused(Exception):
    """Nothing was written."""


class Text(NamedTuple):
    sql: str
    params: list[Any]


@dataclass(frozen=True)
class Written:
    """before  what the changed columns held; None when the row is new"""

    table: Table
    pk: int
    before: dict[str, Any] | None
    after: dict[str, Any]


def record(act: Callable[[], object]) -> list[Written]:
    """Do `act`; return what it wrote, new rows last, those that refer to new ones last of all."""
    before = _rows()
    act()
    written = []
    for (table, pk), after in _rows().items():
        old = before.get((table, pk))
        if old is None:
            written.append(Written(table, pk, None, after))
        elif changed := [column for column in after if after[column] != old[column]]:
            written.append(
                Written(table, pk, {c: old[c] for c in changed}, {c: after[c] for c in changed})
            )
    new = {(w.table, w.pk) for w in written if w.before is None}

    def place(w: Written) -> tuple[bool, bool]:
        refers = any(referred(w.table, c, v) in new for c, v in w.after.items())
        return w.before is None, refers

    return sorted(written, key=place)


def _rows() -> dict[Row, dict[str, Any]]:
    found = {}
    with connection.cursor() as cursor:
        for table in apps.get_models(include_auto_created=True):
            if table._meta.pk.column != "id":  # type: ignore[union-attr]
                continue
            columns = [f.column for f in table._meta.concrete_fields]
            quoted = ", ".join(f'"{column}"' for column in columns)
            cursor.execute(f'SELECT {quoted} FROM "{table._meta.db_table}" ORDER BY id')
            for values in cursor.fetchall():
                row = dict(zip(columns, map(_plain, values), strict=True))
                found[table, row.pop("id")] = row
    return found


def _plain(value: Any) -> Any:
    """SQLite keeps times as texts."""
    if connection.vendor == "sqlite" and hasattr(value, "isoformat"):
        return str(value)
    return value


def _fields(table: Table) -> dict[str, Any]:
    return {f.column: f for f in table._meta.concrete_fields}


def referred(table: Table, column: str, value: Any) -> Row | None:
    """Return the row that a foreign key names."""
    field = _fields(table)[column]
    return (field.related_model, value) if field.is_relation and value is not None else None


@dataclass(frozen=True)
class Floor:
    """The statements of an act, with the parameters of the sample.

    right  SQL that is true when the actor may, and its parameters
    """

    written: Sequence[Written]
    right: Text

    def __post_init__(self) -> None:
        build = _one_statement if connection.vendor == "postgresql" else _in_turn
        object.__setattr__(self, "statements", build(self.written, self.right))

    def of(self, rows: Mapping[Row, int], words: Iterable[tuple[str, str]]) -> list[Text]:
        """Return the statements for other rows.

        rows   the row that stands where a row of the sample stood
        words  (what the sample's texts say, what to say in its place)
        """
        words = list(words)

        def here(value: Any) -> Any:
            if isinstance(value, Of):
                return rows.get(value.row, value.row[1])
            if isinstance(value, str):
                for old, new in words:
                    value = value.replace(old, new)
            return value

        statements: list[Text] = self.statements  # type: ignore[attr-defined]
        return [Text(sql, [here(value) for value in params]) for sql, params in statements]


@dataclass(frozen=True)
class Of:
    """A parameter: the primary key of a row of the sample."""

    row: Row


@dataclass(frozen=True)
class _New:
    """A parameter: the primary key that the n-th new row was given."""

    number: int


def _parts(written: Sequence[Written]) -> tuple[Written, list[Written], list[Written]]:
    """Return the row that heads the chain, the others that moved, the new ones."""
    moved = [w for w in written if w.before is not None]
    head = next(w for w in moved if "chain_length" in w.after)
    return head, [w for w in moved if w is not head], [w for w in written if w.before is None]


def _value(written: Written, column: str, new: Sequence[Written]) -> Any:
    value = written.after[column]
    row = referred(written.table, column, value)
    for number, other in enumerate(new):
        if row == (other.table, other.pk):
            return _New(number)
    return value if row is None else Of(row)


def _update(w: Written, cast: Callable[[Table, str], str]) -> tuple[str, str, list[Any]]:
    """Return SET, WHERE and the parameters of both: a state moves only from where it was."""
    before = w.before or {}
    sets = ", ".join(f'"{column}" = {cast(w.table, column)}' for column in w.after)
    held = [c for c in ("chain_length", "state") if c in before]
    where = " AND ".join(f'"{column}" = {cast(w.table, column)}' for column in ["id", *held])
    values = [_value(w, column, ()) for column in w.after]
    return sets, where, [*values, Of((w.table, w.pk)), *(before[c] for c in held)]


# PostgreSQL


def _one_statement(written: Sequence[Written], right: Text) -> list[Text]:
    head, moved, new = _parts(written)
    sets, where, params = _update(head, _cast)
    table = head.table._meta.db_table
    sql = f'head AS (UPDATE "{table}" SET {sets} WHERE {where} AND {right.sql} RETURNING id)'
    parts, params = [sql], [*params, *right.params]
    for number, row in enumerate(moved):
        sets, where, more = _update(row, _cast)
        table, where = row.table._meta.db_table, where.replace('"id"', "t.id")
        parts.append(f'moved_{number} AS (UPDATE "{table}" t SET {sets} FROM head WHERE {where})')
        params += more
    for number, row in enumerate(new):
        values = {column: _value(row, column, new) for column in row.after}
        refers = [v.number for v in values.values() if isinstance(v, _New)]
        chosen = ", ".join(
            f"new_{v.number}.id" if isinstance(v, _New) else _cast(row.table, column)
            for column, v in values.items()
        )
        sources = ", ".join(["head", *(f"new_{n}" for n in refers)])
        columns = ", ".join(f'"{column}"' for column in values)
        into = f'INSERT INTO "{row.table._meta.db_table}" ({columns})'
        parts.append(f"new_{number} AS ({into} SELECT {chosen} FROM {sources} RETURNING id)")
        params += [v for v in values.values() if not isinstance(v, _New)]
    return [Text(f"WITH {', '.join(parts)} SELECT id FROM head", params)]


def _cast(table: Table, column: str) -> str:
    return f"%s::{_fields(table)[column].db_type(connection)}"


def write_postgres(cursor: Any, statements: Sequence[Text]) -> None:
    ((sql, params),) = statements
    if cursor.execute(sql, params, prepare=True).fetchone() is None:
        raise Refused


# SQLite


def _in_turn(written: Sequence[Written], right: Text) -> list[Text]:
    head, moved, new = _parts(written)
    texts = []
    for row in (head, *moved):
        sets, where, params = _update(row, _place)
        texts.append(Text(f'UPDATE "{row.table._meta.db_table}" SET {sets} WHERE {where}', params))
    texts[0] = Text(
        f"{texts[0].sql} AND {right.sql.replace('%s', '?')}", [*texts[0].params, *right.params]
    )
    for row in new:
        columns = ", ".join(f'"{column}"' for column in row.after)
        places = ", ".join("?" * len(row.after))
        into = f'INSERT INTO "{row.table._meta.db_table}" ({columns}) VALUES ({places})'
        texts.append(Text(into, [_value(row, column, new) for column in row.after]))
    return texts


def _place(table: Table, column: str) -> str:
    return "?"


def write_sqlite(cursor: Any, statements: Sequence[Text]) -> None:
    """On a cursor in autocommit."""
    cursor.execute("BEGIN IMMEDIATE")
    if not put(cursor, statements):
        cursor.execute("ROLLBACK")
        raise Refused
    cursor.execute("COMMIT")


def put(cursor: Any, statements: Sequence[Text]) -> bool:
    """Return False when the first wrote nothing."""
    given: list[int] = []
    for number, (sql, params) in enumerate(statements):
        cursor.execute(sql, [given[v.number] if isinstance(v, _New) else v for v in params])
        if number == 0 and cursor.rowcount != 1:
            return False
        if sql.startswith("INSERT"):
            given.append(cursor.lastrowid)
    return True
