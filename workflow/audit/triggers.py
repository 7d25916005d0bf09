"""The database itself keeps evidence: no UPDATE, DELETE or TRUNCATE.

Installed after every migrate, since SQLite drops a table's triggers when Django rebuilds it.
"""

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from workflow.audit.models import Evidence

MESSAGE = "evidence is append-only"

POSTGRES_FUNCTION = f"""
CREATE OR REPLACE FUNCTION evidence_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = '55000'; END $$
"""


def evidence_tables() -> list[str]:
    return sorted(m._meta.db_table for m in apps.get_models() if issubclass(m, Evidence))


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers that are missing on the evidence tables that exist."""
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for statement in _statements(connection, existing):
            cursor.execute(statement)


def _statements(connection: BaseDatabaseWrapper, existing: set[str]) -> Iterator[str]:
    if connection.vendor == "postgresql":
        yield POSTGRES_FUNCTION
    for model in apps.get_models():
        if issubclass(model, Evidence) and model._meta.db_table in existing:
            yield from (_postgres if connection.vendor == "postgresql" else _sqlite)(model)


def _postgres(model: type[models.Model]) -> Iterator[str]:
    table = model._meta.db_table
    for name, events, level in [
        ("evidence_row", "UPDATE OR DELETE", "ROW"),
        ("evidence_truncate", "TRUNCATE", "STATEMENT"),
    ]:
        yield (
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {events} ON {table} "
            f"FOR EACH {level} EXECUTE FUNCTION evidence_is_append_only()"
        )
        yield f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}"


def _sqlite(model: type[models.Model]) -> Iterator[str]:
    """INSERT OR REPLACE is caught by the DELETE trigger: recursive_triggers is on (settings)."""
    table = model._meta.db_table
    for event in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER IF NOT EXISTS {table}_evidence_{event.lower()} BEFORE {event} "
            f"ON {table} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
