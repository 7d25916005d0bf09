"""表を定める, 取り下げる: by the administrator or the console, whole or not at all."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction

from tests.factories import NOON, user
from tests.workflow.authority.tables import DEMO, OLD, adopt, written
from workflow.authority.commands import adopt_table, withdraw_table
from workflow.authority.queries import checked, rules_of, table_on, tables_on, tiers_of
from workflow.errors import Invalid, NotAllowed, Unmet
from workflow.models import AuditEntry, DecisionRule, DecisionTable, Department

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

STRANGERS = ["joho-tanto", "joho-kacho", "shicho", "kansa", "iin-1"]


def test_adopt_table_keeps_what_was_read() -> None:
    found = checked(DEMO)
    table = adopt_table(checked=found, by=user("kanri"), at=NOON)
    assert (tuple(rules_of(table)), tuple(tiers_of(table))) == (found.rules, found.tiers)
    entry = AuditEntry.objects.get(subject=table.key)
    assert entry.verb == "authority.table_adopted"
    assert "別表第2の2" in entry.body
    assert "own:department_director" in entry.body


@pytest.mark.usefixtures("untouched")
def test_adopt_table_by_nobody_else() -> None:
    for name in STRANGERS:
        with pytest.raises(NotAllowed):
            adopt_table(checked=checked(DEMO), by=user(name), at=NOON)
    assert not DecisionTable.objects.exists()


@pytest.mark.usefixtures("untouched")
def test_one_error_keeps_the_whole_table_out() -> None:
    with pytest.raises(Invalid, match=r"決裁事項の2番目（第1条）　区分：「戊」"):
        adopt(written({}, {"tier": "戊"}))
    with pytest.raises(Invalid, match="施行日"):
        adopt(written({}, since=None))
    assert not DecisionTable.objects.exists()


def test_a_table_checked_before_another_came_is_refused() -> None:
    late = checked(DEMO)
    adopt(written({}))
    with pytest.raises(Invalid, match="より後の日に"):
        adopt_table(checked=late, by=user("kanri"), at=NOON)
    assert DecisionTable.objects.count() == 1


def test_each_organ_has_tables_of_its_own() -> None:
    Department.objects.filter(sections__code="koho").update(organ="教育委員会")
    city, own = adopt(written({})), adopt(written({}, organ="教育委員会"))
    assert (city.since, city.organ, own.organ) == (own.since, "", "教育委員会")
    assert '"organ":"教育委員会"' in AuditEntry.objects.get(subject=own.key).body
    with pytest.raises(Invalid, match="より後の日に"):
        adopt(written({}, organ="教育委員会"))
    with pytest.raises(Invalid, match="執行機関：「選挙管理委員会」の部がありません"):
        adopt(written({}, organ="選挙管理委員会"))
    head = "見本市事務決裁規程,,,,,,"
    assert checked(OLD.replace(head, f"{head}教育委員会", 1)).organ == "教育委員会"
    twin = DecisionTable(name="x", organ="教育委員会", since=own.since, source="x", tiers=[])
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    assert {t.organ for t in tables_on(date(2026, 12, 1)).values()} == {"", "教育委員会"}


@pytest.mark.parametrize("since, gone", [("2026-11-25", True), ("2026-11-24", False)])
def test_withdraw_table_only_before_it_begins(since: str, gone: bool) -> None:
    adopt(DEMO)
    table = adopt(written({}, since=since))
    words: dict[str, Any] = {"table_id": table.pk, "reason": "誤り", "at": NOON}
    for name in STRANGERS:
        with pytest.raises(NotAllowed):
            withdraw_table(by=user(name), **words)
    if not gone:
        with pytest.raises(Unmet):
            withdraw_table(by=user("kanri"), **words)
        assert AuditEntry.objects.filter(subject=table.key).count() == 1
        return
    with pytest.raises(Invalid):
        withdraw_table(by=user("kanri"), **words | {"reason": " "})
    withdraw_table(by=user("kanri"), **words)
    entry = AuditEntry.objects.filter(subject=table.key).latest("pk")
    assert (entry.verb, "誤り" in entry.body) == ("authority.table_withdrawn", True)
    in_force = table_on(date(2026, 12, 1))
    assert in_force
    assert in_force.since == date(2025, 4, 1)
    with pytest.raises(Unmet):
        withdraw_table(by=user("kanri"), **words)
    adopt(written({}, since=since))  # its day is free again


def test_the_database_keeps_what_was_adopted() -> None:
    table = adopt(DEMO)
    rule = DecisionRule.objects.first()
    assert rule
    with pytest.raises(DatabaseError), transaction.atomic():
        DecisionRule.objects.filter(pk=rule.pk).update(tier="x")
    twin = DecisionTable(name="x", since=table.since, source="x", tiers=[])
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def load(path: Path, **options: Any) -> str:
    out = StringIO()
    call_command("decisiontables", "load", str(path), stdout=out, **options)
    return out.getvalue()


def test_decisiontables_load(tmp_path: Path) -> None:
    old, new = tmp_path / "old.csv", tmp_path / "new.yaml"
    old.write_bytes(OLD.encode("cp932"))
    new.write_text(DEMO, encoding="utf-8")
    said = load(old, dry_run=True)
    assert "決裁事項4件" in said
    assert "注意: 条件: 「inquiry.answer」には" in said
    assert not DecisionTable.objects.exists()
    assert "定めました。" in load(old)
    load(new)
    assert [t.since.year for t in DecisionTable.objects.all()] == [2025, 2016]
    with pytest.raises(CommandError, match="誤りが1件あります。何も定めていません。"):
        load(new)
    new.write_text(written({"tier": "戊"}), encoding="utf-8")
    with pytest.raises(CommandError):
        load(new)
    with pytest.raises(CommandError, match="No such file"):
        load(tmp_path / "none.csv")
    assert DecisionTable.objects.count() == 2
