"""Write what is pending: one statement on PostgreSQL, one a table on SQLite."""

import json
from collections.abc import Callable, Iterable
from datetime import date, time
from functools import cache, lru_cache
from itertools import chain
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import JSONField
from django.utils.functional import Promise

from workflow.ledger.pending import Key, Pending, Reference, Table, Values, columns, values

Rows = dict[Table, list[Values]]
Shape = tuple[tuple[Table, int], ...]

SIZES = (1, 2, 4, 8, 30, 100, 500)
"""How many rows a table's part of the statement is made for."""


def write(pending: Pending) -> None:
    """Write all rows; new ones get their primary key, also where another new row refers to them.

    pending  500 rows a table at most
    """
    if not pending:
        return
    references = pending.references()
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor == "postgresql":
        _write_together(connection, pending, references)
    else:
        _write_in_turn(connection, pending, references)


def next_keys(table: Table, n: int) -> list[int]:
    """Return `n` primary keys that no row of the table has, written or not."""
    connection = connections[DEFAULT_DB_ALIAS]
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            last = _last_keys(cursor, [table]).get(_name(table), 0)
            return list(range(last + 1, last + 1 + n))
        cursor.execute(f"SELECT {_following(table)} FROM generate_series(1, %s)", [n])
        return [key for (key,) in cursor.fetchall()]


# PostgreSQL: a writable CTE. The rows of a table travel as one JSON text, so that the statement
# is the same for any values and prepared once; LIMIT tells the planner how few rows to expect.
# New rows are numbered 1, 2 … in their table, and referred to as -1, -2 …; those of a numbered
# table have their keys already.


def _write_together(
    connection: BaseDatabaseWrapper, pending: Pending, references: list[Reference]
) -> None:
    moved = {t: [{"id": pk} | row for pk, row in rows.items()] for t, rows in pending.moved.items()}
    added = {
        table: [{"id": row.pk or number} | values(row) for number, row in enumerate(rows, 1)]
        for table, rows in pending.added.items()
    }
    for table, number, field, to in references:
        added[table][number][field.column] = -(to + 1)
    numbered, referring = pending.numbered(), frozenset(r.field for r in references)
    sql = _statement(_shape(moved), _shape(added), referring, numbered)
    params: list[Any] = [len(rows) for table, rows in added.items() if table not in numbered]
    params += [_encode(rows) for rows in (*moved.values(), *added.values())]
    made = [rows for table, rows in pending.added.items() if table not in numbered]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        if made:
            for row, (pk,) in zip(chain.from_iterable(made), cursor.fetchall(), strict=True):
                row.pk = pk


def _shape(rows: Rows) -> Shape:
    return tuple((table, next(s for s in SIZES if s >= len(all_))) for table, all_ in rows.items())


@lru_cache(maxsize=1000)
def _statement(
    moved: Shape, added: Shape, referring: frozenset[Key], numbered: frozenset[Table]
) -> str:
    made = [(table, size) for table, size in added if table not in numbered]
    parts = [_ids(table, size) for table, size in made]
    parts += [f"moved_{_name(t)} AS ({_update(t, size)})" for t, size in moved]
    parts += [
        f"added_{_name(t)} AS ({_insert(t, size, referring, t in numbered)})" for t, size in added
    ]
    ids = [f"SELECT {place}, n, id FROM ids_{_name(t)}" for place, (t, _) in enumerate(made)]
    keys = f"SELECT id FROM ({' UNION ALL '.join(ids)}) made (place, n, id) ORDER BY place, n"
    return f"WITH {', '.join(parts)} {keys if made else 'SELECT'}"


def _ids(table: Table, size: int) -> str:
    numbers = f"(SELECT generate_series(1, %s::int) n LIMIT {size}) numbers"
    return (
        f"ids_{_name(table)} AS MATERIALIZED (SELECT n, {_following(table)} AS id FROM {numbers})"
    )


def _following(table: Table) -> str:
    return f"""nextval('"{_name(table)}_id_seq"')"""


