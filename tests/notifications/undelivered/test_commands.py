"""Sent anew or withdrawn: who may, what of, and that it happens once."""

import json
from datetime import timedelta

import pytest
from django.core import mail

from notifications.digests import gather
from notifications.dispatch import fan_out, send_mails
from notifications.hooks.commands import register_webhook
from notifications.hooks.dispatch import send_hooks
from notifications.models import Delivery, HookDelivery, Untold
from notifications.undelivered.commands import resend, withdraw
from notifications.undelivered.queries import dead
from notifications.undelivered.states import Channel
from tests.counting import at_most
from tests.factories import NOON, section, user
from tests.notifications.factories import event
from tests.notifications.hooks.receiver import listening
from tests.notifications.undelivered.letters import (
    about,
    dead_events,
    dead_hooks,
    dead_mails,
    fail,
)
from tests.revisions.cycle import paths
from workflow.errors import Invalid, NotAllowed
from workflow.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

LATER = NOON + timedelta(hours=2)
REASON = "電話で伝えた"


def picked(rows):
    return {row.pk: row.stamp for row in rows}


def states():
    return sorted(Delivery.objects.filter(channel="email").values_list("state", flat=True))


def entries(verb):
    return list(AuditEntry.objects.filter(verb=verb).order_by("pk"))


def do(act, rows, by="kanri", channel=Channel.EMAIL, **words):
    return act(channel=channel, picked=picked(rows), by=user(by), at=LATER, **words)


def test_resend_sends_from_the_first_attempt_on_and_says_who_did_it():
    chief, clerk = dead_mails()
    assert do(resend, [chief]) == 1
    assert states() == ["dead", "queued"]
    again = Delivery.objects.get(pk=chief.pk)
    assert (again.attempts, again.next_at, again.given_up_at) == (0, LATER, None)
    (entry,) = entries("notifications.resent")
    assert (entry.by, entry.subject) == (user("kanri"), chief.user.key)
    facts = json.loads(entry.body)["facts"]
    assert facts == {"channel": "email", "events": [chief.event_id]}
    assert send_mails(at=LATER) == 1
    assert [message.to for message in mail.outbox] == [[chief.user.email]]
    assert clerk.user.key not in {entry.subject for entry in entries("notifications.resent")}


def test_withdraw_sends_nothing_more_and_keeps_the_reason():
    chief, clerk = dead_mails()
    assert do(withdraw, [chief, clerk], reason=REASON) == 2
    assert states() == ["withdrawn", "withdrawn"]
    assert {json.loads(e.body)["reason"] for e in entries("notifications.withdrawn")} == {REASON}
    assert send_mails(at=LATER) == 0


def test_withdraw_asks_for_a_reason():
    rows = dead_mails()
    with pytest.raises(Invalid) as refused:
        do(withdraw, rows, reason=" ")
    assert refused.value.field == "reason"
    assert states() == ["dead", "dead"]


@pytest.mark.parametrize("first, words", [(resend, {}), (withdraw, {"reason": REASON})])
@pytest.mark.parametrize("again, more", [(resend, {}), (withdraw, {"reason": REASON})])
def test_what_is_done_is_not_done_again(first, words, again, more):
    rows = dead_mails()
    assert do(first, rows, **words) == 2
    before = AuditEntry.objects.count(), states()
    assert do(again, rows, **more) == 0
    assert (AuditEntry.objects.count(), states()) == before


def test_a_page_from_before_it_was_given_up_again_acts_on_nothing():
    rows = dead_mails()
    do(resend, rows)
    Delivery.objects.filter(channel="email").update(next_at=NOON)
    again = dead_mails(0)
    Delivery.objects.filter(pk=again[0].pk).update(given_up_at=LATER)
    assert do(withdraw, rows[:1], reason=REASON) == 0
    assert do(withdraw, list(Delivery.objects.filter(pk=again[0].pk)), reason=REASON) == 1


@pytest.mark.parametrize("name", ["joho-tanto", "koho-tanto", "shicho", "iin-1", "kansa"])
@pytest.mark.parametrize("act, words", [(resend, {}), (withdraw, {"reason": REASON})])
def test_nobody_who_steers_nothing(name, act, words):
    rows = dead_mails()
    before = AuditEntry.objects.count()
    with pytest.raises(NotAllowed):
        do(act, rows, by=name, **words)
    assert states() == ["dead", "dead"]
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("act, words", [(resend, {}), (withdraw, {"reason": REASON})])
def test_the_secretariat_acts_on_its_own_revisions_and_no_other(act, words):
    others = dead_mails()
    revision = paths.start()
    about(revision)
    mine = [row for row in dead_mails(0) if row.event.entry.within_key == revision.key]
    assert do(act, [*others, *mine], by="joho-tanto", **words) == len(mine) > 0
    assert set(Delivery.objects.filter(pk__in=picked(others)).values_list("state")) == {("dead",)}


