"""From the outbox to another system: once, signed, tried again, and in nobody's way."""

import json
import sys
from datetime import date, timedelta
from itertools import count

import pytest
from django.core import mail

from notifications import dispatch as mails
from notifications import tasks
from notifications.dispatch import fan_out
from notifications.hooks import dispatch, posting
from notifications.hooks.commands import (
    change_webhook,
    register_webhook,
    start_webhook,
    stop_webhook,
)
from notifications.hooks.dispatch import send_hooks
from notifications.hooks.models import HookDelivery
from notifications.hooks.signing import secret_of
from notifications.hooks.tasks import send
from tests.counting import at_most
from tests.factories import NOON, request_to, section, user
from tests.notifications.factories import event
from tests.notifications.hooks import receiver as does
from tests.notifications.hooks.test_signing import verifies
from workflow.models import OutboxEvent, TaskRun

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

LATER = NOON + timedelta(days=1)


def told(*kinds, **asked):
    made = [event(kind, **asked) for kind in kinds or ["stage.opened"]]
    fan_out(at=NOON)
    return made


def rows():
    found = HookDelivery.objects.order_by("pk")
    return [(row.state, row.attempts, row.error) for row in found]


def test_only_the_areas_that_it_asked_for(hook):
    told("stage.opened", "signoff.decided", "deadline.passed")
    kinds = HookDelivery.objects.values_list("event__kind", flat=True)
    assert set(kinds) == {"stage.opened", "deadline.passed"}


def test_what_is_told(hook, receiver, settings):
    settings.BASE_URL = "https://kaitei.example.lg.jp"
    asked = {"due_on": "2026-12-04", "days_left": 3, "reason": "秘密の理由"}
    (made,) = told("deadline.reminded", to=[section("joho").group], by="joho-tanto", **asked)
    assert send_hooks(at=NOON) == 1
    ((headers, body),) = receiver.got
    assert json.loads(body) == {
        "id": f"msg_{made.pk}_{made.entry.hash[:16]}",
        "kind": "deadline.reminded",
        "at": "2026-11-24T03:00:00+00:00",
        "happened": "期限が近づいています（あと3開庁日）",
        "title": "情報化推進計画",
        "link": "https://kaitei.example.lg.jp/revisions/1/",
        "due_on": "2026-12-04",
        "to": ["情報システム課"],
    }
    assert headers["webhook-id"] == json.loads(body)["id"]
    assert verifies(headers, body, secret_of(hook.salt))
    assert rows() == [("sent", 0, "")]


def test_a_turn_to_sign_has_its_day(hook, receiver):
    change_webhook(
        webhook_id=hook.pk,
        name=hook.name,
        url=hook.url,
        areas=["signoff"],
        by=user("kanri"),
        at=NOON,
    )
    for code in ("joho-kacho", "koho-kacho"):
        request_to(code, asked_for_on=date(2026, 11, 27))
    request_to("jinji-kacho")
    fan_out(at=NOON)
    assert send_hooks(at=NOON) == 3
    days = [json.loads(body)["due_on"] for _headers, body in receiver.got]
    assert days == ["2026-11-27", "2026-11-27", None]


def test_no_person_is_named(hook, receiver):
    shicho = user("shicho")
    told(users=[shicho.pk], to=[section("joho").group], by="joho-tanto")
    send_hooks(at=NOON)
    ((_headers, body),) = receiver.got
    for person in (shicho, user("joho-tanto")):
        assert person.name not in body.decode()
        assert person.username not in body.decode()
        assert person.email not in body.decode()


def test_each_event_once_to_each(hook, receiver):
    register_webhook(name="掲示板", url=receiver.url, areas=["stage"], by=user("kanri"), at=NOON)
    told()
    OutboxEvent.objects.update(fanned_out_at=None)  # as if the process had died before this
    told()
    assert HookDelivery.objects.count() == 4
    assert send_hooks(at=NOON) == 4
    assert send_hooks(at=LATER) == 0
    ids = [headers["webhook-id"] for headers, _body in receiver.got]
    assert sorted(ids.count(i) for i in set(ids)) == [2, 2]


