"""Databases made for a run and dropped after it, on the server of BENCH_DATABASE_URL."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg

ADMIN = os.environ.get("BENCH_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")


@contextmanager
def database(name: str) -> Iterator[str]:
    """Yield the URL of an empty database."""
    name = f"kaitei_bench_{name}_{os.getpid()}"
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            yield url_of(name)
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def count_rows(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")


def url_of(name: str) -> str:
    return urlunsplit(urlsplit(ADMIN)._replace(path=f"/{name}"))


def setting(name: str) -> str:
    with psycopg.connect(ADMIN, autocommit=True) as admin:
        return str(admin.execute(f"SHOW {name}").fetchone()[0])  # type: ignore[index]
