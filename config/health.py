import functools
import logging
from collections.abc import Callable

from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

log = logging.getLogger(__name__)


class HealthMiddleware:
    """Answer /healthz and /readyz before any rule about hosts, https or sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match request.path:
            case "/healthz":
                return HttpResponse("ok\n", content_type="text/plain")
            case "/readyz":
                return ready()
        return self.get_response(request)


def ready() -> JsonResponse:
    """Say which part is ready: 200 when every part is, otherwise 503."""
    parts = {name: _works(name, check) for name, check in CHECKS.items()}
    ok = all(parts.values())
    told = {name: "ok" if works else "failed" for name, works in parts.items()}
    return JsonResponse({"ready": ok, **told}, status=200 if ok else 503)


def _works(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception:  # whatever it is, this part is not ready
        log.exception("not ready: %s", name)
        return False
    return True


def check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@functools.cache  # an exception is not kept: asked again until all are applied
def check_migrations() -> None:
    executor = MigrationExecutor(connection)
    if missing := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise RuntimeError(f"{len(missing)} migrations are not applied; run manage.py migrate")


def check_broker() -> None:
    with current_app.connection_for_write(connect_timeout=settings.BROKER_TIMEOUT) as broker:
        broker.default_channel  # noqa: B018  opening it is the check


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "migrations": check_migrations,
    "broker": check_broker,
}
