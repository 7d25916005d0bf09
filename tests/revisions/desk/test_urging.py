"""督促の一覧: who may see it, what stands on it, in which order; on paper and as a file too."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils.timezone import localtime

from notifications.catalog import notice_of
from tests.counting import at_most
from tests.factories import TODAY, section, user
from tests.revisions.inquiry.walk import TIERS, issued, many_sections, target_of
from tests.workflow.signoff.lines import sent_round
from workflow.deadline.commands import remind
from workflow.deadline.era import era_date
from workflow.models import Deadline, OutboxEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

ADDRESSES = ["/urging/", "/urging/print/", "/urging.csv"]


def client(username):
    signed_in = Client()
    signed_in.force_login(user(username))
    return signed_in


def late(inquiry, code, days):
    """Let a section's deadline be over for so many days."""
    due_at = datetime.now(UTC) - timedelta(days=days)
    rows = Deadline.objects.filter(subject=target_of(inquiry, code).key)
    assert rows.update(due_at=due_at, next_at=due_at, reminded_until=due_at) == 1
    return rows.get()


@pytest.fixture
def inquiry():
    made = issued("koho", "zaisan", "bosai")
    late(made, "zaisan", 1)
    late(made, "koho", 6)
    return made


def lines(asked="", by="joho-tanto"):
    sent = client(by).get(f"/urging.csv?{asked}")
    text = b"".join(sent.streaming_content)
    encoding = "cp932" if "cp932" in asked else "utf-8-sig"
    return list(csv.reader(io.StringIO(text.decode(encoding), newline="")))[1:]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("name", ["koho-tanto", "shicho", "somu-bucho"])
def test_only_a_secretariat_and_the_auditor_see_it(inquiry, address, name):
    assert client(name).get(address).status_code == 403
    assert client("joho-tanto").get(address).status_code == 200
    assert client("kansa").get(address).status_code == 200


def test_who_with_which_number_what_and_since_when(inquiry):
    first, second = lines()
    name, number = section("koho").name, section("koho").extension
    assert first[:4] == ["政策部", name, number, inquiry.title]
    assert first[4:] == ["2026-11-18", "令和8年11月18日(水)", "3", "", ""]
    assert second[1] == section("zaisan").name
    assert number


def test_what_was_told_last(inquiry):
    told = datetime.now(UTC) + timedelta(seconds=1)
    remind(deadline_ids=[late(inquiry, "koho", 6).pk], at=told)
    assert lines()[0][7] == f"{localtime(told):%Y-%m-%d %H:%M}"
    assert "まだ知らせていません" in client("joho-tanto").get("/urging/").content.decode()


def test_a_turn_that_waits_too_long_stands_on_it_too(inquiry):
    sent_round(
        "joho-kacho", "d:shicho",
        title="付議の伺い", part_of=inquiry.revision.key, asked_for_on=TODAY - timedelta(days=1),
    )  # fmt: skip
    (turn,) = (line for line in lines() if line[3] == "付議の伺い")
    assert turn[:3] == ["総務部", "情報システム課長", section("joho").extension]


def test_the_day_is_named_by_its_tier(city):
    made = issued("koho", tiers=TIERS)
    row = late(made, "koho", 6)
    assert lines()[0][8] == "課の案"
    assert "課の案" in client("joho-tanto").get("/urging/").content.decode()
    assert "課の案" in client("joho-tanto").get("/urging/print/").content.decode()
    remind(deadline_ids=[row.pk], at=datetime.now(UTC))
    told = notice_of(OutboxEvent.objects.get(kind__startswith="deadline."))
    assert "課の案の期限" in dict(told.facts)
    issue = notice_of(OutboxEvent.objects.get(kind="inquiry.issued"))
    assert dict(issue.facts)["照会の期限"] == era_date(made.due_on)


def test_in_the_order_of_the_office_or_by_lateness(inquiry):
    late(inquiry, "bosai", 30)
    names = [section(code).name for code in ("koho", "zaisan", "bosai")]
    assert [line[1] for line in lines()] == names
    assert [line[1] for line in lines("order=late")] == [names[2], names[0], names[1]]


def test_what_is_soon_due_when_it_is_asked_for(inquiry):
    late(inquiry, "bosai", -2)
    assert len(lines()) == 2
    assert [line[6] for line in lines("which=soon")] == ["3", "1", "0"]


@pytest.mark.parametrize("asked", ["which=x&order=y", "order=%00", ""])
def test_an_address_that_makes_no_sense_asks_for_the_usual(inquiry, asked):
    assert len(lines(asked)) == 2


def test_for_an_older_spreadsheet(inquiry):
    assert lines("encoding=cp932") == lines()


def test_on_paper_all_with_room_to_write(inquiry):
    page = client("joho-tanto").get("/urging/print/").content.decode()
    for said in ("連絡の結果", "2件", section("koho").extension, "3開庁日超過"):
        assert said in page


def test_nothing_late_says_so():
    assert "期限を過ぎたものはありません" in client("kansa").get("/urging/").content.decode()


def test_statements_do_not_grow_with_what_is_late():
    made = issued(*(section.code for section in many_sections(40)))
    reader, rows = client("joho-tanto"), Deadline.objects.filter(part_of=made.revision.key)

    def shown():
        with at_most(14):
            return len(reader.get("/urging/").context["rows"])

    rows.filter(pk=rows.first().pk).update(due_at=datetime.now(UTC))
    assert shown() == 1
    rows.update(due_at=datetime.now(UTC))
    assert shown() == 40
