"""What the citizens' process may do in PostgreSQL: read its pages, enter an opinion, no more.

`migrate` gives it, when there is such a role (docker/roles.sh makes it). Neither accounts nor who
sent an opinion nor its wording can be read by it, and nothing of the trail can be changed.
"""

from collections.abc import Iterator
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

from revisions.opinion.models import Opinion, Submitter
from revisions.plan.models import Plan, PlanVersion, Revision, RevisionGrant
from revisions.public_comment.models import PublicComment, Submission
from revisions.public_comment.queries import RESULT
from workflow.audit.models import AuditEntry
from workflow.outbox.models import OutboxEvent
from workflow.path.models import Stage

Columns = tuple[str, ...]

ALL: Columns = ()
LOCK = {"SELECT": ALL, "UPDATE": ("id",)}
"""A row is locked by who may update a column of it; a key that others refer to stays."""

RIGHTS: dict[type[Model], dict[str, Columns]] = {
    PublicComment: LOCK,
    Revision: LOCK,
    Stage: {"SELECT": ALL},
    Plan: {"SELECT": ALL},
    PlanVersion: {"SELECT": ALL},
    # whom to tell of an opinion
    RevisionGrant: {"SELECT": ALL},
    Permission: {"SELECT": ALL},
    Group: {"SELECT": ALL},
    # an opinion; its chain's head is written when it has a number
    Opinion: {"SELECT": (*RESULT, "revision", "stage"), "INSERT": ALL, "UPDATE": ALL},
    Submitter: {"SELECT": ("id",), "INSERT": ALL},
    Submission: {"SELECT": ALL, "INSERT": ALL},
    AuditEntry: {"INSERT": ALL},
    OutboxEvent: {"INSERT": ALL},
}


def give(using: str, **kwargs: Any) -> None:
    """Give the role what it needs and take everything else from it; nothing without the role."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.PUBLIC_DB_ROLE])
        if cursor.fetchone():
            for statement in statements(connection, settings.PUBLIC_DB_ROLE):
                cursor.execute(statement)


def statements(connection: BaseDatabaseWrapper, role: str) -> Iterator[str]:
    """Yield what makes the rights of a role exactly those above."""
    name = connection.ops.quote_name
    to = name(role)
    for what in ("TABLES", "SEQUENCES"):
        yield f"REVOKE ALL ON ALL {what} IN SCHEMA public FROM {to}"
    yield f"GRANT SELECT ON django_migrations TO {to}"  # /readyz
    existing = set(connection.introspection.table_names())
    for model, rights in RIGHTS.items():
        table = model._meta.db_table
        if table not in existing:
            continue
        for right, fields in rights.items():
            columns = ", ".join(name(_column(model, field)) for field in fields)
            listed = f" ({columns})" if columns else ""
            yield f"GRANT {right}{listed} ON {name(table)} TO {to}"
        if "INSERT" in rights:
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            yield (
                f"DO $$ BEGIN EXECUTE format('GRANT USAGE ON SEQUENCE %s TO %I', "
                f"{sequence}, '{role}'); END $$"
            )


def _column(model: type[Model], field: str) -> str:
    return str(cast("Field[Any, Any]", model._meta.get_field(field)).column)
