"""文書番号・保存期間・公開区分, and that what a request says of itself is signed with it."""

import json
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from tests.factories import NOON, request_to, user
from workflow.authority.about import About
from workflow.errors import Invalid, Unmet
from workflow.models import AuditEntry, DocumentSeries, Request, Section, Signature
from workflow.signoff import commands
from workflow.signoff.keeping import kept_until
from workflow.signoff.kinds import Kind, register

pytestmark = pytest.mark.django_db


def refuse(request: Request, **words: object) -> None:
    raise Unmet


register(Kind("test.refusing", "試験", decided=refuse, numbered=True))


def decide(at: datetime = NOON, **more: object) -> Request:
    request = request_to("joho-kacho", **{"kind": "test.numbered", **more})
    return commands.approve(step_id=request.steps.get().pk, by=user("joho-kacho"), at=at)


def test_numbers_are_dense_within_symbol_and_fiscal_year(city: None) -> None:
    last_of_march = datetime(2027, 3, 31, 14, 59, tzinfo=UTC)  # 23:59 in Tokyo
    first_of_april = datetime(2027, 3, 31, 15, 0, tzinfo=UTC)
    koho = {"about": About(symbol="広報")}
    numbers = [
        decide().number,
        decide(**koho).number,
        decide(last_of_march).number,
        decide(first_of_april).number,
        decide(last_of_march, **koho).number,
    ]
    assert numbers == [
        "情シ第1号（令和8年度）",
        "広報第1号（令和8年度）",
        "情シ第2号（令和8年度）",
        "情シ第1号（令和9年度）",
        "広報第2号（令和8年度）",
    ]
    entry = AuditEntry.objects.filter(verb="signoff.decided").latest("pk")
    assert json.loads(entry.body)["facts"]["number"] == numbers[-1]


def test_only_a_decision_of_a_numbered_kind_with_a_symbol_takes_a_number(city: None) -> None:
    assert decide(kind="test.plain").document_number is None
    for command in (commands.reject, commands.send_back):
        step = request_to("joho-kacho", kind="test.numbered").steps.get()
        command(step_id=step.pk, by=user("joho-kacho"), at=NOON, reason="理由")
    drafted = request_to("joho-kacho", kind="test.numbered")
    commands.withdraw(request_id=drafted.pk, by=user("joho-tanto"), at=NOON, reason="不要")
    half = request_to("joho-kacho", "somu-bucho", kind="test.numbered")
    commands.approve(step_id=half.steps.first().pk, by=user("joho-kacho"), at=NOON)
    Section.objects.update(symbol="")
    assert decide().number == ""
    assert not DocumentSeries.objects.exists()
    assert not Request.objects.exclude(document_number=None).exists()


def test_a_decision_rolled_back_leaves_no_gap(city: None) -> None:
    """The kind refuses after the number was taken."""
    assert decide().document_number == 1
    with pytest.raises(Unmet):
        decide(kind="test.refusing")
    assert decide().document_number == 2


def test_the_database_refuses_a_number_twice_and_one_without_a_decision(city: None) -> None:
    one, other = decide(), decide()
    waiting = request_to("joho-kacho", kind="test.numbered")
    for wrong in (other, waiting):
        with pytest.raises(IntegrityError), transaction.atomic():
            Request.objects.filter(pk=wrong.pk).update(
                symbol="情シ", document_year=one.document_year, document_number=1
            )


def test_what_is_not_open_says_why(city: None) -> None:
    for disclosure in ("partly", "closed"):
        with pytest.raises(Invalid, match="理由と根拠"):
            request_to("joho-kacho", about=About(disclosure=disclosure, disclosure_ground=" "))
        request_to("joho-kacho", about=About(disclosure=disclosure, disclosure_ground="条例第7条"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Request.objects.update(disclosure_ground="")


@pytest.mark.parametrize("wrong", [About(retention="7"), About(disclosure="secret")])
def test_retention_and_disclosure_come_from_their_lists(city: None, wrong: About) -> None:
    with pytest.raises(Invalid):
        request_to("joho-kacho", about=wrong)


def test_a_signer_signs_what_the_request_says_of_itself(city: None) -> None:
    about = About(
        flags=["important"],
        tier="部長専決",
        basis="事務決裁規程別表第1",
        amount=1_200_000,
        retention="5",
        disclosure="open",
    )
    request = decide(about=about)
    said = {**about.facts(), "symbol": "情シ"}
    assert json.loads(Signature.objects.get().statement)["about"] == said
    circulated = AuditEntry.objects.get(subject=request.key, verb="signoff.circulated")
    assert json.loads(circulated.body)["facts"]["about"] == said
    assert Request.objects.get(pk=request.pk).about.facts() == said


@pytest.mark.parametrize(
    "decided_on, retention, last",
    [
        (date(2026, 11, 24), "5", date(2032, 3, 31)),
        (date(2027, 3, 31), "1", date(2028, 3, 31)),
        (date(2027, 4, 1), "1", date(2029, 3, 31)),
        (date(2026, 4, 1), "30", date(2057, 3, 31)),
        (date(2026, 4, 1), "standing", None),
        (date(2026, 4, 1), "", None),
    ],
)
def test_the_day_to_which_a_record_is_kept(
    decided_on: date, retention: str, last: date | None
) -> None:
    assert kept_until(decided_on, retention) == last
