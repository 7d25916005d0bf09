"""What a command writes, on both databases: all of it, once, and nothing of one that failed."""

from contextlib import suppress
from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction

from tests.counting import at_most
from tests.factories import NOON, TODAY, user
from workflow.ledger.command import add, command, flush, move
from workflow.ledger.pending import columns
from workflow.models import (
    Appointment,
    AuditEntry,
    ClosedDay,
    Deadline,
    OutboxEvent,
    Post,
    User,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

ODD = '改行\n\t"引用" \\ 𠮷 ‮ %s {}; -- \' ―' + "\x1f"


def entry(**more):
    told = {"subject": "test:1", "seq": 1, "within_key": "", "verb": "test.done", "at": NOON}
    return AuditEntry(**told | {"body": ODD, "prev": "0" * 64, "hash": "1" * 64} | more)


def test_a_row_comes_back_as_it_was_written():
    day = ClosedDay.objects.create(day=TODAY, name="仮")
    deadline = Deadline(
        subject="a:1", part_of="", kind="k", title=ODD, link="/", due_at=NOON, next_at=None,
        reminded_until=NOON,
        group=Group.objects.first(), state="open",
    )  # fmt: skip

    @command
    def act():
        day.day, day.name, day.is_open = date(2030, 2, 28), ODD[:60], True
        move(day)
        add(deadline)

    act()
    for row in (day, deadline):
        stored = type(row).objects.get(pk=row.pk)
        names = [f.attname for f in columns(type(row))]
        assert [getattr(stored, n) for n in names] == [getattr(row, n) for n in names]


def test_a_new_row_may_refer_to_a_new_one():
    made = []

    @command
    def act():
        for seq in (1, 2, 3):
            one = entry(seq=seq)
            add(one)
            event = OutboxEvent(
                entry=one, kind="k", groups=[seq], users=[], link="/", facts={"a": [None, ODD]}
            )
            add(event)
            made.append((one, event))

    act()
    for one, event in made:
        stored = OutboxEvent.objects.get(pk=event.pk)
        assert stored.entry == one == AuditEntry.objects.get(subject="test:1", seq=one.seq)
        assert (stored.groups, stored.facts) == ([one.seq], {"a": [None, ODD]})


def test_everything_is_one_statement_on_postgresql():
    people = [user("joho-kacho"), user("joho-tanto")]
    posts = list(Post.objects.all()[:2])

    @command
    def act():
        for seq, row in enumerate([*people, *posts], 1):
            move(row)
            add(entry(seq=seq))

    with at_most(1 if connection.vendor == "postgresql" else 4):
        act()
    assert AuditEntry.objects.filter(subject="test:1").count() == 4


@pytest.mark.postgres
def test_the_plan_is_kept():
    """Planning takes longer than writing; twice what the server tries before it keeps one."""
    person = user("joho-kacho")

    @command
    def act(seq):
        move(person)
        one = entry(seq=seq)
        add(one)
        add(OutboxEvent(entry=one, kind="k", groups=[], users=[], link="/", facts={}))

    for seq in range(1, 16):
        act(seq)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT custom_plans, generic_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%added_workflow_outboxevent%'"
        )
        ((anew, kept),) = cursor.fetchall()
    assert anew <= 5 < kept


def test_what_is_read_in_between_is_what_was_written():
    person = user("joho-kacho")

    @command
    def act():
        person.name = "新しい名"
        move(person)
        assert User.objects.get(pk=person.pk).name == "新しい名"
        person.name = "もっと新しい名"
        move(person)

    act()
    assert User.objects.get(pk=person.pk).name == "もっと新しい名"


def test_what_reads_other_tables_waits_for_nothing():
    person, post = user("joho-kacho"), Post.objects.get(code="joho-kacho")

    @command
    def act():
        move(person)
        list(Post.objects.filter(pk=post.pk))
        move(post)

    with at_most(2 if connection.vendor == "postgresql" else 3):
        act()


def test_what_waits_at_a_savepoint_outlives_its_rollback():
    person, other = user("joho-kacho"), user("joho-tanto")

    @command
    def act():
        person.name = "前に書いた名"
        move(person)
        with suppress(LookupError), transaction.atomic():
            other.name = "取り消した名"
            move(other)
            raise LookupError

    act()
    assert User.objects.get(pk=person.pk).name == "前に書いた名"
    assert User.objects.get(pk=other.pk).name != "取り消した名"


def test_a_row_moved_twice_is_as_it_was_last():
    person = user("joho-kacho")

    @command
    def act():
        for name in ("一", "二"):
            person.name = name
            move(person)
        person.name = "三"  # not moved

    act()
    assert User.objects.get(pk=person.pk).name == "二"


def test_nothing_of_a_failed_command_is_written():
    person = user("joho-kacho")
    before = person.name

    @command
    def fails():
        person.name = "書かれない名"
        move(person)
        add(entry())
        raise LookupError

    @command
    def works():
        add(entry(seq=7))

    with pytest.raises(LookupError):
        fails()
    works()
    assert User.objects.get(pk=person.pk).name == before
    assert [e.seq for e in AuditEntry.objects.filter(subject="test:1")] == [7]


def test_what_the_database_refuses_is_refused_whole():
    person = user("joho-kacho")
    before = person.name

    @command
    def act():
        person.name = "書かれない名"
        move(person)
        add(entry(hash="1" * 65) if connection.vendor == "postgresql" else entry(verb=None))

    with pytest.raises(Exception, match=r"too long|NOT NULL"):
        act()
    assert User.objects.get(pk=person.pk).name == before
    assert not AuditEntry.objects.filter(subject="test:1").exists()


def test_many_rows_are_written_in_batches():
    @command
    def act():
        for seq in range(1, 1204):
            add(entry(seq=seq))

    with at_most(3 * (1 if connection.vendor == "postgresql" else 2)):
        act()
    assert AuditEntry.objects.filter(subject="test:1").count() == 1203


def test_outside_a_command_a_row_is_written_at_once():
    one = entry()
    add(one)
    flush()
    assert AuditEntry.objects.get(pk=one.pk).body == ODD
    with pytest.raises(ValueError, match="exists already"):
        move(Appointment())
