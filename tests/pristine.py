"""The database as the session began with it, put back after a test with real commits.

Cheaper than Django's flush, which leaves no city: only tables that hold rows are touched.
"""

import sqlite3
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from workflow.audit.triggers import evidence_tables, install


class Sqlite:
    """A copy of the file, in memory."""

    def keep(self) -> None:
        self.copy = sqlite3.connect(":memory:", check_same_thread=False)
        connection.ensure_connection()
        connection.connection.backup(self.copy)

    def restore(self) -> None:
        connection.ensure_connection()
        self.copy.backup(connection.connection)

    def rewind(self) -> None:
        """SQLite's ids go back with the rows."""


class Postgres:
    """The rows of every table as COPY gives them, and how far each sequence was."""

    def keep(self) -> None:
        with connection.cursor() as cursor:
            self.tables = sorted(set(connection.introspection.table_names(cursor)))
            self.rows = {table: b"".join(_copied_out(cursor, table)) for table in self.tables}
            cursor.execute("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1")
            self.sequences = cursor.fetchall()

    @transaction.atomic
    def restore(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # foreign keys wait
            for table in evidence_tables():
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(" UNION ALL ".join(map(_name_if_filled, self.tables)))
            for (table,) in cursor.fetchall():
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608
            for table, rows in self.rows.items():
                if rows:
                    with cursor.cursor.copy(f"COPY {table} FROM STDIN") as copy:
                        copy.write(rows)
        install(connection)
        self.rewind()

    def rewind(self) -> None:
        """Let the next row get the id it would get in any other test."""
        one = "setval(%s::regclass, coalesce(%s::bigint, 1), %s::boolean)"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT " + ", ".join([one] * len(self.sequences)),
                [w for name, last in self.sequences for w in (name, last, last is not None)],
            )


def _name_if_filled(table: str) -> str:
    return f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})"  # noqa: S608


def _copied_out(cursor: Any, table: str) -> Iterator[bytes]:
    with cursor.cursor.copy(f"COPY {table} TO STDOUT") as copy:
        yield from map(bytes, copy)


PRISTINE: Sqlite | Postgres = Postgres() if connection.vendor == "postgresql" else Sqlite()