def _update(table: Table, size: int) -> str:
    sets = ", ".join(f'"{f.column}" = u."{f.column}"' for f in columns(table))
    return f'UPDATE "{_name(table)}" t SET {sets} FROM {_rows(table, size)} WHERE t.id = u.id'


def _insert(table: Table, size: int, referring: frozenset[Key], has_keys: bool) -> str:
    own = "u.id" if has_keys else "mine.id"
    found = {"id": own} | {f.column: f'u."{f.column}"' for f in columns(table)}
    joins = [] if has_keys else [f"JOIN ids_{_name(table)} mine ON mine.n = u.id"]
    for key in referring:
        if key.model is table:
            theirs = f"to_{key.column}"
            found[key.column] = f'coalesce({theirs}.id, u."{key.column}")'
            ids = f"ids_{_name(key.related_model)} {theirs}"
            joins.append(f'LEFT JOIN {ids} ON {theirs}.n = -u."{key.column}"')
    return (
        f'INSERT INTO "{_name(table)}" ({_listed(found)}) SELECT {", ".join(found.values())} '
        f"FROM {_rows(table, size)} {' '.join(joins)}"
    )


def _rows(table: Table, size: int) -> str:
    rows = f'json_populate_recordset(NULL::"{_name(table)}", %s::json)'
    return f"(SELECT * FROM {rows} LIMIT {size}) u"


def _plain(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return "\\x" + bytes(value).hex()
    raise TypeError(f"no column holds a {type(value).__name__}")


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain).encode


# SQLite: in the same process, a statement costs little but itself.


def _write_in_turn(
    connection: BaseDatabaseWrapper, pending: Pending, references: list[Reference]
) -> None:
    with connection.cursor() as cursor:
        for table, moved in pending.moved.items():
            params = [(*_prepared(connection, table, row), pk) for pk, row in moved.items()]
            cursor.executemany(_changing(table), params)
        if pending.added:
            numbered = pending.numbered()
            _number(cursor, {t: rows for t, rows in pending.added.items() if t not in numbered})
            for reference in references:
                to = pending.added[reference.field.related_model][reference.to]
                row = pending.added[reference.table][reference.number]
                setattr(row, reference.field.attname, to.pk)
        for table, added in pending.added.items():
            every = [(row.pk, *_prepared(connection, table, values(row))) for row in added]
            cursor.executemany(_insertion(table), every)


def _number(cursor: Any, added: dict[Table, list[Any]]) -> None:
    """Give new rows the next primary keys: nobody else writes during this transaction."""
    last = _last_keys(cursor, added)
    for table, rows in added.items():
        for pk, row in enumerate(rows, last.get(_name(table), 0) + 1):
            row.pk = pk


def _last_keys(cursor: Any, tables: Iterable[Table]) -> dict[str, int]:
    names = [_name(table) for table in tables]
    places = ", ".join(["%s"] * len(names))
    cursor.execute(f"SELECT name, seq FROM sqlite_sequence WHERE name IN ({places})", names)
    return dict(cursor.fetchall())


@cache
def _changing(table: Table) -> str:
    sets = ", ".join(f'"{f.column}" = %s' for f in columns(table))
    return f'UPDATE "{_name(table)}" SET {sets} WHERE id = %s'


@cache
def _insertion(table: Table) -> str:
    names = ["id", *(f.column for f in columns(table))]
    places = ", ".join(["%s"] * len(names))
    return f'INSERT INTO "{_name(table)}" ({_listed(names)}) VALUES ({places})'


def _prepared(connection: BaseDatabaseWrapper, table: Table, row: Values) -> list[Any]:
    """A field is asked only for what SQLite does not take: asking was a third of an act."""
    return [
        prepare(value, connection) if asked or type(value) not in _TAKEN else value
        for value, (prepare, asked) in zip(row.values(), _preparing(table), strict=True)
    ]


@cache
def _preparing(table: Table) -> list[tuple[Callable[..., Any], bool]]:
    return [(f.get_db_prep_save, isinstance(f, JSONField)) for f in columns(table)]


_TAKEN = frozenset({str, int, bool, type(None)})


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _name(table: Table) -> str:
    return table._meta.db_table
