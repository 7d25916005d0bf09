"""Whether it keeps its time: every task, every queue, and what the broker says."""

import json
import socket
import time
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from celery import current_app
from django.conf import settings
from django.core.management import CommandError, call_command

from notifications.digests import gather
from notifications.dispatch import fan_out
from notifications.hooks.commands import register_webhook
from notifications.models import Delivery, HookDelivery
from notifications.operations import queries
from notifications.operations.queries import Task, state_at
from notifications.operations.reading import TASKS, failing_row, in_time, lag_row, rows_of, task_row
from notifications.undelivered.commands import withdraw
from notifications.undelivered.states import Channel
from tests.counting import at_most
from tests.factories import NOON, request_to, section, user
from tests.notifications.factories import broken, event, mend
from tests.notifications.undelivered.letters import dead_events, dead_mails, fail
from tests.workflow.deadline.factories import DUE_LONG_AGO, LONG_BEFORE, deadline
from workflow.deadline.commands import put_off
from workflow.models import Deadline, TaskRun
from workflow.outbox.heartbeat import ran

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

SECOND, MINUTE, HOUR, DAY = (
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
)
PAGE = "/administration/operations/"


@pytest.fixture
def all_well(monkeypatch):
    """Every task has just run, and the broker's queue is this test's own."""
    monkeypatch.setitem(current_app.conf, "task_default_queue", f"queue-{uuid4()}")
    for name in settings.CELERY_BEAT_SCHEDULE:
        with ran(name, lambda: NOON):
            pass


def run(**held):
    return TaskRun(**{"started_at": NOON, "finished_at": NOON} | held)


@pytest.mark.parametrize(
    "every, held, after, word",
    [
        (5, None, MINUTE, "一度も動いていません"),
        (300, None, MINUTE, "まだ動いていません"),
        (86_400, None, MINUTE, "まだ動いていません"),
        (5, {}, 35 * SECOND, "正常"),
        (5, {}, 36 * SECOND, "遅れています"),
        (5, {"finished_at": None}, 5 * MINUTE, "動いています"),
        (5, {"finished_at": None}, 6 * MINUTE, "遅れています"),
        (60, {}, 3 * MINUTE, "正常"),
        (60, {}, 3 * MINUTE + SECOND, "遅れています"),
        (300, {}, 10 * MINUTE, "正常"),
        (300, {}, 11 * MINUTE, "遅れています"),
        (86_400, {}, 25 * HOUR, "正常"),
        (86_400, {}, 26 * HOUR, "遅れています"),
        (5, {"error": "OSError: x"}, 5 * SECOND, "失敗しました"),
        (86_400, {"finished_at": None}, HOUR, "動いています"),
        (86_400, {"finished_at": None}, 2 * HOUR, "終わっていません"),
    ],
)
def test_how_a_task_stands(every, held, after, word):
    last = None if held is None else run(**held)
    task = Task("x", timedelta(seconds=every), last, NOON + after)
    row = task_row(task, "起動してください。")
    assert row.word == word
    assert task.is_well == (row.tone != "bad")
    assert bool(row.mend) == (row.word not in ("正常", "動いています"))


def test_every_periodic_task_has_its_name():
    assert TASKS.keys() == settings.CELERY_BEAT_SCHEDULE.keys()


def test_all_is_well(all_well):
    state = state_at(NOON + 30 * SECOND)
    assert state.is_well
    assert state.queued == 0
    assert {lag.name: lag.count for lag in state.lags} == {
        "outbox": 0,
        "deadlines": 0,
        "mails": 0,
        "webhooks": 0,
    }


def lags(at):
    return {lag.name: (lag.count, lag.age, lag.is_well) for lag in state_at(at).lags}


def test_what_waits_and_since_when():
    event(to=[section("joho").group])
    assert lags(NOON + 2 * MINUTE)["outbox"] == (1, 2 * MINUTE, True)
    assert lags(NOON + 3 * MINUTE)["outbox"] == (1, 3 * MINUTE, False)
    fan_out(at=NOON)
    assert lags(NOON + 15 * MINUTE)["outbox"] == (0, timedelta(), True)
    assert lags(NOON + 15 * MINUTE)["mails"] == (2, 15 * MINUTE, True)
    assert lags(NOON + 16 * MINUTE)["mails"] == (2, 16 * MINUTE, False)


def test_a_deadline_that_nobody_has_swept():
    made = deadline(request_to("joho-kacho"), DUE_LONG_AGO, at=LONG_BEFORE)
    at = made.next_at
    assert lags(at + 5 * MINUTE)["deadlines"] == (1, 5 * MINUTE, True)
    assert lags(at + 6 * MINUTE)["deadlines"] == (1, 6 * MINUTE, False)
    late = next(lag for lag in state_at(at + DAY).lags if lag.name == "deadlines")
    assert (lag_row(late).word, lag_row(late).age) == ("遅れています", "1日")


