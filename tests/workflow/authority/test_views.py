"""決裁区分表の画面."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.counting import at_most
from tests.factories import NOON, user
from tests.workflow.authority.tables import DEMO, OLD, adopt, written
from workflow.models import DecisionTable, Department

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

PAGE = "/administration/decision-tables/"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(user(name))
    return client


def shown(address: str, by: str = "kanri") -> str:
    client = client_of(by)
    with at_most(20):
        response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def send(data: dict[str, Any], to: str = PAGE, by: str = "kanri") -> Any:
    return client_of(by).post(to, data)


def upload(text: bytes, **more: str) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("table", text)} | more


def test_all_staff_read_the_table_in_force() -> None:
    assert "いま施行されている決裁区分表はありません" in shown("/decision-table/", "koho-tanto")
    adopt(DEMO)
    for by in ("koho-tanto", "shicho", "kansa"):
        page = shown("/decision-table/", by)
        assert "別表第3の3　500万円以上3,000万円未満の業務の委託は、副市長が専決する。" in page
        assert "500万円以上3,000万円未満" in page
        assert "主管部長" in page
    assert "data-print" in shown("/decision-table/?print=1", "shicho")
    for by in ("iin-1", "kanri"):
        assert client_of(by).get("/decision-table/").status_code == 403


def test_each_reads_the_table_of_their_organ_and_finds_the_others() -> None:
    Department.objects.filter(sections__code="koho").update(organ="教育委員会")
    adopt(written({}))
    adopt(written({}, organ="教育委員会", name="教育委員会の規程"))
    assert "<p>教育委員会の規程" in shown("/decision-table/", "koho-tanto")
    page = shown("/decision-table/", "joho-tanto")
    assert "<p>試験規程" in page
    assert "教育委員会の規程（教育委員会）</a>" in page
    assert "<p>教育委員会の規程" in shown("/decision-table/?organ=教育委員会", "joho-tanto")
    assert "教育委員会の規程" in shown("/decision-table/?organ=教育委員会&print=1", "joho-tanto")
    assert "いま施行されている決裁区分表はありません" in shown(
        "/decision-table/?organ=x", "joho-tanto"
    )
    assert shown(PAGE).count("施行中") == 2


@pytest.mark.parametrize("by", ["joho-kacho", "shicho", "kansa", "iin-1"])
def test_only_the_administrator_puts_a_table_in(by: str) -> None:
    table = adopt(DEMO)
    for page in (PAGE, f"{PAGE}{table.pk}/"):
        assert client_of(by).get(page).status_code == 403
    assert send(upload(OLD.encode(), adopt="1"), by=by).status_code == 403
    assert DecisionTable.objects.count() == 1


def test_a_file_is_looked_at_and_then_adopted_as_it_was_shown() -> None:
    looked = send(upload(OLD.encode("cp932"), check="1"))
    assert looked.status_code == 200
    page = looked.content.decode()
    assert "読み取れた決裁事項4件、誤り0件、注意1件" in page
    assert "この表を定める" in page
    assert "総務部" not in page
    assert not DecisionTable.objects.exists()
    text = looked.context["form"]["text"].value()
    assert text == OLD
    done = send({"text": text, "adopt": "1"})
    table = DecisionTable.objects.get()
    assert (done.status_code, done["Location"]) == (302, f"{PAGE}{table.pk}/")
    page = shown(done["Location"])
    assert "決裁区分表を定めました" in page
    assert "重要・異例などの案件が上がる区分がありません" in page


def test_every_finding_is_shown_and_nothing_is_half_imported() -> None:
    wrong = written({"tier": "戊"}, {}, {"flags": "緊急", "amount_to": "五"})
    for button in ("check", "adopt"):
        refused = send(upload(wrong.encode(), **{button: "1"}))
        assert refused.status_code == 422
        page = refused.content.decode()
        for said in ("決裁事項の1番目（第1条）", "「戊」は区分", "「緊急」は", "「五」は金額"):
            assert said in page
        assert "この表を定める" not in page
        assert "tier: 戊" in page  # to be mended in place
    assert not DecisionTable.objects.exists()


@pytest.mark.parametrize(
    "data, said",
    [
        ({}, "ファイルを選んでください。"),
        ({"text": "  "}, "ファイルを選んでください。"),
        ({"text": "rules: 3"}, "項目の並びで書いてください。"),
        (upload(b"\x81"), "文字コードを読めません。"),
    ],
)
def test_what_is_no_table_is_said_beside_the_file(data: dict[str, Any], said: str) -> None:
    refused = send({"adopt": "1"} | data)
    assert refused.status_code == 422
    assert said in refused.content.decode()
    assert "id_file_error" in refused.content.decode()


def test_tables_past_present_and_to_come() -> None:
    adopt(OLD)
    adopt(DEMO)
    coming = adopt(written({}, since="2027-04-01"))
    page = shown(PAGE)
    assert re.findall(r"(施行中|これから|過去|取下げ)</span>", page) == [
        "これから",
        "施行中",
        "過去",
    ]
    assert "表を取り下げる" in shown(f"{PAGE}{coming.pk}/")
    present = DecisionTable.objects.get(since__year=2025)
    assert "表を取り下げる" not in shown(f"{PAGE}{present.pk}/")
    away = f"{PAGE}{coming.pk}/withdraw/"
    assert send({"reason": ""}, away).status_code == 422
    assert send({"reason": "誤り"}, f"{PAGE}{present.pk}/withdraw/").status_code == 409
    assert send({"reason": "誤り"}, away).status_code == 302
    assert "取下げ</span>" in shown(PAGE)
