import dataclasses
import email
import json
import sys
from datetime import datetime, timedelta
from email.header import decode_header, make_header
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import OperationalError

from notifications import dispatch, tasks, untold
from notifications.channels import email as channel
from notifications.commands import read_notice
from notifications.failures import in_words
from notifications.models import Delivery, Untold
from notifications.queries_mail import around
from notifications.states import Way
from tests.counting import at_most
from tests.factories import NOON, post, section, user
from tests.notifications.factories import broken, event, mend, wish
from workflow.deadline.calendar import TOKYO
from workflow.models import OutboxEvent, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

JOHO = {"joho-kacho", "joho-tanto"}
FRIDAY_NIGHT = datetime(2026, 11, 27, 22, tzinfo=TOKYO)
MONDAY_AT_EIGHT = datetime(2026, 11, 30, 8, tzinfo=TOKYO)


@pytest.fixture
def joho():
    return section("joho").group


@pytest.fixture
def server(monkeypatch):
    """A mail server in memory; `fail` maps an address to the exception that it raises.

    What stands under "after" is called when a mail was taken in.
    """
    fail: dict[str, Any] = {}
    original = EmailBackend.send_messages

    def send_messages(self, messages):
        for message in messages:
            if failure := fail.get(message.to[0]):
                raise failure
        taken = original(self, messages)
        fail.get("after", int)()
        return taken

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
    return fail


def told(channel="app"):
    return set(Delivery.objects.filter(channel=channel).values_list("user__username", flat=True))


def mailed():
    return {message.to[0].partition("@")[0] for message in mail.outbox}


class TestFanOut:
    def test_the_members_of_a_group_and_who_is_named(self, joho):
        event(to=[joho], users=[user("shicho").pk])
        assert dispatch.fan_out(at=NOON) == 1
        assert told() == told("email") == JOHO | {"shicho"}

    def test_not_the_person_who_did_it(self, joho):
        event(to=[joho], users=[user("joho-kacho").pk], by="joho-kacho")
        dispatch.fan_out(at=NOON)
        assert told() == told("email") == {"joho-tanto"}

    def test_once_although_in_two_groups(self, joho):
        event(to=[joho, post("joho-kacho").group], users=[user("joho-kacho").pk])
        dispatch.fan_out(at=NOON)
        assert Delivery.objects.filter(channel="app").count() == 2

    def test_nobody_who_has_gone(self, joho):
        User.objects.filter(username="joho-kacho").update(is_active=False)
        event(to=[joho], users=[user("joho-kacho").pk])
        dispatch.fan_out(at=NOON)
        assert told() == {"joho-tanto"}

    def test_no_mail_without_an_address_or_against_their_wish(self, joho):
        User.objects.filter(username="joho-kacho").update(email="")
        wish("joho-tanto", Way.APP)
        event(to=[joho])
        dispatch.fan_out(at=NOON)
        assert told() == JOHO
        assert told("email") == set()

    def test_an_event_for_nobody_is_done_with(self):
        event()
        assert dispatch.fan_out(at=NOON) == 1
        assert dispatch.fan_out(at=NOON) == 0

    def test_somebody_who_is_unknown_stops_nobody(self, joho):
        event(users=[0, 10**12])
        event(to=[joho])
        tasks.drain()
        assert told() == JOHO

    def test_an_event_that_cannot_be_told_keeps_back_no_other(self, joho):
        for _ in range(dispatch.EVENTS):
            broken(joho)
        good = event(to=[joho])
        assert dispatch.fan_out(at=NOON) == 1
        assert set(Delivery.objects.values_list("event", flat=True)) == {good.pk}
        assert OutboxEvent.objects.filter(fanned_out_at=None).count() == dispatch.EVENTS

    def test_it_is_tried_again_less_and_less_often_and_then_given_up(self, joho, caplog):
        poison, at, waits = broken(joho), NOON, []
        while not (lying := Untold.objects.filter(state="dead").first()):
            assert dispatch.fan_out(at=at) == 0
            if then := Untold.objects.get().next_at:
                assert dispatch.fan_out(at=then - timedelta(seconds=1)) == 0
                waits.append(then - at)
                at = then
        assert (lying.event, lying.attempts, lying.error) == (poison, 8, "AttributeError")
        assert waits == sorted(waits)
        assert timedelta(hours=12) < sum(waits, timedelta()) < timedelta(hours=24)
        assert dispatch.fan_out(at=at + timedelta(days=9)) == 0
        logged = [record.message for record in caplog.records]
        assert logged.count(f"notifications.event_failed: {poison.pk}") == 8
        assert logged[-1] == f"notifications.event_given_up: {poison.pk}"

    def test_once_it_is_mended_it_is_told_by_itself(self, joho):
        poison = broken(joho)
        dispatch.fan_out(at=NOON)
        mend(poison)
        assert dispatch.fan_out(at=NOON + timedelta(seconds=5)) == 0
        assert dispatch.fan_out(at=NOON + timedelta(minutes=2)) == 1
        assert (told(), Untold.objects.get().state) == (JOHO, "sent")

    def test_what_another_worker_has_written_is_not_written_again(self, joho):
        poison = broken(joho)
        untold.put_off(poison.pk, "ValueError", NOON)
        untold.put_off(poison.pk, "ValueError", NOON)
        assert Untold.objects.get().attempts == 1
        mend(poison)
        dispatch.fan_out(at=NOON + timedelta(hours=1))
        untold.put_off(poison.pk, "ValueError", NOON + timedelta(hours=1))
        assert Untold.objects.get().state == "sent"

    def test_a_database_that_fails_is_no_fault_of_an_event(self, joho, monkeypatch):
        def gone(*_):
            raise OperationalError("server closed the connection")

        event(to=[joho])
        monkeypatch.setattr(dispatch, "claim", gone)
        with pytest.raises(OperationalError):
            dispatch.fan_out(at=NOON)

    def test_statements_do_not_grow_with_people_or_events(self, joho):
        for _ in range(20):
            event(to=[joho, section("bunsho").group], users=[user("shicho").pk])
        with at_most(10):
            dispatch.fan_out(at=NOON)
        assert Delivery.objects.count() == 20 * 5 * 2


