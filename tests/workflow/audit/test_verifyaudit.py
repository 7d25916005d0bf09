"""verifyaudit finds what somebody altered who got past the triggers."""

import json
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from tests.factories import NOON, request_to, user
from workflow.audit.chain import GENESIS, canonical, digest
from workflow.audit.triggers import evidence_tables, install
from workflow.models import AuditEntry, OutboxEvent, Request
from workflow.signoff import commands

pytestmark = pytest.mark.django_db

TABLE = AuditEntry._meta.db_table


@pytest.fixture
def request_(db: None) -> Request:
    """A request with three entries; its evidence is unprotected until the test is rolled back."""
    request = request_to("joho-kacho", "somu-bucho")
    for step, name in zip(request.steps.all(), ("joho-kacho", "somu-bucho"), strict=True):
        commands.approve(step_id=step.pk, by=user(name), at=NOON)
    OutboxEvent.objects.all().delete()  # it keeps its entries from being deleted
    unprotect()
    return Request.objects.get(pk=request.pk)


def unprotect() -> None:
    connection.check_constraints()
    with connection.cursor() as cursor:
        for table in evidence_tables():
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            else:
                for event in ("update", "delete"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_evidence_{event}")


def run() -> str:
    out = StringIO()
    call_command("verifyaudit", stdout=out)
    return out.getvalue()


def found() -> list[str]:
    out = StringIO()
    with pytest.raises(CommandError, match="問題があります") as refusal:
        call_command("verifyaudit", stdout=out)
    assert refusal.value.returncode == 1
    return out.getvalue().splitlines()


def entry(request: Request, seq: int) -> AuditEntry:
    return AuditEntry.objects.get(subject=request.key, seq=seq)


def test_untouched(request_: Request) -> None:
    count = AuditEntry.objects.count()
    assert count >= 3
    assert run().startswith(f"証跡{count}件")


def test_on_postgresql_and_sqlite_the_triggers_come_first(request_: Request) -> None:
    install(connection)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.filter(subject=request_.key).update(verb="x")


def alter_text(request: Request) -> None:
    row = entry(request, 2)
    AuditEntry.objects.filter(pk=row.pk).update(body=row.body.replace("approved", "rejected"))


def alter_text_and_hash(request: Request) -> None:
    row = entry(request, 2)
    body = canonical(json.loads(row.body) | {"reason": "あとから足した理由"})
    AuditEntry.objects.filter(pk=row.pk).update(body=body, hash=digest(body))


def delete_from_the_middle(request: Request) -> None:
    entry(request, 2).delete()


def delete_the_first(request: Request) -> None:
    entry(request, 1).delete()


def change(column: str, value: object) -> Callable[[Request], None]:
    def act(request: Request) -> None:
        AuditEntry.objects.filter(pk=entry(request, 2).pk).update(**{column: value})

    return act


@pytest.mark.parametrize(
    "act,seq,what",
    [
        (alter_text, 2, "本文"),
        (alter_text_and_hash, 3, "つながっていません"),
        (delete_from_the_middle, 2, "ありません"),
        (delete_the_first, 1, "ありません"),
        (change("verb", "signoff.rejected"), 2, "verb"),
        (change("at", NOON.replace(year=2020)), 2, "at"),
        (change("by_id", None), 2, "by_id"),
        (change("within_key", "elsewhere:1"), 2, "within_key"),
        (change("body", "x"), 2, "本文"),
        (change("prev", GENESIS), 2, "つながっていません"),
    ],
)
def test_altered(request_: Request, act: Callable[[Request], None], seq: int, what: str) -> None:
    act(request_)
    (line,) = found()
    assert line.startswith(f"{request_.key}\t{seq}番\t")
    assert what in line


def test_a_tail_that_was_cut_off(request_: Request) -> None:
    entry(request_, 3).delete()
    (line,) = found()
    assert line.startswith(f"{request_.key}\t2番\t")
    assert "3番" in line


def test_a_chain_that_was_cut_off_altogether(request_: Request) -> None:
    AuditEntry.objects.filter(subject=request_.key).delete()
    (line,) = found()
    assert line.startswith(f"{request_.key}\t0番\t")


def test_a_row_whose_head_was_altered(request_: Request) -> None:
    Request.objects.filter(pk=request_.pk).update(chain_head="f" * 64)
    (line,) = found()
    assert line.startswith(f"{request_.key}\t3番\t")


def test_entries_of_a_row_that_is_gone(request_: Request) -> None:
    row = entry(request_, 3)
    place = {"subject": "workflow.request:0", "seq": 1, "prev": GENESIS}
    row.body = canonical(json.loads(row.body) | place)
    row.pk, row.subject, row.seq, row.prev = None, *place.values()
    row.hash = digest(row.body)
    row.save(force_insert=True)
    assert found() == ["workflow.request:0\t1番\t記録の対象となる行がありません。"]


def test_all_that_is_wrong_is_told_and_everything_counted(request_: Request) -> None:
    other = request_to("joho-kacho")
    alter_text(request_)
    AuditEntry.objects.filter(subject=other.key).update(verb="x")
    count = AuditEntry.objects.count()
    out = StringIO()
    with pytest.raises(CommandError, match=f"証跡{count}件.*2か所"):
        call_command("verifyaudit", stdout=out)
    assert len(out.getvalue().splitlines()) == 2
