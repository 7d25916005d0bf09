import os
from collections.abc import Iterator
from threading import current_thread, main_thread
from typing import Any

import hypothesis
import pytest
import time_machine
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.test import SimpleTestCase, TransactionTestCase

from revisions.demo.city import load_city
from tests.chaos.database import forget_template, keep_template
from tests.factories import NOON, TODAY
from tests.pristine import PRISTINE
from tests.replay import PLACE
from workflow.audit.models import AuditEntry
from workflow.models import OutboxEvent

hypothesis.settings.register_profile(
    "kaitei",
    deadline=None,  # machines are sometimes busy
    derandomize="CI" in os.environ,  # a gate says the same of the same tree
)
hypothesis.settings.load_profile("kaitei")

TRAVEL = time_machine.travel(NOON)  # pages read the clock: they find the day the city began on
CLOCK = pytest.StashKey[time_machine.Traveller]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[CLOCK] = TRAVEL.start()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    item.config.stash[CLOCK].move_to(NOON)  # else the last test of a long run has a later noon


def pytest_unconfigure() -> None:
    TRAVEL.stop()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """Every test finds the city; what a test adds is put back."""
    with django_db_blocker.unblock():
        load_city(today=TODAY, password=None)
        PRISTINE.keep()
        if any(item.get_closest_marker("chaos") for item in request.session.items):
            keep_template()
    PLACE.set_out = PRISTINE.rewind
    connection.execute_wrappers.append(PLACE.watch)
    connection_created.connect(_watched)
    yield
    with django_db_blocker.unblock():
        forget_template()
        _end_other_sessions()


def _end_other_sessions() -> None:
    """A thread that outlives its test holds a connection, and the database could not be dropped."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


def _watched(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Playwright's loop gives the main thread a second connection."""
    if current_thread() is main_thread() and PLACE.watch not in connection.execute_wrappers:
        connection.execute_wrappers.append(PLACE.watch)


@pytest.fixture
def city(request: pytest.FixtureRequest) -> None:
    """The city of the demo: 35 sections, their posts, and who holds them."""
    transactional = "transactional_db" in request.fixturenames or _is_transactional(request)
    request.getfixturevalue("transactional_db" if transactional else "db")


@pytest.fixture
def untouched(db: None) -> Iterator[None]:
    """Assert that a refused command left neither an audit entry nor a notice."""
    before = AuditEntry.objects.count(), OutboxEvent.objects.count()
    yield
    assert (AuditEntry.objects.count(), OutboxEvent.objects.count()) == before


def _is_transactional(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction"))


def _uses_database(item: pytest.Item) -> bool:
    is_case = issubclass(getattr(item, "cls", None) or object, SimpleTestCase)
    asked = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return is_case or bool(asked) or item.get_closest_marker("django_db") is not None


def _teardown(self: TransactionTestCase) -> None:
    PRISTINE.restore()


TransactionTestCase._fixture_teardown = _teardown  # type: ignore[attr-defined]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)  # none is left to wait for
    for item in items:  # `city` alone would not make pytest-django set up the test database
        if "city" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.django_db)
        if not _uses_database(item):
            item.add_marker(pytest.mark.once)
    if connection.vendor != "postgresql":
        for item in items:
            if item.get_closest_marker("postgres"):
                item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: set DATABASE_URL"))
