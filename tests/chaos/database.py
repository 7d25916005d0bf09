"""A database of a test's own, with the city in it, for processes of their own.

On PostgreSQL it is copied from one that is kept apart while nobody else is connected; on SQLite it
is a file of the test's VAR_DIR.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection
from psycopg import sql

from tests.pristine import PRISTINE, Sqlite


def keep_template() -> None:
    if connection.vendor == "postgresql":
        city = connection.settings_dict["NAME"]
        connection.close()  # a database is copied while nobody is connected
        _administer("CREATE DATABASE {} TEMPLATE {}", _template(), city)


def forget_template() -> None:
    if connection.vendor == "postgresql":
        _administer("DROP DATABASE IF EXISTS {}", _template())


class PostgresDatabase:
    def __init__(self, name: str) -> None:
        self.name = f"{connection.settings_dict['NAME']}_{name}"
        _administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)
        _administer("CREATE DATABASE {} TEMPLATE {}", self.name, _template())
        self.env = {"DATABASE_URL": _url(self.name)}
        self.connection = psycopg.connect(_url(self.name), autocommit=True)

    def rows(self, query: str) -> list[Any]:
        return self.connection.execute(query).fetchall()  # type: ignore[call-overload]

    def write(self, query: str) -> None:
        self.connection.execute(query)  # type: ignore[call-overload]

    @contextmanager
    def locked(self, table: str, pk: int) -> Iterator[Callable[[], bool]]:
        """Lock a row; yield what tells whether somebody waits for it."""
        with psycopg.connect(_url(self.name)) as other:
            query = sql.SQL("SELECT FROM {} WHERE id = %s FOR UPDATE").format(sql.Identifier(table))
            other.execute(query, [pk])
            waits = f"{other.info.backend_pid} = ANY (pg_blocking_pids(pid))"
            yield lambda: bool(self.rows(f"SELECT FROM pg_stat_activity WHERE {waits}"))

    def drop(self) -> None:
        self.connection.close()
        _administer("DROP DATABASE {} WITH (FORCE)", self.name)


class SqliteDatabase:
    def __init__(self, var_dir: Path) -> None:
        assert isinstance(PRISTINE, Sqlite)
        self.env: dict[str, str] = {}
        self.connection = sqlite3.connect(var_dir / "kaitei.sqlite3", timeout=20)
        PRISTINE.copy.backup(self.connection)

    def rows(self, query: str) -> list[Any]:
        return self.connection.execute(query).fetchall()

    def write(self, query: str) -> None:
        with self.connection:
            self.connection.execute(query)

    def drop(self) -> None:
        self.connection.close()


def _template() -> str:
    return f"{connection.settings_dict['NAME']}_city"


def _url(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def _administer(statement: str, *names: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