@pytest.mark.parametrize(
    "answer, error",
    [
        (b"HTTP/1.1 500 No\r\n\r\n", "status_500"),
        (b"HTTP/1.1 301 No\r\nLocation: http://127.0.0.1/\r\n\r\n", "status_301"),
        (does.hangs, "timeout"),
        (does.drops, "dropped"),
    ],
)
def test_what_fails_is_sent_again_with_the_same_id_and_a_new_time(hook, receiver, answer, error):
    receiver.answer = answer
    told()
    assert send_hooks(at=NOON) == 0
    assert rows() == [("retrying", 1, error)]
    assert send_hooks(at=NOON + timedelta(seconds=40)) == 0  # its pause is not over
    receiver.answer = does.OK
    assert send_hooks(at=LATER) == 1
    (first, _), (last, body) = receiver.got
    assert first["webhook-id"] == last["webhook-id"]
    assert first["webhook-timestamp"] != last["webhook-timestamp"]
    assert verifies(last, body, secret_of(hook.salt))
    assert rows() == [("sent", 1, "")]


def test_given_up_after_eight_attempts_with_growing_and_spread_pauses(hook, receiver):
    receiver.answer = b"HTTP/1.1 500 No\r\n\r\n"
    told("stage.opened", "stage.concluded")
    at, waits = NOON, []
    first, second = HookDelivery.objects.order_by("pk")
    for _ in range(mails.ATTEMPTS):
        HookDelivery.objects.exclude(pk=first.pk).update(next_at=None)
        send_hooks(at=at)
        first = HookDelivery.objects.get(pk=first.pk)
        if first.next_at:
            waits.append(first.next_at - at)
            at = first.next_at
    assert (first.state, first.attempts, first.given_up_at) == ("dead", 8, at)
    assert first.error == "status_500"
    assert waits == sorted(waits)
    assert timedelta(hours=12) < sum(waits, timedelta()) < timedelta(hours=24)
    assert mails.pause(3, seed=first.pk) != mails.pause(3, seed=second.pk)


def test_what_could_not_be_reached_is_asked_once_a_batch_and_left_alone_for_a_minute(
    hook, receiver
):
    receiver.answer = does.hangs
    told(*["stage.opened"] * 5)
    send_hooks(at=NOON)
    assert len(receiver.got) == 1
    assert sorted(row[1] for row in rows()) == [0, 0, 0, 0, 1]
    receiver.answer = does.OK
    assert send_hooks(at=NOON + timedelta(seconds=30)) == 0
    assert send_hooks(at=NOON + timedelta(minutes=2)) == 5


def test_one_that_hangs_keeps_nothing_from_the_next(hook, receiver, settings):
    with does.listening() as other:
        settings.WEBHOOK_HOSTS = [receiver.origin, other.origin]
        register_webhook(name="掲示板", url=other.url, areas=["stage"], by=user("kanri"), at=NOON)
        receiver.answer = does.hangs
        told(*["stage.opened"] * 3)
        assert send_hooks(at=NOON) == 3
    assert len(other.got) == 3


def test_a_slow_one_has_its_seconds_and_no_more(hook, receiver, monkeypatch):
    told(*["stage.opened"] * 6)
    with monkeypatch.context() as patch:
        patch.setattr(dispatch, "monotonic", count(step=dispatch.BUDGET / 2.5).__next__)
        assert send_hooks(at=NOON) == 2
    assert send_hooks(at=NOON) == 4  # the rest waits for no lease


