import socket
import time

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from config import health


@pytest.fixture(autouse=True)
def _asked_anew():
    health.check_migrations.cache_clear()
    yield
    health.check_migrations.cache_clear()


@pytest.fixture
def broker():
    """Return a function that makes a Redis URL the broker until the test ends."""
    names = ("broker_url", "broker_write_url", "broker_transport_options")
    before = {name: current_app.conf[name] for name in names}

    def use(url):
        current_app.conf.update(zip(names, (url, url, settings.REDIS_OPTIONS), strict=True))

    yield use
    current_app.conf.update(before)


def test_alive_needs_neither_database_nor_a_known_host(client):
    page = client.get("/healthz", headers={"Host": "10.1.2.3"})
    assert (page.status_code, page.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_when_every_part_is(client):
    page = client.get("/readyz")
    assert page.json() == {"ready": True, "database": "ok", "migrations": "ok", "broker": "ok"}
    assert page.status_code == 200


@pytest.mark.django_db
def test_not_ready_before_the_migrations_are_applied(client):
    (last,) = MigrationLoader(connection).graph.leaf_nodes("workflow")
    MigrationRecorder(connection).record_unapplied(*last)
    page = client.get("/readyz")
    assert page.status_code == 503
    assert page.json()["migrations"] == "failed"
    assert page.json()["database"] == "ok"


@pytest.mark.django_db
def test_a_broker_that_is_gone_is_told(client, broker):
    broker("redis://127.0.0.1:1/0")
    page = client.get("/readyz")
    assert page.status_code == 503
    assert page.json()["broker"] == "failed"


@pytest.mark.django_db
def test_a_hung_broker_holds_nobody(client, broker):
    with socket.socket() as hung:
        hung.bind(("127.0.0.1", 0))
        hung.listen()
        broker(f"redis://127.0.0.1:{hung.getsockname()[1]}/0")
        began = time.monotonic()
        page = client.get("/readyz")
    assert page.json()["broker"] == "failed"
    assert time.monotonic() - began < 3  # half a second each to connect and to answer
