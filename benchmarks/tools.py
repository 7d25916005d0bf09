"""What the parts that run in this process share: a database of their own, rows in bulk, a clock."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any


@contextmanager
def scratch() -> Iterator[None]:
    """Work in an empty database with the city's people in it, and drop it afterwards."""
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment

    from revisions.demo.city import load_city

    promise(connection.vendor == "postgresql", "DATABASE_URL に PostgreSQL を指定してください。")
    setup_test_environment(debug=False)
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        load_city(today=datetime.now(UTC).date(), password=None)
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
        teardown_test_environment()


def copy(model: Any, row: Any, source: str, **columns: str) -> None:
    """Insert a copy `t` of a row for every row of `source`, with some columns as SQL says."""
    from django.db import connection

    table, quote = model._meta.db_table, connection.ops.quote_name
    names = [f.column for f in model._meta.concrete_fields if not f.primary_key or "id" in columns]
    values = ", ".join(columns.get(name, f"t.{quote(name)}") for name in names)
    into = ", ".join(map(quote, names))
    last = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({into}) SELECT {values}"  # noqa: S608
            f" FROM {table} t, {source} WHERE t.id = {row.pk}"
        )
        cursor.execute(last)
        cursor.execute(f"ANALYZE {table}")


def clock(act: Any) -> float:
    """Return ms."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def promise(kept: bool, words: str) -> None:
    if not kept:
        raise AssertionError(words)