@pytest.mark.parametrize("answer", [does.hangs, does.drops, b"HTTP/1.1 500 No\r\n\r\n"])
def test_mails_and_notices_do_not_wait_for_it(hook, receiver, answer):
    receiver.answer = answer
    event(to=[section("joho").group])
    tasks.drain()
    assert len(mail.outbox) == 2
    assert receiver.got == []
    send()
    assert len(receiver.got) == 1


def test_the_task_notes_its_run(hook):
    told()
    send(sent_by_a_newer_release={})
    run = TaskRun.objects.get(name="hooks.send")
    assert (run.handled, run.error) == (1, "")
    assert run.finished_at >= run.started_at


def test_stopped_nothing_goes_out_until_it_is_started_again(hook, receiver):
    told()
    stop_webhook(webhook_id=hook.pk, by=user("kanri"), at=NOON)
    told()
    assert send_hooks(at=NOON) == 0
    assert receiver.got == []
    start_webhook(webhook_id=hook.pk, by=user("kanri"), at=NOON)
    assert send_hooks(at=NOON) == 1
    assert HookDelivery.objects.count() == 1


def test_what_waits_goes_to_the_new_address(hook, receiver):
    told()
    change_webhook(
        webhook_id=hook.pk,
        name=hook.name,
        url=receiver.origin + "/new",
        areas=hook.areas,
        by=user("kanri"),
        at=NOON,
    )
    assert send_hooks(at=NOON) == 1
    assert receiver.got[0][0][""].startswith("POST /new ")


def test_switched_off_nothing_is_kept_and_nothing_asked(hook, receiver, settings):
    told()
    settings.WEBHOOK_HOSTS = []
    told()
    assert HookDelivery.objects.count() == 1
    assert send_hooks(at=LATER) == 0
    assert receiver.got == []


def test_a_worker_that_died_before_it_wrote_the_outcome(hook, receiver, monkeypatch):
    told()
    with monkeypatch.context() as patch:
        patch.setattr(dispatch, "_settle", lambda *_: sys.exit())
        with pytest.raises(SystemExit):
            send_hooks(at=NOON)
    assert send_hooks(at=NOON + timedelta(seconds=30)) == 0
    assert send_hooks(at=NOON + dispatch.LEASE) == 0
    assert rows() == [("retrying", 1, "interrupted")]
    assert send_hooks(at=NOON + timedelta(minutes=5)) == 1
    first, again = (headers["webhook-id"] for headers, _body in receiver.got)
    assert first == again


@pytest.mark.parametrize("kills", ["message_of", "post"])
def test_a_message_that_kills_its_worker_is_given_up_and_keeps_back_no_other(
    hook, receiver, monkeypatch, kills
):
    bad, _good = told("stage.opened", "stage.opened")
    usual = dispatch.message_of
    poison = usual(bad, {}, {})

    def deadly(first, second, *rest):
        if bad in (first, second) or poison in (first, second):
            sys.exit()
        return {"message_of": usual, "post": posting.post}[kills](first, second, *rest)

    monkeypatch.setattr(dispatch, kills, deadly)
    at = NOON
    for _ in range(mails.ATTEMPTS):
        with pytest.raises(SystemExit):
            send_hooks(at=at)
        send_hooks(at=at + dispatch.LEASE)
        at += timedelta(days=1)
    assert send_hooks(at=at) == 0
    assert len(receiver.got) == 1
    assert rows() == [("dead", mails.ATTEMPTS, "interrupted"), ("sent", 0, "")]


def test_a_message_that_cannot_be_made_keeps_back_no_other(hook, receiver):
    bad, _good = told("stage.opened", "stage.opened")
    OutboxEvent.objects.filter(pk=bad.pk).update(facts=["broken"])
    assert send_hooks(at=NOON) == 1
    assert [row[:2] for row in rows()] == [("retrying", 1), ("sent", 0)]


def test_statements_do_not_grow_with_messages(hook, receiver):
    told(*["stage.opened"] * 20)
    with at_most(4):
        assert len(dispatch._lease(NOON, 100)) == 20
