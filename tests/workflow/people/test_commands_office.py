"""Whom a department serves, the symbol of a section, the notice of a body."""

import json
from datetime import date
from typing import Any

import pytest

from tests.factories import NOON, TODAY, request_to, section, user
from workflow.errors import Invalid, NotAllowed
from workflow.models import AuditEntry, Body, BodyRule, Department, Request, Section
from workflow.people.commands_office import (
    set_extension,
    set_notice,
    set_organ,
    set_symbol,
)
from workflow.people.queries import rule_of
from workflow.people.regular import Regular

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

OTHERS = ["joho-tanto", "joho-kacho", "jinji-tanto", "shicho", "kansa", "iin-1"]
LATER = date(2027, 4, 1)


def symbol(text: str, by: str | None = "kanri") -> Section:
    who = user(by) if by else None
    return set_symbol(section_id=section("joho").pk, symbol=text, by=who, at=NOON)


def extension(text: str, by: str | None = "kanri") -> Section:
    who = user(by) if by else None
    return set_extension(section_id=section("joho").pk, extension=text, by=who, at=NOON)


def organ(text: str, by: str | None = "kanri") -> Department:
    who = user(by) if by else None
    pk = section("joho").department_id
    return set_organ(department_id=pk, organ=text, by=who, at=NOON)


def committee() -> Body:
    return Body.objects.get(code="iinkai")


def notice(days: int = 7, by: str | None = "kanri", **more: Any) -> BodyRule:
    words: dict[str, Any] = {"since": LATER, "source": "委員会規則第5条"} | more
    who = user(by) if by else None
    return set_notice(body_id=committee().pk, notice_days=days, by=who, at=NOON, **words)


@pytest.mark.parametrize("by", [None, "kanri"])
def test_a_symbol_is_for_what_is_drafted_from_now_on(by: str | None) -> None:
    before = request_to("joho-kacho", kind="test.numbered")
    symbol(" 情推 ", by)
    entry = json.loads(AuditEntry.objects.get(subject=section("joho").key).body)
    assert (entry["verb"], entry["before"], entry["after"]) == (
        "people.symbol_set",
        before.symbol,
        "情推",
    )
    assert request_to("joho-kacho", kind="test.numbered", body="後").symbol == "情推"
    assert Request.objects.get(pk=before.pk).symbol == before.symbol


@pytest.mark.parametrize("by", [None, "kanri"])
def test_a_department_serves_an_organ(by: str | None) -> None:
    assert organ(" 教育委員会 ", by).organ == "教育委員会"
    assert organ("", by).organ == ""
    told = [json.loads(e.body) for e in AuditEntry.objects.order_by("pk")]
    assert [(e["verb"], e["before"], e["after"]) for e in told] == [
        ("people.organ_set", "—", "教育委員会"),
        ("people.organ_set", "教育委員会", "—"),
    ]


@pytest.mark.parametrize("by", [None, "kanri"])
def test_a_section_is_rung_up_by_its_extension(by: str | None) -> None:
    before = section("joho").extension
    assert extension(" ２３４５、2346-1 ", by).extension == "2345、2346-1"
    assert extension("", by).extension == ""
    told = [json.loads(e.body) for e in AuditEntry.objects.order_by("pk")]
    assert [(e["verb"], e["before"], e["after"]) for e in told] == [
        ("people.extension_set", before, "2345、2346-1"),
        ("people.extension_set", "2345、2346-1", "—"),
    ]


@pytest.mark.parametrize("text", ["2345 山田", "内線2345", "1、", "1" * 21])
@pytest.mark.usefixtures("untouched")
def test_an_extension_is_numbers(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        extension(text)
    assert refused.value.field == "extension"
    with pytest.raises(Invalid):
        extension(section("joho").extension)


@pytest.mark.usefixtures("untouched")
def test_others_set_nothing() -> None:
    for by in OTHERS:
        for act in (
            lambda by=by: symbol("情推", by),
            lambda by=by: extension("2345", by),
            lambda by=by: organ("教育委員会", by),
            lambda by=by: notice(by=by),
        ):
            with pytest.raises(NotAllowed):
                act()


@pytest.mark.usefixtures("untouched")
def test_what_is_typed_is_checked() -> None:
    for text in (section("joho").symbol, "情 推", "情\u200b推", "情" * 21):
        with pytest.raises(Invalid) as refused:
            symbol(text)
        assert refused.value.field == "symbol"
    for text in ("", "教" * 41):
        with pytest.raises(Invalid) as refused:
            organ(text)
        assert refused.value.field == "organ"
    last = BodyRule.objects.filter(body__code="iinkai").latest("since").since
    for wrong, field in [
        ({"days": -1}, "notice_days"),
        ({"days": 367}, "notice_days"),
        ({"source": " "}, "source"),
        ({"since": last}, "since"),
        ({"regular": Regular(7, (1,))}, "weekday"),
        ({"regular": Regular(1, ())}, "weeks"),
        ({"regular": Regular(1, (6,))}, "weeks"),
        ({"regular": Regular(1, (1,), (13,))}, "months"),
    ]:
        with pytest.raises(Invalid) as refused:
            notice(**wrong)
        assert refused.value.field == field


def test_a_notice_is_a_rule_that_begins_later_and_changes_nothing_else() -> None:
    body = committee()
    before = rule_of(body, TODAY)
    assert before
    rule = notice(10)
    assert rule_of(body, date(2027, 3, 31)) == before
    assert rule_of(body, LATER) == rule
    same = ("quorum", "base", "seats", "chair_votes_first", "minutes_signers")
    assert [getattr(rule, f) for f in same] == [getattr(before, f) for f in same]
    entry = json.loads(AuditEntry.objects.get(subject=body.key).body)
    assert (entry["verb"], entry["before"], entry["after"], entry["facts"]["since"]) == (
        "people.notice_set",
        str(before.notice_days),
        "10",
        "2027-04-01",
    )


def test_regular_days_are_part_of_the_rule_and_end_with_it() -> None:
    quarterly = Regular(3, (3,), (2, 5, 8, 11))
    assert Regular.kept(notice(7, regular=quarterly).regular) == quarterly
    assert notice(7, since=date(2028, 4, 1)).regular == {}
    facts = [json.loads(e.body)["facts"] for e in AuditEntry.objects.order_by("pk")]
    assert [f["regular"] for f in facts] == [quarterly.as_kept(), {}]
    assert facts[1]["regular_before"] == quarterly.as_kept()


def test_a_body_without_a_rule_gets_its_first() -> None:
    body = committee()
    body.rules.all().delete()
    assert notice(3) == rule_of(body, LATER)
