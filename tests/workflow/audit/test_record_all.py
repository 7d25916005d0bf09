from datetime import timedelta

import pytest

from tests.counting import at_most
from tests.factories import NOON, section, user
from workflow.audit.chain import GENESIS, walk
from workflow.audit.models import AuditEntry
from workflow.audit.trail import record, record_all
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.parts import set_deadlines
from workflow.ledger.command import command
from workflow.models import Deadline, User

pytestmark = pytest.mark.django_db


def people(count):
    return [(User(username=f"person-{n}", name=f"{n}番"), {"n": n}) for n in range(count)]


def test_every_row_has_the_first_entry_of_its_own_chain(city):
    rows = people(3)
    record_all("people.added", rows, by=user("joho-tanto"), at=NOON, after="staff")
    for person, _ in rows:
        stored = User.objects.get(pk=person.pk)
        entries = AuditEntry.objects.filter(subject=stored.key)
        chain = entries.values_list("seq", "prev", "body", "hash")
        assert walk(chain) == (1, stored.chain_head)
        assert entries.get().prev == GENESIS


def test_a_chain_begun_by_many_goes_on_by_one(city):
    (person, _), *_ = rows = people(2)
    record_all("people.added", rows, by=None, at=NOON)
    record("people.renamed", person, by=None, at=NOON)
    chain = AuditEntry.objects.filter(subject=person.key).values_list("seq", "prev", "body", "hash")
    assert walk(chain.order_by("seq")) == (2, User.objects.get(pk=person.pk).chain_head)


def test_statements_do_not_grow_with_each_row(city):
    """On SQLite an ordinary statement holds fewer rows: 999 parameters."""
    with at_most(3 + 1 + 200 // 40):
        command(record_all)("people.added", people(200), by=None, at=NOON)


def test_deadlines_for_many_are_each_their_own(city):
    one, other = (section(code) for code in ("joho", "koho"))
    rows = people(2)
    record_all("people.added", rows, by=None, at=NOON)
    given = zip(rows, (one, other), (NOON.date(), NOON.date() + timedelta(days=1)), strict=True)
    asked = [(p, s.group, "/", due_on) for (p, _), s, due_on in given]
    set_deadlines(asked, kind="test", title="試験", by=None, at=NOON)
    found = Deadline.objects.filter(kind="test")
    told = {(d.subject, d.group_id, in_tokyo(d.due_at)) for d in found}
    assert told == {(p.key, group.pk, due_on) for p, group, _, due_on in asked}
    assert all(AuditEntry.objects.filter(subject=d.key, seq=1).exists() for d in found)
