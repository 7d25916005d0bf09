"""市民の画面: by the calendar, without a session, and nothing typed is lost."""

import re
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from revisions.models import Opinion, PublicComment, Submission
from revisions.opinion import commands as opinions
from tests.counting import at_most
from tests.factories import NOON, TODAY, user
from tests.revisions.public_comment.walk import (
    AFTER,
    BY,
    OPEN,
    announced,
    answer,
    moment,
    publish,
    reach,
    stage_of,
    submit,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]


@pytest.fixture(autouse=True)
def public_site(settings: Any) -> None:
    """The public process: no session, no sign-in, no messages."""
    settings.ROOT_URLCONF = "config.urls_public"
    settings.MIDDLEWARE = [
        name
        for name in settings.MIDDLEWARE
        if not re.search(r"Session|Authentication|Message|NoStore", name)
    ]
    [engine] = deepcopy(settings.TEMPLATES)
    engine["OPTIONS"]["context_processors"] = ["django.template.context_processors.request"]
    settings.TEMPLATES = [engine]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    def at(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    at(OPEN)
    return at


def page(comment: PublicComment) -> str:
    return f"/public/{comment.pk}/"


def form_of(client: Client, comment: PublicComment) -> dict[str, str]:
    """Open the page and return what its form sends unseen."""
    shown = client.get(page(comment)).content.decode()
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', shown))
    return {name: found[name] for name in ("csrfmiddlewaretoken", "form_id")}


@pytest.mark.parametrize(
    "at, told, form",
    [
        (moment(11, 30), "受付は令和8年12月1日(火)から", False),
        (moment(12, 1, hour=9) - timedelta(hours=9), "受付は令和8年12月30日(水)まで", True),
        (moment(12, 30, hour=23), "受付は令和8年12月30日(水)まで", True),
        (
            moment(12, 31, hour=9) - timedelta(hours=9),
            "受付は令和8年12月30日(水)に終わりました",
            False,
        ),
    ],
)
def test_the_page_follows_the_calendar_though_beat_is_down(
    clock: Any, at: datetime, told: str, form: bool
) -> None:
    comment = announced(stage_of())
    clock(at)
    with at_most(20):
        response = Client().get(page(comment))
    shown = response.content.decode()
    assert told in shown
    assert ("意見を送る" in shown) == form
    assert "令和8年12月1日(火)～令和8年12月30日(水)（30日間）" in shown


def test_the_whole_plan_is_there_to_read(clock: Any) -> None:
    comment = announced(stage_of())
    shown = Client().get(page(comment)).content.decode()
    project = comment.revision.projects.get()
    for said in (project.name, project.overview, "年度ごとの取組"):
        assert said in shown


@pytest.mark.parametrize("state", ["preparing"])
def test_what_is_not_announced_is_not_there(clock: Any, state: str) -> None:
    comment = reach(state)
    assert Client().get(page(comment)).status_code == 404
    assert comment.title not in Client().get("/public/").content.decode()


def test_the_list_and_the_way_to_it(clock: Any) -> None:
    comment = announced(stage_of())
    assert Client().get("/")["Location"] == "/public/"
    with at_most(5):
        shown = Client().get("/public/").content.decode()
    assert f'href="{page(comment)}"' in shown
    assert "募集中" in shown


def test_a_period_shortened_says_why(clock: Any) -> None:
    last = moment(12, 14).date()
    comment = announced(stage_of(), last_on=last, short_reason="施行日が近いため")
    shown = Client().get(page(comment)).content.decode()
    assert "30日より短くする理由：施行日が近いため" in shown


def test_a_stage_called_off_takes_nothing(clock: Any) -> None:
    comment = announced(stage_of())
    comment.stage.cancel(reason="取りやめ", on=TODAY, at=NOON)
    comment.stage.save()
    shown = Client().get(page(comment)).content.decode()
    assert "中止しました" in shown
    assert "意見を送る" not in shown


# Submitting


def test_an_opinion_is_sent_and_its_receipt_shown(clock: Any) -> None:
    comment = announced(stage_of())
    client = Client(enforce_csrf_checks=True)
    sent = form_of(client, comment) | {"text": "窓口を\r\n増やして", "name": "提出者"}
    response = client.post(page(comment), sent)
    assert response.status_code == 303
    assert "sessionid" not in client.cookies
    opinion = Opinion.objects.get()
    assert (opinion.text, opinion.submitter.name) == ("窓口を\n増やして", "提出者")
    receipt = client.get(response["Location"]).content.decode()
    assert f"{comment.pk}-0001" in receipt
    assert "窓口" not in receipt
    assert "提出者" not in receipt


def test_a_second_click_makes_no_second_opinion(clock: Any) -> None:
    comment, client = announced(stage_of()), Client(enforce_csrf_checks=True)
    sent = form_of(client, comment) | {"text": "窓口を増やして"}
    first, second = (client.post(page(comment), sent)["Location"] for _click in range(2))
    assert first == second
    assert Opinion.objects.count() == 1


def test_a_post_from_elsewhere_is_refused(clock: Any) -> None:
    comment, client = announced(stage_of()), Client(enforce_csrf_checks=True)
    assert client.post(page(comment), {"text": "よそから"}).status_code == 403
    assert not Opinion.objects.exists()


@pytest.mark.parametrize(
    "typed, told",
    [
        ({"text": ""}, "入力してください"),
        ({"text": " \n"}, "入力してください"),
        ({"text": "字" * 5_001}, "5000"),
        ({"name": "字" * 81}, "80"),
        ({"website": "https://spam.example"}, "この欄を空にして"),
        ({"form_id": "broken"}, "UUID"),
        ({"text": "NUL\x00"}, "文字"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    clock: Any, typed: dict[str, str], told: str
) -> None:
    comment, client = announced(stage_of()), Client()
    sent = form_of(client, comment) | {"text": "残る本文", "address": "残る住所"} | typed
    response = client.post(page(comment), sent)
    shown = response.content.decode()
    assert response.status_code == 422
    assert told in shown
    assert "残る住所" in shown
    assert "text" in typed or "残る本文" in shown
    assert not Opinion.objects.exists()


def test_an_opinion_that_comes_too_late_is_not_lost_from_the_screen(clock: Any) -> None:
    comment, client = announced(stage_of()), Client()
    sent = form_of(client, comment) | {"text": "書き上げた意見"}
    clock(AFTER)
    response = client.post(page(comment), sent)
    assert response.status_code == 422
    assert "に終わりました" in response.content.decode()
    assert "書き上げた意見" in response.content.decode()


def test_a_flood_is_told_to_wait(clock: Any) -> None:
    comment, client = announced(stage_of()), Client()
    for n in range(settings.OPINIONS_PER_HOUR):
        submit(comment, form_id=f"f-{n}", sender="127.0.0.1")
    response = client.post(page(comment), form_of(client, comment) | {"text": "もう一つ"})
    assert response.status_code == 429
    assert "もう一つ" in response.content.decode()


def test_behind_the_proxy_each_citizen_has_an_own_address(clock: Any, settings: Any) -> None:
    settings.PRODUCTION = True
    comment = announced(stage_of())
    for address in ("203.0.113.1", "203.0.113.2"):
        client = Client(headers={"X-Forwarded-For": f"10.9.9.9, {address}"})
        client.post(page(comment), form_of(client, comment) | {"text": "意見"})
    assert Submission.objects.values("sender").distinct().count() == 2


def test_a_receipt_is_not_guessed(clock: Any) -> None:
    comment = announced(stage_of())
    assert Client().get(f"{page(comment)}received/nonsense/").status_code == 404


# Results


def test_results_show_answers_and_never_what_was_received(clock: Any) -> None:
    comment = announced(stage_of())
    one = submit(comment, "生の文面その一", name="提出者").opinion
    like = submit(comment, "生の文面その二", form_id="f-2").opinion
    opinions.link_similar(opinion_id=like.pk, to_id=one.pk, by=user(BY), at=AFTER)
    for opinion in (one, like):
        answer(opinion)
    clock(AFTER)
    assert "予約枠の拡大を求める意見" not in Client().get(page(comment)).content.decode()
    publish(comment)
    with at_most(20):
        shown = Client().get(page(comment)).content.decode()
    for said in ("予約枠の拡大を求める意見", "計画に反映します。", "反映", "（同じ趣旨2件）"):
        assert said in shown
    for hidden in ("生の文面", "提出者"):
        assert hidden not in shown
    assert shown.count("予約枠の拡大を求める意見") == 1


def test_no_opinion_is_a_result_too(clock: Any) -> None:
    comment = reach("published")
    clock(AFTER)
    assert "意見はありませんでした" in Client().get(page(comment)).content.decode()


# Kept by browsers and proxies


def test_who_has_the_page_is_told_so_in_one_statement(clock: Any) -> None:
    comment, client = announced(stage_of()), Client()
    first = client.get(page(comment))
    assert first["Cache-Control"] == "no-cache, private"
    with at_most(1):
        again = client.get(page(comment), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert settings.CSRF_COOKIE_NAME in again.cookies
    for cookies in ({}, {settings.CSRF_COOKIE_NAME: "x" * 32}):  # the form's token would be void
        other = Client()
        other.cookies.load(cookies)
        fresh = other.get(page(comment), headers={"If-None-Match": first["ETag"]})
        assert fresh.status_code == 200


def test_the_calendar_and_the_city_make_another_page(clock: Any) -> None:
    comment, client = announced(stage_of()), Client()
    open_ = client.get(page(comment))["ETag"]
    clock(AFTER)
    closed = client.get(page(comment), headers={"If-None-Match": open_})
    assert (closed.status_code, closed["Cache-Control"]) == (200, "no-cache, public")
    anybody = Client().get(page(comment), headers={"If-None-Match": closed["ETag"]})
    assert anybody.status_code == 304
    english = {"If-None-Match": closed["ETag"], "Accept-Language": "en"}
    assert Client().get(page(comment), headers=english).status_code == 200
    publish(comment)
    known = {"If-None-Match": closed["ETag"]}
    assert Client().get(page(comment), headers=known).status_code == 200


def test_an_opinion_is_sent_from_a_page_that_was_kept(clock: Any) -> None:
    comment = announced(stage_of())
    client = Client(enforce_csrf_checks=True)
    given = form_of(client, comment) | {"text": "とっておいた画面から"}
    tag = client.get(page(comment))["ETag"]
    assert client.get(page(comment), headers={"If-None-Match": tag}).status_code == 304
    assert client.post(page(comment), given).status_code == 303
