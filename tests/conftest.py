from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase

from revisions.demo.city import load_city
from tests.factories import TODAY
from workflow.audit.models import AuditEntry
from workflow.audit.triggers import evidence_tables
from workflow.models import OutboxEvent, Section


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Every test finds the city; what a test adds is rolled back."""
    with django_db_blocker.unblock():
        load_city(today=TODAY, password=None)


@pytest.fixture
def city(request: pytest.FixtureRequest) -> None:
    """The city, also after a test with real commits emptied the database."""
    if "transactional_db" in request.fixturenames or _is_transactional(request):
        request.getfixturevalue("transactional_db")
    else:
        request.getfixturevalue("db")
    if not Section.objects.exists():
        load_city(today=TODAY, password=None)


@pytest.fixture
def untouched(db: None) -> Iterator[None]:
    """Assert that a refused command left neither an audit entry nor a notice."""
    before = AuditEntry.objects.count(), OutboxEvent.objects.count()
    yield
    assert (AuditEntry.objects.count(), OutboxEvent.objects.count()) == before


def _is_transactional(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))


def _teardown(
    self: TransactionTestCase, *, original: Any = TransactionTestCase._fixture_teardown
) -> None:  # type: ignore[attr-defined]
    """Flush in spite of the triggers that keep evidence; post_migrate installs them again."""
    with connection.cursor() as cursor:
        for table in evidence_tables():
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
            else:
                for event in ("update", "delete"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_evidence_{event}")
    original(self)


TransactionTestCase._fixture_teardown = _teardown  # type: ignore[attr-defined]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:  # `city` alone would not make pytest-django set up the test database
        if "city" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.django_db)
    if connection.vendor != "postgresql":
        for item in items:
            if item.get_closest_marker("postgres"):
                item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: set DATABASE_URL"))