class TestMail:
    def send(self, *, at=NOON):
        dispatch.fan_out(at=at)
        return dispatch.send_mails(at=at)

    def test_says_what_by_when_and_why_me(self, joho, settings):
        settings.BASE_URL = "https://kaitei.example.lg.jp"
        asked = {"due_on": "2026-11-25", "days_left": 3}
        made = event("deadline.reminded", to=[joho], link="/answers/7/", **asked)
        assert self.send() == 2
        raw = email.message_from_bytes(mail.outbox[0].message().as_bytes())
        assert str(make_header(decode_header(raw["Subject"]))) == (
            "期限が近づいています（あと1開庁日）：情報化推進計画"
        )
        assert raw["Auto-Submitted"] == "auto-generated"
        text = raw.get_payload(0).get_payload(decode=True).decode()
        assert "令和8年11月25日(水)" in text
        assert "情報システム課あて" in text
        assert text.count("https://") == 1
        assert f"https://kaitei.example.lg.jp/notices/{made.pk}/" in text

    def test_a_repeat_has_the_same_message_id(self, joho):
        event(to=[joho])
        dispatch.fan_out(at=NOON)
        mails = dispatch._lease(NOON, 50)
        known = around(mails, NOON)
        first, again = (
            [m.extra_headers["Message-ID"] for m in (channel.message_of(d, known) for d in mails)]
            for _ in range(2)
        )
        assert first == again
        assert len(set(first)) == 2

    def test_what_was_sent_is_not_sent_again(self, joho):
        event(to=[joho])
        assert self.send() == 2
        assert self.send(at=NOON + timedelta(days=1)) == 0
        assert len(mail.outbox) == 2

    def test_leased_to_one_worker_at_a_time(self, joho):
        event(to=[joho])
        dispatch.fan_out(at=NOON)
        assert len(dispatch._lease(NOON, 50)) == 2
        assert dispatch._lease(NOON + timedelta(minutes=4), 50) == []
        assert len(dispatch._lease(NOON + dispatch.LEASE, 50)) == 2

    def test_a_worker_that_dies_repeats_the_one_mail_that_it_was_at(self, joho, server):
        """Killed when the server has taken the third in, before we have written so."""
        event(to=[joho])
        event(to=[joho])
        third = 3
        server["after"] = lambda: sys.exit() if len(mail.outbox) == third else None
        with pytest.raises(SystemExit):
            self.send()
        del server["after"]
        first = ids()
        assert dispatch.send_mails(at=NOON + dispatch.LEASE) == 1
        assert dispatch.send_mails(at=NOON + timedelta(hours=1)) == 1
        assert ids()[third:] == [ids()[3], first[2]]
        assert len(set(ids())) == 4
        assert Delivery.objects.filter(channel="email", state="sent").count() == 4
        assert dispatch.send_mails(at=NOON + timedelta(days=1)) == 0

    def test_a_mail_that_kills_its_worker_is_given_up_and_keeps_back_no_other(self, joho, server):
        server["joho-kacho@example.jp"] = SystemExit()
        event(to=[joho])
        with pytest.raises(SystemExit):
            self.send()
        event(users=[user("joho-tanto").pk])
        self.send(at=NOON + dispatch.LEASE)
        assert [message.to for message in mail.outbox] == [["joho-tanto@example.jp"]] * 2
        assert state_of("joho-kacho") == ("retrying", 1)
        with pytest.raises(SystemExit):
            dispatch.send_mails(at=NOON + timedelta(hours=1))
        assert dispatch.send_mails(at=NOON + timedelta(hours=2)) == 0
        dead = Delivery.objects.filter(state="dead")
        assert {(row.user.username, row.attempts, row.error) for row in dead} == {
            ("joho-kacho", 2, "interrupted")
        }
        assert "workerが止まりました" in in_words("interrupted")

    def test_a_process_that_slept_leaves_its_mails_to_who_took_them_over(self, joho, monkeypatch):
        event(to=[joho])
        dispatch.fan_out(at=NOON)
        lease, later = dispatch._lease, NOON + dispatch.LEASE

        def sleep(at, limit):
            leased = lease(at, limit)
            monkeypatch.undo()
            assert dispatch.send_mails(at=later) == 2
            return leased

        monkeypatch.setattr(dispatch, "_lease", sleep)
        assert dispatch.send_mails(at=NOON) == 0
        assert len(mail.outbox) == 2

    def test_one_that_took_too_long_settles_nothing(self, monkeypatch):
        event(users=[user("joho-kacho").pk])
        dispatch.fan_out(at=NOON)
        send, later = dispatch.Line.send, NOON + dispatch.LEASE

        def slowly(line, asked):
            monkeypatch.undo()
            assert dispatch.send_mails(at=later) == 0
            return dataclasses.replace(send(line, asked), error="SMTPDataError 554")

        monkeypatch.setattr(dispatch.Line, "send", slowly)
        dispatch.send_mails(at=NOON)
        assert state_of("joho-kacho") == ("retrying", 1)
        assert Delivery.objects.get(channel="email").error == "interrupted"

    def test_one_refused_address_is_given_up_and_does_not_keep_back_the_next(self, joho, server):
        server["joho-kacho@example.jp"] = refused(550, b"5.1.1 no such user")
        event(to=[joho])
        assert self.send() == 1
        assert mailed() == {"joho-tanto"}
        assert state_of("joho-kacho") == ("dead", 1)
        assert state_of("joho-tanto") == ("sent", 0)

    @pytest.mark.parametrize("answer", [(451, b"later"), (550, b"5.7.1 relaying denied")])
    def test_who_may_be_taken_later_is_tried_again(self, joho, server, answer):
        server["joho-kacho@example.jp"] = refused(*answer)
        event(to=[joho])
        assert self.send() == 1
        assert state_of("joho-kacho") == ("retrying", 1)

    def test_a_mail_that_breaks_the_connection_keeps_back_no_other(self, joho, server):
        server["joho-kacho@example.jp"] = SMTPServerDisconnected("Connection unexpectedly closed")
        event(to=[joho])
        assert self.send() == 1
        assert mailed() == {"joho-tanto"}
        assert state_of("joho-kacho") == ("retrying", 1)

    def test_what_there_was_no_time_for_waits_for_no_lease(self, joho, monkeypatch):
        event(to=[joho])
        with monkeypatch.context() as patch:
            patch.setattr(channel, "BUDGET", -1)
            assert self.send() == 0
        assert state_of("joho-kacho") == state_of("joho-tanto") == ("queued", 0)
        assert dispatch.send_mails(at=NOON) == 2

    def test_given_up_after_eight_attempts(self, joho, server):
        server["joho-kacho@example.jp"] = SMTPDataError(554, b"refused")
        event(to=[joho])
        at, waits = NOON, []
        for _ in range(dispatch.ATTEMPTS):
            self.send(at=at)
            delivery = Delivery.objects.get(channel="email", user=user("joho-kacho"))
            if delivery.next_at:
                waits.append(delivery.next_at - at)
                at = delivery.next_at
        assert (delivery.state, delivery.attempts, delivery.next_at) == ("dead", 8, None)
        assert "554" in delivery.error
        assert waits == sorted(waits)
        assert timedelta(hours=12) < sum(waits, timedelta()) < timedelta(days=3)
        assert told() == JOHO

    def test_at_night_and_on_closed_days_nothing_is_tried_again(self, joho, server):
        """Who acts on a Friday night has the mail sent at once; once it failed, it waits."""
        server["joho-kacho@example.jp"] = SMTPDataError(554, b"refused")
        event(to=[joho])
        assert self.send(at=FRIDAY_NIGHT) == 1
        assert next_try_of("joho-kacho") == MONDAY_AT_EIGHT
        assert self.send(at=MONDAY_AT_EIGHT - timedelta(minutes=1)) == 0
        self.send(at=MONDAY_AT_EIGHT)
        assert MONDAY_AT_EIGHT < next_try_of("joho-kacho") < MONDAY_AT_EIGHT + timedelta(minutes=5)

    def test_nor_is_what_waits_behind_a_server_that_is_gone(self, joho, monkeypatch):
        def gone(_server):
            raise ConnectionRefusedError

        event(to=[joho])
        with monkeypatch.context() as patch:
            patch.setattr(EmailBackend, "open", gone)
            assert self.send(at=FRIDAY_NIGHT) == 0
        tries = Delivery.objects.filter(channel="email").values_list("next_at", flat=True)
        assert list(tries) == [MONDAY_AT_EIGHT] * 2
        assert dispatch.send_mails(at=MONDAY_AT_EIGHT) == 2

    def test_who_changed_their_mind_meanwhile_is_not_mailed(self, joho):
        event(to=[joho])
        dispatch.fan_out(at=NOON)
        wish("joho-kacho", Way.APP)
        dispatch.send_mails(at=NOON)
        assert mailed() == {"joho-tanto"}
        assert state_of("joho-kacho") == ("dropped", 0)

    def test_who_has_read_it_on_screen_meanwhile_is_not_mailed(self, joho):
        made = event(to=[joho])
        dispatch.fan_out(at=NOON)
        read_notice(event_id=made.pk, by=user("joho-kacho"), at=NOON)
        dispatch.send_mails(at=NOON)
        assert mailed() == {"joho-tanto"}

    def test_an_address_that_cannot_be_one_stops_nobody(self, joho):
        User.objects.filter(username="joho-kacho").update(email="a\nBcc: all@example.jp")
        event(to=[joho])
        assert self.send() == 1
        assert mailed() == {"joho-tanto"}

    def test_statements_do_not_grow_with_mails(self, joho):
        def made():
            event(to=[section("joho").group, section("bunsho").group])
            dispatch.fan_out(at=NOON)
            with at_most(6):
                return len(dispatch._lease(NOON, 50))

        assert (made(), made()) == (4, 4)


def next_try_of(name):
    return Delivery.objects.get(channel="email", user=user(name)).next_at


def ids():
    return [message.extra_headers["Message-ID"] for message in mail.outbox]


def refused(code, said):
    return SMTPRecipientsRefused({"joho-kacho@example.jp": (code, said)})


def state_of(name):
    found = Delivery.objects.get(channel="email", user=user(name))
    return found.state, found.attempts


def test_the_broker_is_down_nothing_is_lost_and_all_is_told_when_drained(
    joho, settings, monkeypatch
):
    settings.OUTBOX_WAKE = True
    monkeypatch.setattr("workflow.outbox.queue._bell", Deaf())
    made = event(to=[joho])
    assert OutboxEvent.objects.get(fanned_out_at=None) == made
    tasks.drain(sent_by_a_newer_release=json.dumps({}))
    assert told() == mailed() == JOHO
    tasks.drain()
    assert Delivery.objects.count() == len(mail.outbox) * 2 == 4


class Deaf:
    def ring(self):
        raise OSError("connection refused")