def failing_mails(*names):
    """Who is told of an event and whose mails have failed once each."""
    event(users=[user(name).pk for name in names])
    fan_out(at=NOON)
    for row in Delivery.objects.filter(channel="email", state="queued"):
        row.retry(next_at=NOON + HOUR, error="ConnectionRefusedError: 111")
        row.save()


def failing(name="mails"):
    return next(found for found in state_at(NOON).failing if found.name == name)


def test_mails_that_fail_do_not_hide_behind_their_next_try(all_well):
    failing_mails("joho-kacho", "joho-tanto")
    assert (failing().count, failing().is_well, state_at(NOON).is_well) == (2, True, True)
    assert failing_row(failing()).word == "間をおいて再送"
    failing_mails("shicho")
    state = state_at(NOON)
    assert all(lag.is_well for lag in state.lags)
    assert not state.is_well
    assert (failing().count, failing().error) == (3, "ConnectionRefusedError: 111")
    assert "メールサーバーにつながりませんでした" in failing_row(failing()).mend


@pytest.mark.parametrize("failures, well", [(2, True), (3, False)])
def test_a_webhook_that_fails_again_and_again(all_well, settings, failures, well):
    settings.WEBHOOK_HOSTS = ["gw.example.lg.jp"]
    url = "https://gw.example.lg.jp/"
    register_webhook(name="掲示板", url=url, areas=["stage"], by=user("kanri"), at=NOON)
    event()
    fan_out(at=NOON)
    row = HookDelivery.objects.get()
    for _ in range(failures):
        row.retry(next_at=NOON + HOUR, error="status_500")
    row.save()
    assert failing("webhooks").is_well == state_at(NOON).is_well == well


class TestUntellable:
    """What waits for its next try, a day ahead, hides in no lag."""

    def test_a_deadline_says_how_often_why_and_how_to_look(self, all_well):
        made = deadline(request_to("joho-kacho"), DUE_LONG_AGO, at=LONG_BEFORE)
        for _ in range(11):
            put_off(deadline_id=made.pk, error="ZeroDivisionError", at=now_of(made))
        at = now_of(made) - HOUR
        assert lags(at)["deadlines"] == (0, timedelta(), True)
        assert not state_at(at).is_well
        found = failing("deadlines")
        assert (found.count, found.worst, found.attempts) == (1, made.pk, 11)
        row = failing_row(found)
        assert (row.name, row.tone, row.age) == ("知らせられない期限", "bad", "11回失敗")
        assert f"manage.py deadlines explain {made.pk} " in row.mend
        assert "ZeroDivisionError" in row.mend

    def test_an_event_until_it_is_told_or_withdrawn(self, all_well):
        poison = broken(section("joho").group)
        fan_out(at=NOON)
        at = NOON + MINUTE / 2
        assert lags(at)["outbox"] == (0, timedelta(), True)
        assert (failing("events").count, state_at(at).is_well) == (1, False)
        mend(poison)
        fan_out(at=NOON + 2 * MINUTE)
        assert (failing("events").count, state_at(at).is_well) == (0, True)

    def test_one_given_up_lies_among_what_was_not_delivered(self, all_well):
        rows = dead_events()
        assert state_at(NOON).dead["event"] == 1
        assert not state_at(NOON).is_well
        picked = {row.pk: row.stamp for row in rows}
        asked = {"picked": picked, "by": user("kanri"), "at": NOON}
        withdraw(channel=Channel.EVENT, reason="電話で伝えた", **asked)
        assert (state_at(NOON).dead["event"], state_at(NOON).is_well) == (0, True)


def now_of(made):
    return Deadline.objects.get(pk=made.pk).next_at


@pytest.mark.parametrize(
    "span, words",
    [
        (timedelta(), "0秒"),
        (timedelta(seconds=59), "59秒"),
        (timedelta(minutes=5, seconds=9), "5分"),
        (timedelta(hours=3, minutes=5), "3時間5分"),
        (timedelta(days=2, hours=3, minutes=4), "2日3時間"),
        (timedelta(days=2, minutes=4), "2日4分"),
    ],
)
def test_in_time(span, words):
    assert in_time(span) == words


@pytest.mark.parametrize("url", ["redis://127.0.0.1:{}/0", "amqp://127.0.0.1:{}//"])
@pytest.mark.parametrize("listening", [True, False])
def test_a_broker_that_does_not_say_is_not_waited_for(monkeypatch, all_well, url, listening):
    with socket.create_server(("127.0.0.1", 0), backlog=10) as silent:
        monkeypatch.setattr(
            current_app.conf, "broker_write_url", url.format(silent.getsockname()[1])
        )
        if not listening:
            silent.close()
        started = time.monotonic()
        state = state_at(NOON)
        assert time.monotonic() - started < queries.PATIENCE + 3
    assert state.queued is None
    assert state.is_well


