"""紙の決裁の後日登録: two days apart, a reason, a copy that anyone concerned can download."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.counting import at_most
from tests.factories import NOON, TODAY, post, request_to, user
from tests.workflow.authority.tables import adopt, written
from tests.workflow.signoff.scanned import JPEG, PDF, PNG, pdf
from workflow.audit.chain import digest
from workflow.authority.about import About
from workflow.errors import Invalid, NotAllowed, Unmet
from workflow.models import AuditEntry, OutboxEvent, Paper, Request
from workflow.signoff.commands_record import back_enter, correct
from workflow.signoff.papers import PaperDecision, file_name

pytestmark = pytest.mark.django_db

LAST_YEAR = date(2026, 3, 31)
KEPT = About(retention="5")


def act(who: str = "joho-tanto", paper: dict[str, Any] | None = None, **more: Any) -> Request:
    says: dict[str, Any] = {
        "decided_on": LAST_YEAR,
        "decider": post("somu-bucho"),
        "name": "山田　太郎",
        "line": "情報システム課長　佐藤\n文書法制課長　鈴木",
        "reason": "システムの停止中に決裁を受けたため",
        "scan": ("起案用紙.pdf", PDF),
    }
    words = {"title": "災害時の端末の貸与", "text": "端末を貸与する。", "about": KEPT, **more}
    return back_enter(paper=PaperDecision(**(says | (paper or {}))), by=user(who), at=NOON, **words)


def refused(act: Callable[[], Any], error: type[Exception]) -> Any:
    def count() -> tuple[int, ...]:
        return tuple(m.objects.count() for m in (Request, Paper, AuditEntry, OutboxEvent))

    before = count()
    with pytest.raises(error) as caught:
        act()
    assert count() == before
    return caught.value


def test_a_paper_decision_is_kept_with_both_days_and_its_copy(city: None) -> None:
    request = Request.objects.get(pk=act().pk)
    assert (request.state, request.decided_on, request.ended_at) == ("decided", LAST_YEAR, NOON)
    assert request.number == "情シ第1号（令和7年度）"
    assert not request.steps.exists()
    kept = (request.paper.name, request.paper.media_type, bytes(request.paper.body))
    assert kept == ("起案用紙.pdf", "application/pdf", PDF)
    assert request.paper.sha256 == digest(PDF)
    for words in ("令和8年3月31日(火)", "総務部長　山田　太郎", "文書法制課長　鈴木", digest(PDF)):
        assert words in request.content.body
    entry = json.loads(AuditEntry.objects.get(subject=request.key).body)
    assert (entry["verb"], entry["reason"]) == (
        "signoff.back_entered",
        "システムの停止中に決裁を受けたため",
    )
    assert entry["facts"]["decided_on"] == "2026-03-31"
    assert entry["facts"]["paper"] == digest(PDF)


def test_its_tier_is_its_deciders_by_the_table_of_its_day(city: None) -> None:
    adopt(written({}, since=date(2025, 4, 1)))
    request = act()
    assert (request.tier, request.basis) == ("丙 部長専決", "試験規程（訓令第1号）")
    entry = json.loads(AuditEntry.objects.get(subject=request.key).body)
    assert entry["facts"]["about"]["tier"] == "丙 部長専決"
    assert act(paper={"decider": post("koho-kacho")}).tier == ""  # of another section
    assert act(paper={"decided_on": date(2025, 3, 31)}).tier == ""  # no table yet


def test_a_paper_with_its_own_number_takes_no_other(city: None) -> None:
    request = act(paper={"number": "情シ第99号"})
    assert request.number == ""
    assert "紙の文書番号：情シ第99号" in request.content.body


def test_only_staff_of_a_section_enter(city: None) -> None:
    for stranger in ("somu-bucho", "shicho", "kansa", "kanri", "iin-1"):
        refused(lambda who=stranger: act(who), NotAllowed)
    assert act("koho-kacho").drafter_post == post("koho-kacho")


def test_what_is_typed_is_checked(city: None) -> None:
    tomorrow = date(2026, 11, 25)
    for wrong, field in [
        ({"paper": {"decided_on": tomorrow}}, "decided_on"),
        ({"paper": {"reason": " 　"}}, "reason"),
        ({"paper": {"name": ""}}, "decider_name"),
        ({"paper": {"scan": ("空.pdf", b"")}}, "scan"),
        ({"paper": {"scan": ("動く.pdf", pdf(b"/JavaScript"))}}, "scan"),
        ({"paper": {"scan": ("偽.pdf", b"MZ")}}, "scan"),
        ({"title": " "}, "title"),
        ({"text": ""}, "text"),
        ({"about": About(disclosure="closed")}, "disclosure_ground"),
    ]:
        assert refused(lambda wrong=wrong: act(**wrong), Invalid).field == field
    assert act(paper={"decided_on": TODAY, "scan": ("a.png", PNG)}).paper.media_type == "image/png"


def test_a_wrong_entry_is_corrected_by_another(city: None) -> None:
    wrong = act()
    way = refused(
        lambda: correct(
            request_id=wrong.pk, text="直す", reason="誤り", by=user("joho-tanto"), at=NOON
        ),
        Unmet,
    )
    assert way.missing[0].link == f"/requests/back-entry/?corrects={wrong.pk}"
    refused(lambda: act("koho-tanto", corrects_id=wrong.pk), NotAllowed)
    other = request_to("joho-kacho")
    refused(lambda: act(corrects_id=other.pk), Unmet)
    right = act("joho-kacho", paper={"scan": ("a.jpg", JPEG)}, corrects_id=wrong.pk)
    assert (right.corrects, right.number) == (wrong, "情シ第2号（令和7年度）")
    refused(lambda: act(corrects_id=wrong.pk), Unmet)


def test_names_of_files_are_only_names() -> None:
    assert file_name("../../etc/起案\r\n用紙.pdf") == "起案用紙.pdf"
    assert file_name("C:\\書類\\原本.pdf") == "原本.pdf"
    assert file_name("\x00") == "scan"
    assert len(file_name("あ" * 300 + ".pdf")) == 120


def typed(**more: Any) -> dict[str, Any]:
    sent = {
        "title": "災害時の端末の貸与",
        "text": "端末を貸与する。",
        "decided_on": "R8.3.31",
        "decider": str(post("somu-bucho").pk),
        "decider_name": "山田　太郎",
        "reason": "停電のため",
        "retention": "5",
        "disclosure": "open",
        "scan": SimpleUploadedFile("原本の写し.pdf", PDF),
    }
    return sent | more


def test_the_form_enters_and_the_page_shows_and_gives_the_copy(city: None) -> None:
    client = Client()
    client.force_login(user("joho-tanto"))
    assert "紙の決裁を登録する" in client.get("/requests/").content.decode()
    assert client.get("/requests/back-entry/").status_code == 200
    answer = client.post("/requests/back-entry/", typed())
    assert answer.status_code == 303
    with at_most(20):
        page = client.get(answer["Location"]).content.decode()
    for words in ("令和8年3月31日(火)", "情シ第1号（令和7年度）", "5年（令和13年3月31日(月)まで）"):
        assert words in page
    assert "決裁日" in page
    assert "記録した日時" in page

    copy = client.get(answer["Location"] + "paper/")
    assert copy.content == PDF
    assert copy["Content-Type"] == "application/pdf"
    assert copy["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert copy["X-Content-Type-Options"] == "nosniff"
    assert copy["Content-Security-Policy"] == "default-src 'none'; sandbox"
    for stranger in ("koho-tanto", "somu-bucho", "kanri", "iin-1"):
        client.force_login(user(stranger))
        assert client.get(answer["Location"] + "paper/").status_code == 404
    client.force_login(user("kansa"))
    assert client.get(answer["Location"] + "paper/").status_code == 200
    assert client.get("/requests/back-entry/").status_code == 403


def test_bad_input_stays_and_says_why(city: None) -> None:
    client = Client()
    client.force_login(user("joho-tanto"))
    wrong = {"decided_on": "令和8年13月1日", "scan": SimpleUploadedFile("a.pdf", b"MZ")}
    answer = client.post("/requests/back-entry/", typed(disclosure="closed", **wrong))
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("令和8年13月1日", "いずれか", "公開しない理由と根拠を入力", "山田　太郎"):
        assert words in page
    answer = client.post("/requests/back-entry/", typed(decided_on="R30.1.1"))
    assert "今日までの日" in answer.content.decode()
    assert not Request.objects.exists()


def test_a_wrong_entry_leads_to_the_right_one(city: None) -> None:
    client, wrong = Client(), act()
    client.force_login(user("joho-tanto"))
    assert f"?corrects={wrong.pk}" in client.get(f"/requests/{wrong.pk}/").content.decode()
    url = f"/requests/back-entry/?corrects={wrong.pk}"
    assert "前の登録を訂正します" in client.get(url).content.decode()
    answer = client.post(url, typed())
    page = client.get(f"/requests/{wrong.pk}/").content.decode()
    assert "訂正あり" in page
    assert answer["Location"] in page
    assert f"/requests/{wrong.pk}/" in client.get(answer["Location"]).content.decode()


def test_two_clicks_enter_one_paper_once(city: None) -> None:
    entered = act()
    again = refused(act, Unmet)
    assert again.missing[0].link == f"/requests/{entered.pk}/"
    refused(lambda: act("koho-kacho"), Unmet)
    other = act(paper={"scan": ("b.png", PNG)})
    right = act(corrects_id=entered.pk)  # the same paper, entered rightly
    refused(lambda: act(corrects_id=other.pk), Unmet)
    assert right.paper.sha256 == entered.paper.sha256
