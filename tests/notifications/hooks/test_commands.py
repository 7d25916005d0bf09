"""The administrator's acts on webhooks: every person, every state."""

import json
from datetime import timedelta

import pytest

from notifications.hooks.areas import AREAS
from notifications.hooks.commands import (
    change_webhook,
    register_webhook,
    renew_secret,
    start_webhook,
    stop_webhook,
)
from notifications.hooks.models import Webhook
from notifications.hooks.signing import secret_of
from tests.factories import NOON, user
from workflow.errors import Invalid, NotAllowed, Stale, Unmet
from workflow.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

OTHERS = ["joho-tanto", "joho-kacho", "jinji-tanto", "shicho", "iin-1", "kansa"]
GIVEN = {"name": "グループウェア", "url": "https://gw.example.lg.jp/in", "areas": ["stage"]}


@pytest.fixture(autouse=True)
def hosts(settings):
    settings.WEBHOOK_HOSTS = ["gw.example.lg.jp"]


@pytest.fixture
def kept():
    return register_webhook(**GIVEN, by=user("kanri"), at=NOON)


def acts(hook):
    return {
        "register": lambda by: register_webhook(**GIVEN | {"name": "別"}, by=by, at=NOON),
        "change": lambda by: change_webhook(webhook_id=hook.pk, **GIVEN, by=by, at=NOON),
        "renew": lambda by: renew_secret(webhook_id=hook.pk, by=by, at=NOON),
        "stop": lambda by: stop_webhook(webhook_id=hook.pk, by=by, at=NOON),
        "start": lambda by: start_webhook(webhook_id=hook.pk, by=by, at=NOON),
    }


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("act", ["register", "change", "renew", "stop", "start"])
def test_nobody_but_the_administrator(kept, name, act):
    before = AuditEntry.objects.count(), Webhook.objects.values().get()
    with pytest.raises(NotAllowed):
        acts(kept)[act](user(name))
    assert (AuditEntry.objects.count(), Webhook.objects.values().get()) == before


@pytest.mark.parametrize(
    "act, active, verb",
    [
        ("register", True, "webhook.registered"),
        ("change", True, "webhook.changed"),
        ("change", False, "webhook.changed"),
        ("renew", True, "webhook.secret_renewed"),
        ("renew", False, "webhook.secret_renewed"),
        ("stop", True, "webhook.stopped"),
        ("stop", False, None),
        ("start", True, None),
        ("start", False, "webhook.started"),
    ],
)
def test_every_act_in_every_state(kept, act, active, verb):
    if not active:
        stop_webhook(webhook_id=kept.pk, by=user("kanri"), at=NOON)
    before = AuditEntry.objects.count()
    if verb is None:
        with pytest.raises(Unmet):
            acts(kept)[act](user("kanri"))
        assert AuditEntry.objects.count() == before
        return
    hook = acts(kept)[act](user("kanri"))
    entry = AuditEntry.objects.get(subject=hook.key, seq=hook.chain_length)
    assert (entry.verb, entry.by) == (verb, user("kanri"))
    assert Webhook.objects.get(pk=hook.pk).chain_head == entry.hash


@pytest.mark.parametrize(
    "field, value",
    [
        ("name", " "),
        ("name", "グループウェア"),
        ("url", "http://gw.example.lg.jp/in"),
        ("url", "https://gw.example.lg.jp:8443/in"),
        ("url", "https://gw.example.lg.jp.example.com/in"),
        ("url", "https://gw.example.lg.jp@example.com/in"),
        ("url", "https://169.254.169.254/latest"),
        ("url", "javascript:alert(1)"),
        ("url", ""),
        ("areas", []),
        ("areas", ["stage", "secret"]),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(kept, untouched, field, value):
    given = GIVEN | {"name": "別"} | {field: value}
    with pytest.raises(Invalid) as refused:
        register_webhook(**given, by=user("kanri"), at=NOON)
    assert refused.value.field == field
    assert Webhook.objects.count() == 1


def test_changing_keeps_the_secret_and_renewing_changes_it(kept):
    first = secret_of(kept.salt)
    changed = change_webhook(webhook_id=kept.pk, **GIVEN, by=user("kanri"), at=NOON)
    assert secret_of(changed.salt) == first
    renewed = renew_secret(webhook_id=kept.pk, by=user("kanri"), at=NOON)
    assert secret_of(renewed.salt) != first


def test_for_a_day_the_former_secret_signs_too_unless_it_is_renewed_twice(kept):
    first = kept.salt
    renewed = renew_secret(webhook_id=kept.pk, by=user("kanri"), at=NOON)
    assert renewed.salts(NOON) == [renewed.salt, first]
    assert renewed.salts(NOON + timedelta(days=1)) == [renewed.salt]
    again = renew_secret(webhook_id=kept.pk, by=user("kanri"), at=NOON)
    assert again.salts(NOON) == [again.salt, renewed.salt]


def test_a_page_from_before_acts_on_nothing(kept, untouched):
    for act in (change_webhook, renew_secret):
        given = GIVEN if act is change_webhook else {}
        with pytest.raises(Stale):
            act(webhook_id=kept.pk, seen=0, **given, by=user("kanri"), at=NOON)


def test_neither_the_database_nor_the_trail_holds_the_secret(kept):
    secret = secret_of(kept.salt).removeprefix("whsec_")
    told = json.dumps(list(Webhook.objects.values()), default=str)
    told += "".join(AuditEntry.objects.values_list("body", flat=True))
    assert secret not in told


def test_every_kind_that_is_told_falls_into_an_area():
    from notifications.catalog import CATALOG

    assert {kind.partition(".")[0] for kind in CATALOG} == AREAS.keys()
