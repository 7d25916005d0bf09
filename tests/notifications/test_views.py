from datetime import date

import pytest
from django.core import mail

from notifications.dispatch import fan_out
from notifications.models import Delivery, Preference
from notifications.queries import unread
from notifications.queries_screen import recent
from notifications.tasks import drain
from tests.counting import at_most
from tests.factories import NOON, request_to, section, user
from tests.notifications.factories import event
from tests.workflow.signoff.lines import act, sent_round
from workflow.models import Request, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]


@pytest.fixture
def told():
    made = event("inquiry.issued", to=[section("joho").group], due_on="2026-12-04")
    fan_out(at=NOON)
    return made


@pytest.fixture
def chief(client):
    client.force_login(user("joho-kacho"))
    return client


def unread_of(name):
    return unread(user(name)).count()


@pytest.mark.usefixtures("told")
def test_the_list_says_what_by_when_and_why_me(chief):
    page = chief.get("/notices/").content.decode()
    assert "庁内照会が届きました：情報化推進計画" in page
    assert "令和8年12月4日(金)" in page
    assert "情報システム課あて" in page
    assert "未読 1件" in page


def test_with_nothing_it_says_what_will_come(chief):
    assert "お知らせはありません" in chief.get("/notices/").content.decode()


def test_following_reads_it_and_leads_to_the_act(chief, told):
    for _ in range(2):
        response = chief.get(f"/notices/{told.pk}/")
        assert (response.status_code, response.url) == (302, "/revisions/1/")
    assert (unread_of("joho-kacho"), unread_of("joho-tanto")) == (0, 1)


def test_the_moment_of_the_first_reading_stays(chief, told):
    chief.get(f"/notices/{told.pk}/")
    first = Delivery.objects.get(channel="app", user=user("joho-kacho")).read_at
    chief.get(f"/notices/{told.pk}/")
    assert Delivery.objects.get(channel="app", user=user("joho-kacho")).read_at == first


@pytest.mark.parametrize("name", ["shicho", "kansa", "kanri", "iin-1"])
def test_somebody_elses_notice_is_not_there(client, told, name):
    client.force_login(user(name))
    assert client.get(f"/notices/{told.pk}/").status_code == 404
    assert "情報化推進計画" not in client.get("/notices/").content.decode()
    assert unread_of("joho-kacho") == 1


def test_reading_all_leaves_what_came_meanwhile(chief, told):
    event(to=[section("joho").group])
    fan_out(at=NOON)
    response = chief.post("/notices/read/", {"until": told.pk})
    assert (response.status_code, response.url) == (303, "/notices/")
    assert (unread_of("joho-kacho"), unread_of("joho-tanto")) == (1, 2)


@pytest.mark.parametrize("until", ["", "x", "-1", "9" * 40])
@pytest.mark.usefixtures("told")
def test_bad_input_reads_nothing(chief, until):
    assert chief.post("/notices/read/", {"until": until}).status_code == 303
    assert unread_of("joho-kacho") == 1


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, ""])
@pytest.mark.usefixtures("told")
def test_a_bad_page_is_the_first(chief, before):
    assert "未読 1件" in chief.get("/notices/", {"before": before}).content.decode()


CHOICES = {"deadline": "at_once", "signoff": "app", "inquiry": "digest", "other": "app"}


def test_the_wish_is_kept_and_shown_again(chief):
    response = chief.post("/notices/preference/", {**CHOICES, "digest_hour": "16"})
    assert (response.status_code, response.url) == (303, "/notices/")
    kept = Preference.objects.get(user=user("joho-kacho"))
    assert (kept.ways, kept.digest_hour) == (CHOICES, 16)
    page = chief.get("/notices/preference/").content.decode()
    assert page.count("checked") == 4
    assert '<option value="16" selected>' in page


def test_without_a_wish_all_is_gathered_at_the_hour_of_the_city(chief, settings):
    settings.DIGEST_HOUR = 11
    page = chief.get("/notices/preference/").content.decode()
    assert page.count('value="digest"') == page.count("checked") == 4
    assert '<option value="11" selected>' in page


@pytest.mark.parametrize("wrong", [{"signoff": "x"}, {"digest_hour": "3"}, {"other": ""}])
def test_a_wish_that_cannot_be_is_told_and_nothing_kept(chief, wrong):
    response = chief.post("/notices/preference/", {**CHOICES, "digest_hour": "16", **wrong})
    assert response.status_code == 422
    assert "error" in response.content.decode()
    assert not Preference.objects.exists()


@pytest.mark.parametrize("way, mailed", [("app", False), ("at_once", True), ("digest", False)])
def test_the_wish_is_followed_and_the_screen_tells_at_once(chief, way, mailed):
    chief.post("/notices/preference/", {**CHOICES, "other": way, "digest_hour": "16"})
    event("stage.opened", users=[user("joho-kacho").pk])
    drain()
    assert bool(mail.outbox) is mailed
    assert unread_of("joho-kacho") == 1


def test_without_an_address_it_says_so(chief):
    User.objects.filter(username="joho-kacho").update(email="")
    assert "電子メールの宛先が登録されていない" in chief.get("/notices/").content.decode()


@pytest.mark.parametrize(
    "method, path",
    [
        ("get", "/notices/"),
        ("get", "/notices/1/"),
        ("post", "/notices/read/"),
        ("get", "/notices/preference/"),
        ("post", "/notices/preference/"),
    ],
)
def test_nobody_reads_without_signing_in(client, method, path):
    response = getattr(client, method)(path)
    assert response.status_code == 302
    assert response.url.startswith("/login/")


def test_pages_go_back_in_time_at_the_same_cost(chief):
    made = [event(to=[section("joho").group]) for _ in range(60)]
    fan_out(at=NOON)
    with at_most(7):
        newest = recent(user("joho-kacho"), at=NOON, limit=50)
    with at_most(20):
        page = chief.get("/notices/").content.decode()
    assert [t.event.pk for t in newest] == [e.pk for e in reversed(made)][:50]
    older = f"?before={newest[-1].event.pk}"
    assert older in page
    rest = recent(user("joho-kacho"), at=NOON, before=newest[-1].event.pk)
    assert [t.event.pk for t in rest] == [e.pk for e in reversed(made)][50:]
    assert "これより前" not in chief.get("/notices/" + older).content.decode()


def test_a_turn_to_sign_is_shown_with_its_day(chief):
    request = request_to("joho-kacho", "somu-bucho", asked_for_on=date(2026, 11, 27))
    fan_out(at=NOON)
    assert "期限：令和8年11月27日(金)" in chief.get("/notices/").content.decode()
    extended = Request.objects.filter(pk=request.pk)
    extended.update(asked_for_on=date(2026, 12, 4))
    assert "期限：令和8年12月4日(金)" in chief.get("/notices/").content.decode()


def test_days_of_turns_cost_the_same_for_few_and_many(chief):
    for n in range(20):
        request_to("joho-kacho", "somu-bucho", asked_for_on=date(2026, 11, 27), body=f"{n}")
    fan_out(at=NOON)
    with at_most(9):
        told = recent(user("joho-kacho"), at=NOON)
    assert {row.notice.facts for row in told} == {(("期限", "令和8年11月27日(金)"),)}


def test_what_is_only_read_has_no_day(client):
    """供覧: nobody waits for it."""
    request = sent_round("d:joho-kacho", "i:koho-kacho", asked_for_on=date(2026, 11, 27))
    act(request, "approve", "joho-kacho")
    fan_out(at=NOON)
    (told,) = recent(user("koho-kacho"), at=NOON)
    assert (told.notice.happened, told.notice.facts) == ("供覧が届きました", ())
