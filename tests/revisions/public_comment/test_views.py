"""意見公募の画面: the secretariat's pages."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from revisions.models import PublicComment
from tests.counting import at_most
from tests.factories import NOON, user
from tests.revisions.public_comment.walk import (
    AFTER,
    BY,
    OPEN,
    STATES,
    announced,
    answer,
    reach,
    stage_of,
    submit,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

WHEN = {"preparing": NOON, "announced": NOON, "accepting": OPEN}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    def at(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    at(NOON)
    return at


def client_of(who: str) -> Client:
    client = Client()
    client.force_login(user(who))
    return client


def page(comment: PublicComment, part: str = "") -> str:
    return f"/comments/{comment.pk}/{part}"


OFFERED = {
    "preparing": {"予告する", "内容を直す"},
    "announced": {"紙の意見を入力する"},
    "accepting": {"紙の意見を入力する"},
    "closed": {"結果を公表する", "紙の意見を入力する"},
    "answering": {"結果を公表する", "紙の意見を入力する"},
    "published": {"段階の結果を選ぶ"},
}


@pytest.mark.parametrize("state", STATES)
def test_the_page_offers_what_its_state_allows(clock: Any, state: str) -> None:
    comment = reach(state)
    clock(WHEN.get(state, AFTER))
    client = client_of(BY)
    with at_most(20):
        shown = client.get(page(comment)).content.decode()
    every = set().union(*OFFERED.values())
    assert {act for act in every if f">{act}<" in shown} == OFFERED[state]
    shown = client_of("koho-kacho").get(page(comment)).content.decode()
    assert not {act for act in every if f">{act}<" in shown}
    assert client_of("iin-1").get(page(comment)).status_code == 403


@pytest.mark.parametrize(
    "when, state, intake",
    [
        (NOON, "予告", "まだ受け付けていません"),
        (OPEN, "募集中", "受付中"),
        (AFTER, "締切", "受付は終わりました"),
    ],
)
def test_the_page_follows_the_calendar_before_beat_does(
    clock: Any, when: datetime, state: str, intake: str
) -> None:
    comment = announced(stage_of())
    clock(when)
    shown = client_of(BY).get(page(comment)).content.decode()
    assert f"{state}</span>" in shown
    assert intake in shown


def test_what_comes_next_after_the_period_is_to_answer(clock: Any) -> None:
    comment = announced(stage_of())
    submit(comment)
    clock(AFTER)
    shown = client_of(BY).get(page(comment)).content.decode()
    assert shown.index(">取りまとめを始める<") < shown.index(">結果を公表する<")
    assert '<button class="button primary">取りまとめを始める' in shown


def test_a_public_comment_from_preparing_to_publishing(clock: Any) -> None:
    stage = stage_of()
    wording = {"seen": 0, "title": "素案への意見募集", "text": "案を作りました。"}
    period = {"first_on": "R8.12.1", "last_on": "令和8年12月30日"}
    response = client_of(BY).post(f"/stages/{stage.pk}/comment/", wording | period)
    comment = PublicComment.objects.get()
    assert (response.status_code, response["Location"]) == (303, page(comment))

    def send(part: str, **data: str) -> None:
        seen = PublicComment.objects.get().chain_length
        response = client_of(BY).post(page(comment, part), {"seen": seen, **data})
        assert response.status_code == 303, response.content.decode()

    send("announce/")
    clock(OPEN)
    opinion = submit(comment).opinion
    clock(AFTER)
    send("answer/")
    shown = client_of(BY).get(page(comment)).content.decode()
    assert f"/opinions/{opinion.pk}/" in shown
    assert "承認されていない回答があります" in shown
    answer(opinion)
    send("publish/", result="意見を1件いただきました。")
    assert PublicComment.objects.get().state == "published"


@pytest.mark.parametrize(
    "typed, told",
    [
        ({"last_on": "2026-12-29"}, "30日に1日足りません"),
        ({"first_on": "2026-11-20"}, "初日（令和8年11月20日(金)）を過ぎています"),
        ({"first_on": "来月"}, "日付として読めません"),
        ({"title": ""}, "入力してください"),
        ({"title": "あ" * 201}, "200"),
    ],
)
def test_preparing_keeps_what_was_typed(clock: Any, typed: dict[str, str], told: str) -> None:
    stage = stage_of()
    data = {"seen": 0, "title": "意見募集", "text": "書いた説明"}
    period = {"first_on": "2026-12-01", "last_on": "2026-12-30"}
    response = client_of(BY).post(f"/stages/{stage.pk}/comment/", data | period | typed)
    assert response.status_code == 422
    assert "書いた説明" in response.content.decode()
    assert told in response.content.decode()
    assert not PublicComment.objects.exists()


def test_preparing_is_the_secretariats_and_ends_with_the_announcement(clock: Any) -> None:
    stage = stage_of()
    assert client_of("koho-kacho").get(f"/stages/{stage.pk}/comment/").status_code == 403
    with at_most(20):
        assert client_of(BY).get(f"/stages/{stage.pk}/comment/").status_code == 200
    comment = announced(stage)
    response = client_of(BY).get(f"/stages/{stage.pk}/comment/")
    assert (response.status_code, response["Location"]) == (302, page(comment))


def test_publishing_too_early_lists_what_is_missing(clock: Any) -> None:
    comment = announced(stage_of())
    opinion = submit(comment).opinion
    clock(AFTER)
    seen = PublicComment.objects.get().chain_length
    response = client_of(BY).post(page(comment, "publish/"), {"seen": seen, "result": ""})
    assert response.status_code == 409
    assert f"/opinions/{opinion.pk}/" in response.content.decode()


def test_a_stale_page_is_a_conflict(clock: Any) -> None:
    comment = reach("preparing")
    response = client_of(BY).post(page(comment, "announce/"), {"seen": 0})
    assert response.status_code == 409
