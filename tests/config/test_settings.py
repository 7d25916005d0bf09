import importlib.metadata
import os
import secrets
import stat
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.conf import settings
from django.db import connection

from tests.config.embedded import environment, manage

COMPLETE = {
    "PRODUCTION": "1",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ALLOWED_HOSTS": "kaitei.example.lg.jp",
}


@pytest.mark.parametrize("absent", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_refuses_to_start_half_configured(tmp_path, absent):
    env = environment(tmp_path, **{k: v for k, v in COMPLETE.items() if k != absent})
    ran = manage("check", env=env)
    assert ran.returncode != 0
    assert f"環境変数 {absent} を設定してください" in ran.stderr
    assert not (tmp_path / "secret_key").exists()


def test_production_is_strict_about_transport(tmp_path):
    ran = manage(
        "check", "--deploy", "--fail-level", "WARNING", env=environment(tmp_path, **COMPLETE)
    )
    assert ran.returncode == 0, ran.stderr


def test_an_unknown_site_is_refused(tmp_path):
    ran = manage("check", env=environment(tmp_path, SITE="pubilc"))
    assert ran.returncode != 0
    assert "SITE=pubilc を読めません" in ran.stderr


@pytest.mark.parametrize("hosts", ["https://user@gw.example.lg.jp", "gw:port", "ftp://gw"])
def test_a_host_of_webhooks_that_is_none_is_refused(tmp_path, hosts):
    ran = manage("check", env=environment(tmp_path, WEBHOOK_HOSTS=hosts))
    assert ran.returncode != 0
    assert "ホスト名をコンマで区切って" in ran.stderr


@pytest.mark.parametrize(
    "url, module",
    [
        ("smtp+tls://user:password@mail.example.lg.jp:587", "notifications.channels.smtp"),
        ("smtp+ssl://mail.example.lg.jp:465", "notifications.channels.smtp"),
        ("consolemail://", "django.core.mail.backends.console"),
    ],
)
def test_smtp_is_the_one_that_tells_what_may_have_arrived(tmp_path, url, module):
    code = "from django.core.mail import get_connection; print(type(get_connection()).__module__)"
    ran = manage("shell", "--no-imports", "-c", code, env=environment(tmp_path, EMAIL_URL=url))
    assert ran.stdout.strip() == module, ran.stderr


def test_public_site_knows_no_session(tmp_path):
    code = "from django.conf import settings as s; print(s.ROOT_URLCONF, *s.MIDDLEWARE)"
    ran = manage("shell", "--no-imports", "-c", code, env=environment(tmp_path, SITE="public"))
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("config.urls_public ")
    assert not [word for word in ("session", "auth.", "messages") if word in ran.stdout]


def test_the_installation_keeps_one_key_for_its_owner_alone(tmp_path):
    env = environment(tmp_path)
    assert manage("check", env=env).returncode == 0
    first = (tmp_path / "secret_key").read_text()
    assert manage("check", env=env).returncode == 0
    assert (tmp_path / "secret_key").read_text() == first
    assert len(first) >= 50
    assert stat.S_IMODE(os.stat(tmp_path / "secret_key").st_mode) == 0o600
    assert stat.S_IMODE(os.stat(tmp_path / "broker").st_mode) == 0o700


def test_processes_that_start_together_the_first_time_have_one_key(tmp_path):
    code = "from django.conf import settings as s; print(s.SECRET_KEY)"
    start = partial(manage, "shell", "--no-imports", "-c", code, env=environment(tmp_path))
    with ThreadPoolExecutor(max_workers=4) as pool:
        ran = [started.result() for started in [pool.submit(start) for _ in range(4)]]
    assert {run.stdout.strip() for run in ran} == {(tmp_path / "secret_key").read_text()}
    assert not list(tmp_path.glob("tmp*"))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own promises")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "pragma, value",
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("busy_timeout", 20_000),
    ],
)
def test_sqlite_keeps_what_it_was_told(pragma, value):
    with connection.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_every_beat_task_exists():
    from celery import current_app

    current_app.loader.import_default_modules()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert scheduled <= current_app.tasks.keys()


def test_the_retired_django_fsm_is_not_installed():
    """It shares its import name with django-fsm-2 and refreshes a row without its state."""
    with pytest.raises(importlib.metadata.PackageNotFoundError):
        importlib.metadata.distribution("django-fsm")
