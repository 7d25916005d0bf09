"""外部連携, as the administrator sees it."""

import re

import pytest

from notifications.hooks.commands import stop_webhook
from notifications.hooks.models import Webhook
from notifications.hooks.signing import secret_of
from tests.counting import at_most
from tests.factories import NOON, user
from tests.notifications.hooks import receiver as does
from workflow.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

LIST = "/administration/webhooks/"


@pytest.fixture
def admin(client):
    client.force_login(user("kanri"))
    return client


def text(response):
    return response.content.decode()


def test_switched_off_it_says_so_and_offers_nothing(admin):
    page = text(admin.get(LIST))
    assert "WEBHOOK_HOSTS" in page
    assert "いまは使えません" in page
    assert 'name="url"' not in page


def test_registering_shows_the_secret_once(admin, receiver):
    given = {"name": "グループウェア", "url": receiver.url, "areas": ["stage", "signoff"]}
    page = text(admin.post(LIST, given))
    hook = Webhook.objects.get()
    secret = secret_of(hook.salt)
    assert secret in page
    for path in (LIST, f"{LIST}{hook.pk}/"):
        assert secret not in text(admin.get(path))
    assert admin.post(LIST, given).status_code == 422  # the page sent again makes no second one
    assert Webhook.objects.count() == 1


def test_what_is_wrong_is_said_beside_the_field_with_what_was_typed(admin, receiver):
    given = {"name": "掲示板", "url": "https://elsewhere.example.com/", "areas": ["stage"]}
    response = admin.post(LIST, given)
    assert response.status_code == 422
    assert "elsewhere.example.com へは送れません" in text(response)
    assert 'value="https://elsewhere.example.com/"' in text(response)
    assert Webhook.objects.count() == 0


def test_renewing_shows_a_new_one_and_the_page_sent_again_does_nothing(admin, hook):
    page = text(admin.get(f"{LIST}{hook.pk}/"))
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    first = text(admin.post(f"{LIST}{hook.pk}/secret/", {"seen": seen}))
    renewed = Webhook.objects.get()
    assert renewed.salt != hook.salt
    assert secret_of(renewed.salt) in first
    assert admin.post(f"{LIST}{hook.pk}/secret/", {"seen": seen}).status_code == 409
    assert admin.post(f"{LIST}{hook.pk}/secret/", {}).status_code == 409
    assert Webhook.objects.get().salt == renewed.salt


def test_changing_stopping_and_starting(admin, hook, receiver):
    path = f"{LIST}{hook.pk}/"
    given = {"name": "掲示板", "url": receiver.origin, "areas": ["plan"], "seen": hook.chain_length}
    assert admin.post(path, given).status_code == 303
    assert admin.post(path, given).status_code == 409
    kept = Webhook.objects.get()
    assert (kept.name, kept.areas) == ("掲示板", ["plan"])
    assert admin.post(path + "stop/").status_code == 303
    assert "止めています" in text(admin.get(path))
    assert admin.post(path + "stop/").status_code == 409
    assert admin.post(path + "start/").status_code == 303
    assert "外部連携を再開しました" in text(admin.get(path))


@pytest.mark.parametrize(
    "answer, words",
    [
        (does.OK, "試し送信は成功しました"),
        (b"HTTP/1.1 500 No\r\n\r\n", "送り先が受け付けませんでした（500）"),
        (b"HTTP/1.1 302 No\r\n\r\n", "送り先が別のURLを案内しました（302）"),
        (b"HTTP/1.1 401 No\r\n\r\n", "秘密鍵が合っているか"),
        (b"220 mail.example.jp\r\n", "答えを読めませんでした"),
        (does.hangs, "時間内に答えませんでした"),
        (does.drops, "答える前に接続を切りました"),
    ],
)
def test_the_outcome_of_a_trial_is_told_in_words(admin, hook, receiver, answer, words):
    receiver.answer = answer
    before = AuditEntry.objects.count()
    page = text(admin.post(f"{LIST}{hook.pk}/try/", follow=True))
    assert words in page
    assert AuditEntry.objects.count() == before
    assert '"kind": "webhook.tried"' in receiver.got[0][1].decode()


def test_one_that_is_stopped_can_be_tried(admin, hook, receiver):
    stop_webhook(webhook_id=hook.pk, by=user("kanri"), at=NOON)
    assert "成功しました" in text(admin.post(f"{LIST}{hook.pk}/try/", follow=True))


@pytest.mark.parametrize("name", ["joho-tanto", "joho-kacho", "shicho", "iin-1", "kansa"])
@pytest.mark.parametrize("act", ["", "secret/", "stop/", "start/", "try/"])
def test_nobody_else_gets_in(client, hook, receiver, name, act):
    client.force_login(user(name))
    assert client.post(f"{LIST}{hook.pk}/{act}", {"seen": 1}).status_code == 403
    assert receiver.got == []


def test_the_list_costs_the_same_for_many(admin, hook):
    with at_most(12):
        admin.get(LIST)