def test_a_webhook_is_told_again_with_the_same_id(settings):
    with listening() as receiver:
        settings.WEBHOOK_HOSTS = [receiver.origin]
        given = {"name": "掲示板", "url": receiver.url, "areas": ["stage"]}
        hook = register_webhook(**given, by=user("kanri"), at=NOON)
        rows = dead_hooks(2)
        assert do(resend, rows[:1], channel=Channel.WEBHOOK) == 1
        assert do(withdraw, rows, channel=Channel.WEBHOOK, reason=REASON) == 1
        assert send_hooks(at=LATER) == 1
        assert len(receiver.got) == 1
    assert sorted(HookDelivery.objects.values_list("state", flat=True)) == ["sent", "withdrawn"]
    verbs = AuditEntry.objects.filter(subject=hook.key).values_list("verb", flat=True)
    assert list(verbs.order_by("seq"))[1:] == ["notifications.resent", "notifications.withdrawn"]


def test_one_entry_a_person_and_the_same_statements_for_many():
    rows = dead_mails(30)
    with at_most(8):
        assert do(resend, rows) == 60
    assert len(entries("notifications.resent")) == 2


def test_a_digest_is_one_row_and_is_sent_anew_with_all_that_it_tells():
    for n in range(3):
        event("stage.opened", to=[section("joho").group], title=f"件{n}")
    fan_out(at=NOON)
    tomorrow = NOON + timedelta(days=1)
    assert gather(at=tomorrow) == 2
    fail(Delivery, "SMTPDataError: (554, b'')", channel="email")
    lying = list(dead(user("kanri"), Channel.EMAIL))
    assert [row.followers.count() for row in lying] == [2, 2]
    later = tomorrow + timedelta(hours=1)
    assert resend(channel=Channel.EMAIL, picked=picked(lying), by=user("kanri"), at=later) == 2
    assert send_mails(at=later) == 2
    assert [message.body.count("件") >= 3 for message in mail.outbox] == [True, True]
    assert states() == ["sent"] * 6


class TestEvents:
    def test_sent_anew_everybody_is_told_once(self):
        first, second = dead_events(2)
        assert do(resend, [first], channel=Channel.EVENT) == 1
        assert fan_out(at=LATER) == 1
        assert Delivery.objects.filter(channel="app", event=first.event).count() == 3
        assert not Delivery.objects.filter(event=second.event).exists()
        assert sorted(Untold.objects.values_list("state", flat=True)) == ["dead", "sent"]
        assert do(resend, [first], channel=Channel.EVENT) == 0

    def test_who_did_it_stands_in_the_history_of_what_it_is_about(self):
        (row,) = dead_events()
        do(resend, [row], channel=Channel.EVENT)
        (entry,) = entries("notifications.resent")
        assert (entry.by, entry.within_key) == (user("kanri"), row.event.entry.within_key)
        assert json.loads(entry.body)["facts"] == {"channel": "event", "events": [row.event_id]}

    def test_withdrawn_nobody_is_told_any_more(self):
        rows = dead_events(2)
        assert do(withdraw, rows, channel=Channel.EVENT, reason=REASON) == 2
        assert fan_out(at=LATER + timedelta(days=1)) == 0
        assert not Delivery.objects.exists()
        assert {json.loads(e.body)["reason"] for e in entries("notifications.withdrawn")} == {
            REASON
        }

    @pytest.mark.parametrize("name", ["joho-tanto", "koho-tanto", "shicho", "iin-1", "kansa"])
    @pytest.mark.parametrize("act, words", [(resend, {}), (withdraw, {"reason": REASON})])
    def test_nobody_who_steers_nothing(self, name, act, words):
        rows = dead_events()
        before = AuditEntry.objects.count()
        with pytest.raises(NotAllowed):
            do(act, rows, by=name, channel=Channel.EVENT, **words)
        assert Untold.objects.get().state == "dead"
        assert AuditEntry.objects.count() == before