@pytest.mark.parametrize(
    "queued, mend", [(0, "beatが止まっている"), (9, "workerが止まっている"), (None, "workerとbeat")]
)
def test_which_process_stands(monkeypatch, all_well, queued, mend):
    monkeypatch.setattr(queries, "length", lambda _patience: queued)
    tasks, _waiting = rows_of(state_at(NOON + 5 * MINUTE))
    mends = {row.mend for row in tasks if row.word == "遅れています"}
    assert len(mends) == 1
    assert mend in mends.pop()


def test_one_task_that_is_late_among_others_that_run_is_no_process_that_stands(all_well):
    TaskRun.objects.exclude(name="deadline.sweep").update(started_at=NOON + 5 * MINUTE)
    tasks, _waiting = rows_of(state_at(NOON + 5 * MINUTE))
    (late,) = [row for row in tasks if row.tone == "bad"]
    assert late.name == TASKS["deadline.sweep"]
    assert "workerとbeat" in late.mend


def test_statements_do_not_grow(all_well):
    event(to=[section("joho").group])
    failing_mails("joho-kacho")
    with at_most(16):
        state_at(NOON)


class TestPage:
    @pytest.fixture
    def admin(self, client):
        client.force_login(user("kanri"))
        return client

    def test_with_all_well_it_says_so(self, admin, all_well):
        page = admin.get(PAGE).content.decode()
        assert "すべて時間どおりに動いています。" in page
        assert "期限の見回りと督促" in page

    def test_what_is_late_is_said_first_with_what_to_do(self, admin, all_well):
        TaskRun.objects.filter(name="deadline.sweep").update(started_at=NOON - HOUR)
        page = admin.get(PAGE).content.decode()
        assert "期限の見回りと督促（遅れています）" in page
        assert "workerとbeatが動いているか" in page

    def test_what_was_given_up_leads_to_its_screen(self, admin, all_well):
        dead_mails()
        page = admin.get(PAGE).content.decode()
        assert "届かなかった通知：2件" in page
        assert 'href="/undelivered/"' in page

    @pytest.mark.parametrize("start", ["/", "/administration/"])
    def test_the_administrators_start_says_in_a_line_that_something_is_wrong(
        self, admin, all_well, start
    ):
        assert "うまく動いていない" not in admin.get(start).content.decode()
        TaskRun.objects.filter(name="deadline.sweep").update(started_at=NOON - HOUR)
        page = admin.get(start).content.decode()
        line = "うまく動いていないものがあります：期限の見回りと督促（遅れています）</p>"
        assert line in page
        assert f'href="{PAGE}"' in page.partition(line)[2]

    @pytest.mark.parametrize("name", ["joho-tanto", "shicho", "kansa"])
    def test_others_have_nothing_to_mend_there(self, client, name):
        client.force_login(user(name))
        assert "うまく動いていない" not in client.get("/").content.decode()

    @pytest.mark.parametrize("name", ["joho-tanto", "shicho", "kansa", "iin-1"])
    def test_nobody_else_gets_in(self, client, name):
        client.force_login(user(name))
        assert client.get(PAGE).status_code == 403


class TestCommand:
    def told(self, *args):
        out = StringIO()
        try:
            call_command("operations", *args, stdout=out)
        except CommandError as failed:
            return out.getvalue(), failed.returncode
        return out.getvalue(), 0

    def test_ends_with_0_when_all_is_well(self, all_well):
        text, status = self.told("--format", "json")
        told = json.loads(text)
        assert (status, told["ok"]) == (0, True)
        assert {task["name"] for task in told["tasks"]} == settings.CELERY_BEAT_SCHEDULE.keys()
        assert told["broker"] == {"queued": 0}
        assert told["undelivered"] == {"email": 0, "webhook": 0, "event": 0}
        assert told["wrong"] == []

    def test_ends_with_1_when_something_is_late(self, all_well):
        TaskRun.objects.filter(name="deadline.sweep").update(started_at=NOON - HOUR)
        text, status = self.told("--format", "json")
        (late,) = [task for task in json.loads(text)["tasks"] if not task["ok"]]
        assert (status, late["name"]) == (1, "deadline.sweep")
        assert late["started_at"] == "2026-11-24T02:00:00+00:00"
        (wrong,) = json.loads(text)["wrong"]
        assert wrong["what"] == "期限の見回りと督促（遅れています）"
        assert "workerとbeatが動いているか" in wrong["do"]
        said, _status = self.told()
        assert said.startswith(f"! {wrong['what']}\n  → {wrong['do']}\n")

    def test_in_words(self, all_well):
        dead_mails()
        text, _status = self.told()
        assert text.startswith("お知らせの配信\t正常\t前回 2026-11-24 12:00:00\n")
        assert "届かなかった通知\t2件" in text

    def test_a_digest_that_was_given_up_is_one_mail(self, all_well):
        for _ in range(3):
            event("stage.opened", users=[user("joho-kacho").pk])
        fan_out(at=NOON)
        gather(at=NOON + DAY)
        fail(Delivery, "SMTPDataError: (554, b'')", channel="email")
        text, _status = self.told()
        assert "届かなかった通知\t1件" in text
