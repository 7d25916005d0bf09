"""届かなかった通知, as the secretariat and the administrator see it."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from notifications.dispatch import send_mails
from notifications.models import Delivery, Untold
from notifications.undelivered.policies import check_can_see_address
from tests.counting import at_most
from tests.factories import NOON, user
from tests.notifications.undelivered.letters import about, dead_events, dead_mails
from tests.revisions.cycle import paths
from workflow.access import allowed
from workflow.models import AuditEntry, OutboxEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

PAGE = "/undelivered/"


@pytest.fixture
def as_(client):
    def signed_in(name):
        client.force_login(user(name))
        return client

    return signed_in


def text(response):
    return response.content.decode()


def states():
    return set(Delivery.objects.filter(channel="email").values_list("state", flat=True))


def ids(page):
    return re.findall(r'name="ids" value="([\d.]+)"', page)


def test_it_says_what_for_whom_where_to_why_and_when(as_):
    dead_mails()
    page = text(as_("kanri").get(PAGE))
    assert "段階が差し戻されました：情報化推進計画" in page
    assert user("joho-kacho").name in page
    assert "情報システム課あて" in page
    assert "宛先のアドレスが受け付けられませんでした" in page
    assert "8回" in page
    assert "令和8年11月24日(火) 12:08" in page
    assert "joho-kacho@example.jp" in page
    assert f'href="/administration/people/{user("joho-kacho").pk}/email/"' in page
    assert "に直してもらって" not in page
    assert "@" not in "".join(re.findall(r'(?:href|action|value)="([^"]*)"', page))
    assert "電子メール（2件）" in page
    assert "外部連携（0件）" in page


@pytest.mark.parametrize(
    "error, words",
    [
        (
            "SMTPServerDisconnected: closed",
            "メールサーバーにつながりません",
        ),
        ("TimeoutError: timed out", "メールサーバーにつながりません"),
        ("Unheard: of", "送れませんでした（Unheard）"),
    ],
)
def test_errors_are_told_in_words(as_, error, words):
    dead_mails(error=error)
    assert words in text(as_("kanri").get(PAGE))


def test_with_nothing_it_says_so(as_):
    assert "届かなかったものはありません" in text(as_("kanri").get(PAGE))


@pytest.mark.parametrize("name", ["joho-tanto", "koho-kacho", "shicho", "iin-1"])
def test_who_steers_nothing_does_not_get_in(as_, name):
    dead_mails()
    for response in (as_(name).get(PAGE), as_(name).post(PAGE, {"act": "resend_all"})):
        assert response.status_code == 403
    assert states() == {"dead"}


def test_the_secretariat_sees_its_own(as_):
    dead_mails(title="ほかの改定")
    revision = paths.start()
    about(revision)
    dead_mails(0)
    page = text(as_("joho-tanto").get(PAGE))
    assert "第2期計画の策定" in page
    assert "ほかの改定" not in page
    assert "届かなかった通知" in text(as_("joho-tanto").get("/requests/stagnation/"))


def test_the_secretariat_sees_where_to_and_whom_to_ask(as_):
    about(paths.start())
    dead_mails(0)
    page = text(as_("joho-tanto").get(PAGE))
    assert "joho-kacho@example.jp" in page
    assert "/administration/" not in page
    assert f"システム管理者（{user('kanri').name}）に直してもらって" in page


@pytest.mark.parametrize(
    "by, of, seen",
    [
        ("kanri", "iin-1", True),
        ("kanri", "shicho", True),
        ("joho-tanto", "shicho", True),
        ("joho-tanto", "iin-1", False),
        ("kansa", "shicho", False),
    ],
)
def test_whose_address_is_whose_business(by, of, seen):
    assert allowed(check_can_see_address, user(by), user(of)) is seen


def test_a_wrong_address_is_mended_and_the_mail_comes(as_):
    dead_mails()
    admin, who = as_("kanri"), user("joho-kacho")
    page = f"/administration/people/{who.pk}/email/"
    seen = {"seen": who.chain_length}
    assert admin.post(page, seen | {"email": "joho"}).status_code == 422
    assert admin.post(page, seen | {"email": who.email}).status_code == 422
    assert admin.post(page, seen | {"email": "kacho@example.jp"}).status_code == 302
    assert admin.post(page, seen | {"email": "bucho@example.jp"}).status_code == 409
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, "@" in entry.body) == ("people.email_set", False)
    picked = ids(text(admin.get(PAGE)))
    admin.post(PAGE, {"act": "resend", "channel": "email", "ids": picked})
    assert send_mails(at=NOON + timedelta(hours=1)) == 2
    assert ["kacho@example.jp"] in [message.to for message in mail.outbox]


def test_the_auditor_reads_and_cannot_act(as_):
    dead_mails()
    page = text(as_("kansa").get(PAGE))
    assert "example.jp" not in page
    assert "情報化推進計画" in page
    assert ids(page) == []
    response = as_("kansa").post(PAGE, {"act": "resend_all", "channel": "email", "until": 10**6})
    assert response.status_code == 403
    assert states() == {"dead"}


def test_some_are_sent_anew_and_the_page_sent_again_says_that_nothing_was_done(as_):
    dead_mails(2)
    admin = as_("kanri")
    given = {"act": "resend", "channel": "email", "ids": ids(text(admin.get(PAGE)))[:3]}
    assert "3件を再送します" in text(admin.post(PAGE, given, follow=True))
    assert "3件は、すでに再送か取下げが済んでいた" in text(admin.post(PAGE, given, follow=True))
    assert Delivery.objects.filter(state="queued").count() == 3


def test_all_are_those_that_the_page_knew_of(as_):
    dead_mails(60)
    admin = as_("kanri")
    page = text(admin.get(PAGE))
    until = re.search(r'name="until" value="(\d+)"', page)[1]
    dead_mails()
    given = {"act": "resend_all", "channel": "email", "until": until}
    assert "120件を再送します" in text(admin.post(PAGE, given, follow=True))
    assert Delivery.objects.filter(state="dead").count() == 2


def test_withdrawing_without_a_reason_comes_back_with_what_was_ticked(as_):
    dead_mails()
    admin = as_("kanri")
    first, second = ids(text(admin.get(PAGE)))
    given = {"act": "withdraw", "channel": "email", "ids": [first], "reason": ""}
    response = admin.post(PAGE, given)
    assert response.status_code == 422
    page = text(response)
    assert "取り下げる理由を入れてください。" in page
    assert re.search(rf'value="{first}" checked', page)
    assert not re.search(rf'value="{second}" checked', page)
    page = text(admin.post(PAGE, given | {"reason": "電話で伝えた"}, follow=True))
    assert "1件を取り下げました。" in page
    assert states() == {"dead", "withdrawn"}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"act": "resend", "channel": "email"},
        {"act": "resend", "channel": "email", "ids": ["x"]},
        {"act": "resend", "channel": "email", "ids": ["1.2.3"]},
        {"act": "resend", "channel": "email", "ids": ["-1.0"]},
        {"act": "resend", "channel": "email", "ids": [f"{10**30}.0"]},
        {"act": "resend", "channel": "pigeon", "ids": ["1.0"]},
        {"act": "delete", "channel": "email", "ids": ["1.0"]},
        {"act": "resend_all", "channel": "email", "until": "x"},
    ],
)
def test_bad_input_does_nothing(as_, given):
    dead_mails()
    before = AuditEntry.objects.count()
    assert as_("kanri").post(PAGE, given).status_code == 422
    assert states() == {"dead"}
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("address", ["?channel=x", "?before=x", "?after=%00", "?channel=webhook"])
def test_an_address_without_sense_is_the_first_page(as_, address):
    assert as_("kanri").get(PAGE + address).status_code == 200


def test_pages_at_the_same_cost(as_):
    dead_mails(60)
    admin = as_("kanri")
    with at_most(25):
        page = text(admin.get(PAGE))
    seen = ids(page)
    assert len(seen) == 50
    for _ in range(2):
        page = text(admin.get(PAGE + re.search(r'rel="next" href="([^"]+)"', page)[1]))
        seen += ids(page)
    assert len(set(seen)) == len(seen) == 120
    assert 'rel="next"' not in page


class TestEvents:
    def test_it_says_for_whom_and_why_and_that_nobody_has_it(self, as_):
        dead_events()
        page = text(as_("kanri").get(PAGE + "?channel=event"))
        assert "配信前（1件）" in page
        assert "まだ誰にも届いていません" in page
        assert "段階が差し戻されました：情報化推進計画" in page
        assert f"情報システム課、{user('shicho').name}" in page
        assert "お知らせを作れませんでした（ValueError）" in page
        assert "8回" in page

    def test_one_without_words_is_seen_and_sent_anew_all_the_same(self, as_):
        dead_events()
        OutboxEvent.objects.update(facts=["broken"])
        admin = as_("kanri")
        page = text(admin.get(PAGE + "?channel=event"))
        assert "お知らせがあります（stage.sent_back）" in page
        given = {"act": "resend", "channel": "event", "ids": ids(page)}
        assert "1件を再送します" in text(admin.post(PAGE, given, follow=True))
        assert Untold.objects.get().state == "queued"

    def test_at_the_same_cost(self, as_):
        dead_events(30)
        admin = as_("kanri")
        with at_most(25):
            assert len(ids(text(admin.get(PAGE + "?channel=event")))) == 30
