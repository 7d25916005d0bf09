"""The citizens' process under a database role of its own: its pages work, and nothing else does."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from config.health import check_migrations
from revisions.models import Opinion, PublicComment, Submission
from revisions.public_comment.grants import give
from tests.revisions.public_comment.walk import AFTER, OPEN, announced, answer, publish, stage_of
from workflow.models import AuditEntry, OutboxEvent

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db,
    pytest.mark.usefixtures("city", "public_site"),
]

ROLE = "kaitei_public_of_a_test"  # made within the test's transaction, and gone with it


@pytest.fixture
def public_site(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The public process: no session, no sign-in, no messages."""
    settings.ROOT_URLCONF = "config.urls_public"
    settings.MIDDLEWARE = [
        name
        for name in settings.MIDDLEWARE
        if not re.search(r"Session|Authentication|Message|NoStore", name)
    ]
    [engine] = deepcopy(settings.TEMPLATES)
    engine["OPTIONS"]["context_processors"] = ["django.template.context_processors.request"]
    settings.TEMPLATES = [engine]
    monkeypatch.setattr("django.utils.timezone.now", lambda: OPEN)


@pytest.fixture
def comment(settings: Any) -> Iterator[PublicComment]:
    """A public comment that takes opinions, and everything after it done as the public's role."""
    made = announced(stage_of())
    settings.PUBLIC_DB_ROLE = ROLE
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE}")
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {ROLE}")
        give("default")
        cursor.execute(f"SET ROLE {ROLE}")
        yield made
        cursor.execute("RESET ROLE")


def as_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def as_public() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {ROLE}")


def send(client: Client, comment: PublicComment, text: str = "窓口の数を減らさないで。") -> Any:
    address = f"/public/{comment.pk}/"
    shown = client.get(address).content.decode()
    [form_id] = re.findall(r'name="form_id" value="([^"]+)"', shown)
    given = {"form_id": form_id, "text": text, "name": "ある人", "contact": "0463"}
    return client.post(address, given)


def test_its_pages_work(comment: PublicComment, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    assert client.get("/public/").status_code == 200
    done = send(client, comment)
    assert done.status_code == 303
    assert client.get(done["Location"]).status_code == 200
    assert send(client, comment, "二つ目の意見").status_code == 303
    check_migrations.__wrapped__()
    as_owner()
    first, second = Opinion.objects.order_by("number")
    assert (first.text, first.submitter.name) == ("窓口の数を減らさないで。", "ある人")
    entry = AuditEntry.objects.get(subject=first.key)
    assert entry.hash == first.chain_head
    assert OutboxEvent.objects.get(entry=entry).groups
    assert Submission.objects.count() == 2
    monkeypatch.setattr("django.utils.timezone.now", lambda: AFTER)
    for opinion in (first, second):
        answer(opinion)
    publish(comment)
    as_public()
    shown = client.get(f"/public/{comment.pk}/")
    assert shown.status_code == 200
    assert "意見1" in shown.content.decode()


REFUSED = [
    "SELECT password FROM workflow_user",
    "SELECT username FROM workflow_user",
    "SELECT name FROM revisions_submitter",
    "UPDATE revisions_submitter SET name = ''",
    "SELECT text FROM revisions_opinion",
    "DELETE FROM revisions_opinion",
    "SELECT body FROM workflow_auditentry",
    "UPDATE workflow_auditentry SET body = ''",
    "DELETE FROM workflow_auditentry",
    "TRUNCATE workflow_auditentry",
    "SELECT body FROM workflow_content",
    "UPDATE revisions_revision SET chain_head = ''",
    "UPDATE revisions_publiccomment SET last_on = first_on",
    "UPDATE revisions_planversion SET content = ''",
    "INSERT INTO auth_group (name) VALUES ('x')",
    "SELECT session_data FROM django_session",
    "CREATE TABLE mine (id int)",
    "ALTER TABLE workflow_auditentry DISABLE TRIGGER ALL",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_nothing_else_does(comment: PublicComment, sql: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_every_other_table_is_closed(comment: PublicComment) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relkind = 'r'"
            " AND c.relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(%s, c.oid, 'DELETE, TRUNCATE, REFERENCES, TRIGGER')",
            [ROLE],
        )
        assert cursor.fetchall() == []


def test_without_the_role_nothing_happens(settings: Any) -> None:
    settings.PUBLIC_DB_ROLE = "nobody_of_a_test"
    give("default")
    assert django_settings.PUBLIC_DB_ROLE == "nobody_of_a_test"
