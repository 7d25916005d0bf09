"""The page of a request: what is offered to whom, in words, and every act through its form."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.counting import at_most
from tests.factories import NOON, TODAY, user
from tests.workflow.signoff.lines import (
    act,
    also_holds,
    away,
    deputise,
    fresh,
    no_deputies,
    sent_round,
    states,
    step_of,
)
from workflow.models import Appointment, Post, Request

pytestmark = pytest.mark.django_db

LINE = (
    "joho-kacho",
    "c:koho-kacho+c:jinji-kacho",
    "somu-bucho",
    "d:fuku-shicho-a",
    "i:zaisan-kacho",
)


@pytest.fixture(autouse=True)
def here(city: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Views read the clock; the city is in office whenever that is."""
    monkeypatch.setattr(timezone, "now", lambda: NOON)


def signed_in(who: str) -> Client:
    client = Client()
    client.force_login(user(who))
    return client


def page(request: Request, who: str) -> str:
    client = signed_in(who)
    with at_most(20):
        return client.get(f"/requests/{request.pk}/").content.decode()


def send(request: Request, name: str, who: str, at: str = "", **data: object) -> int:
    step = step_of(request, at or who)
    data = {"seen": fresh(request).chain_length} | data
    url = f"/steps/{step.pk}/{name.replace('_', '-')}/"
    return signed_in(who).post(url, data).status_code


def test_every_act_goes_through_its_form() -> None:
    request = sent_round(*LINE)
    assert "承認する" in page(request, "joho-kacho")
    assert send(request, "approve", "joho-kacho", comment="了") == 303
    shown = page(request, "koho-kacho")
    assert "同意しない" in shown
    assert "承認する" not in shown
    assert send(request, "dissent", "koho-kacho", reason="") == 422
    assert send(request, "dissent", "koho-kacho", reason="裏付けがない") == 303
    assert send(request, "hold", "jinji-kacho", reason="照会中") == 303
    assert "保留を解く" in page(request, "jinji-kacho")
    assert send(request, "resume", "jinji-kacho") == 303
    assert send(request, "concur", "jinji-kacho", comment="様式のみ") == 303
    shown = page(request, "jinji-kacho")
    for said in ("意見を付けて同意</span>", "合議に意見を付けて同意しました"):
        assert said in shown
    target = step_of(request, "joho-kacho").pk
    back = {"reason": "積算", "to_step_id": target, "rerun": "one"}
    assert send(request, "send_back", "somu-bucho", **back | {"to_step_id": 999999}) == 422
    assert send(request, "send_back", "somu-bucho", **back) == 303
    shown = page(request, "joho-kacho")
    assert "総務部長から情報システム課長に差し戻されています" in shown
    assert "差戻し先：情報システム課長" in shown
    assert send(request, "approve", "joho-kacho") == 303
    shown = page(request, "fuku-shicho-a")
    assert "合議で広報広聴課長が同意していません" in shown
    assert "引き上げて決裁する" in shown
    assert send(request, "pull_up", "fuku-shicho-a") == 303
    shown = page(request, "somu-bucho")
    for said in ("後閲を済ませる", "引き上げて決裁しました", "飛ばした欄：総務部長"):
        assert said in shown
    assert send(request, "post_review", "somu-bucho") == 303
    assert send(request, "read", "zaisan-kacho") == 303
    assert states(request)["zaisan-kacho"] == "read"
    said = {"seen": fresh(request).chain_length, "comment": "次回は早めに"}
    client = signed_in("joho-tanto")
    assert (
        client.post(f"/requests/{request.pk}/comment/", said | {"comment": ""}).status_code == 422
    )
    assert client.post(f"/requests/{request.pk}/comment/", said).status_code == 303
    assert "次回は早めに" in page(request, "somu-bucho")


def test_whose_place_a_deputy_takes_is_said_before_and_after() -> None:
    no_deputies()
    deputise("fuku-shicho-a", "fuku-shicho-b")
    away("fuku-shicho-a")
    request = sent_round("joho-kacho", "d:fuku-shicho-a")
    act(request, "approve", "joho-kacho")
    assert "副市長（情報化担当）は不在です。代わって決裁できる人：1. 副市長" in page(
        request, "joho-kacho"
    )
    assert "副市長として代決します（事務決裁規程第8条）" in page(request, "fuku-shicho-b")
    assert send(request, "approve", "somu-bucho", at="fuku-shicho-a") == 403
    assert send(request, "approve", "fuku-shicho-b", at="fuku-shicho-a") == 303
    shown = page(request, "joho-kacho")
    assert "副市長が代決（副市長（情報化担当）不在のため）" in shown
    assert "（副市長（情報化担当）の代決）" in shown  # in the history


def test_one_is_told_beforehand_that_one_signs_twice() -> None:
    also_holds("joho-kacho", "somu-bucho")
    request = sent_round("joho-kacho", "somu-bucho", "d:fuku-shicho-a")
    words = "情報システム課長と総務部長を兼ねているため、2つの欄に署名します。"
    assert words in page(request, "joho-kacho")
    act(request, "approve", "joho-kacho")
    assert "兼務：情報システム課長としての署名と同時" in page(request, "joho-kacho")
    assert Appointment.objects.filter(user=user("joho-kacho")).count() == 2


def test_the_letter_has_the_decider_first_and_says_what_was_said() -> None:
    request = sent_round(*LINE, title="起案用紙の件")
    assert send(request, "approve", "joho-kacho", comment="予算の範囲で") == 303
    letter = signed_in("joho-kacho").get(f"/requests/{request.pk}/?print=1")
    (_heading, line), (_heading, beside) = letter.context["line"]
    assert [box.step.post.code for box in line] == ["fuku-shicho-a", "somu-bucho", "joho-kacho"]
    assert [box.step.post.code for box in beside] == ["koho-kacho", "jinji-kacho"]
    shown = letter.content.decode()
    for said in ("起案用紙の件", "予算の範囲で", user("joho-kacho").name, "画面に戻る"):
        assert said in shown
    assert "引き戻す" not in shown


def test_the_drafter_reads_first_who_sent_it_back_and_why() -> None:
    request = sent_round(*LINE)
    assert send(request, "send_back", "joho-kacho", reason="積算の根拠") == 303
    assert "情報システム課長から起案者に差し戻されています" in page(request, "joho-tanto")


def test_a_long_line_takes_no_more_statements() -> None:
    others = [p.code for p in Post.objects.exclude(code__in=["joho-kacho", "fuku-shicho-a"])[:60]]
    page(sent_round("joho-kacho", *others, "d:fuku-shicho-a"), "joho-kacho")


def test_after_an_act_the_most_urgent_of_what_waits_is_a_click_away() -> None:
    first, later, urgent = (
        sent_round("joho-kacho", "d:shicho", title=title, asked_for_on=due)
        for title, due in [("一つ目", None), ("急がない", None), ("急ぐ", TODAY)]
    )
    act(urgent, "hold", "joho-kacho")

    def told_after(request: Request) -> str:
        client = signed_in("joho-kacho")
        data = {"seen": fresh(request).chain_length}
        url = f"/steps/{step_of(request, 'joho-kacho').pk}/approve/"
        status = client.post(url, data, follow=True).content.decode().split('role="status"')[1]
        return status.split('class="head"')[0]

    assert f'href="/requests/{later.pk}/"' in told_after(first)  # what is held waits on purpose
    act(urgent, "resume", "joho-kacho")
    third = sent_round("joho-kacho", "d:shicho")
    assert f'href="/requests/{urgent.pk}/"' in told_after(third)
    for request in (urgent, later):
        told = told_after(request)
    assert "href" not in told
