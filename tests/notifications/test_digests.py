"""One mail a day of all that did not need to be told at once."""

import sys
from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from notifications import digests, dispatch, tasks
from notifications.catalog import notice_of
from notifications.channels import email, letter
from notifications.commands import read_notice
from notifications.digests import gather
from notifications.models import Delivery
from notifications.queries_mail import settled
from notifications.states import Way
from tests.counting import at_most
from tests.factories import NOON, request_to, section, user
from tests.notifications.factories import event, wish
from tests.workflow.deadline.factories import deadline
from workflow.deadline.calendar import TOKYO, in_tokyo
from workflow.deadline.commands import remind
from workflow.deadline.parts import extend, meet
from workflow.deadline.queries import Timetables
from workflow.ledger.command import command
from workflow.models import AuditEntry, ClosedDay, OutboxEvent
from workflow.signoff.commands import withdraw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

MORNING = datetime(2026, 11, 25, 9, tzinfo=TOKYO)
TOLD = {"joho-kacho@example.jp", "joho-tanto@example.jp"}


def tell(kind="stage.opened", **asked):
    """Something that can wait, told to both of joho."""
    made = event(kind, to=[section("joho").group], **asked)
    dispatch.fan_out(at=NOON)
    return made


def morning(at=MORNING):
    while gather(at=at):
        pass
    return dispatch.send_mails(at=at)


def states():
    rows = Delivery.objects.filter(channel="email")
    return sorted(rows.values_list("user__username", "state"))


def text_of(name):
    (found,) = (m for m in mail.outbox if m.to == [f"{name}@example.jp"])
    return found.body


def test_what_a_morning_reminds_of_is_in_that_days_mail():
    """By default: reminders go out before mails are gathered."""
    made = deadline(request_to("joho-kacho"), due_on=date(2026, 11, 27), at=NOON)
    at = Timetables().next_at(made, NOON)
    remind(deadline_ids=[made.pk], at=at)
    dispatch.fan_out(at=at)
    held = Delivery.objects.filter(channel="email", event__kind="deadline.reminded")
    (until,) = set(held.values_list("next_at", flat=True))
    assert in_tokyo(until) == in_tokyo(at)


def test_nothing_goes_before_its_moment():
    tell()
    assert morning(MORNING - timedelta(seconds=1)) == 0
    assert states() == [("joho-kacho", "held"), ("joho-tanto", "held")]


def test_one_mail_of_all_that_waits():
    made = [tell(title=f"計画{n}") for n in range(3)]
    assert morning() == 2
    assert {m.to[0] for m in mail.outbox} == TOLD
    assert {state for _, state in states()} == {"sent"}
    for told in made:
        assert f"/notices/{told.pk}/" in text_of("joho-kacho")


def test_what_is_urgent_goes_at_once():
    tell("meeting.moved")
    assert dispatch.send_mails(at=NOON) == 2
    assert morning() == 0


def test_each_at_their_hour_and_who_wants_all_at_once_waits_for_none():
    wish("joho-kacho", Way.DIGEST, hour=16)
    wish("joho-tanto", Way.AT_ONCE)
    tell()
    assert dispatch.send_mails(at=NOON) == 1
    assert morning(NOON + timedelta(hours=3)) == 0
    assert morning(NOON + timedelta(hours=4)) == 1


def test_the_most_urgent_stands_first_and_days_left_are_of_today():
    tell("inquiry.compiled", title="遠い照会", due_on="2026-12-18")
    tell("inquiry.compiled", title="近い照会", due_on="2026-11-27")
    tell("meeting.closed", title="会議")
    tell("deadline.reminded", title="きょうの期限", due_on="2026-11-26", days_left=9)
    assert morning(MORNING + timedelta(days=1)) == 2
    text = text_of("joho-tanto")
    heads = [line for line in text.splitlines() if line.startswith("■")]
    assert heads == ["■ 今日まで（1件）", "■ まもなく期限（1件）", "■ そのほか（2件）"]
    places = [text.index(t) for t in ("きょうの期限", "近い照会", "会議", "遠い照会")]
    assert places == sorted(places)
    assert "期限が近づいています（今日まで）" in text
    assert mail.outbox[0].subject == (
        "改定のお知らせ4件（今日まで1件、まもなく期限1件、そのほか2件）"
    )


def test_a_digest_of_one_is_titled_by_what_it_tells():
    tell("inquiry.compiled", title="遠い照会", due_on="2026-12-18")
    assert morning() == 2
    assert {m.subject.partition("：")[2] for m in mail.outbox} == {"遠い照会"}
    assert "■" not in text_of("joho-tanto")


def test_what_was_read_on_screen_is_left_out_and_of_nothing_there_is_no_mail():
    first, second = tell(title="一つ目"), tell(title="二つ目")
    read_notice(event_id=first.pk, by=user("joho-tanto"), at=NOON)
    for told in (first, second):
        read_notice(event_id=told.pk, by=user("joho-kacho"), at=NOON)
    assert morning() == 1
    assert "一つ目" not in text_of("joho-tanto")
    assert "二つ目" in text_of("joho-tanto")
    assert [state for name, state in states() if name == "joho-kacho"] == ["dropped", "dropped"]


@pytest.mark.parametrize("left", [{"is_active": False}, {"email": ""}])
def test_who_is_gone_gets_none(left):
    tell()
    type(user("kanri")).objects.filter(username="joho-kacho").update(**left)
    assert morning() == 1
    assert mail.outbox[0].to == ["joho-tanto@example.jp"]


def test_one_a_day_although_the_hour_was_changed_after_it_went():
    tell(title="一つ目")
    assert morning() == 2
    tell(title="二つ目")
    Delivery.objects.filter(state="held").update(next_at=MORNING + timedelta(hours=2))
    assert morning(MORNING + timedelta(hours=2)) == 0
    assert {d.next_at for d in Delivery.objects.filter(state="held")} == {
        MORNING + timedelta(days=1)
    }
    assert morning(MORNING + timedelta(days=1)) == 2


def test_the_database_lets_nobody_have_two():
    tell()
    morning()
    leader = Delivery.objects.filter(digest_on=MORNING.date()).first()
    other = Delivery.objects.filter(channel="app", user=leader.user).first()
    other.digest_on = leader.digest_on
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()


@pytest.mark.parametrize("late", [timedelta(hours=12), timedelta(days=1)])
def test_a_worker_that_was_down_sends_none_at_night_nor_on_a_closed_day(late):
    ClosedDay.objects.create(day=MORNING.date() + timedelta(days=1), name="創立記念日")
    tell()
    assert morning(MORNING + late) == 0
    assert morning(MORNING + timedelta(days=2)) == 2


def test_a_worker_that_died_leaves_one_mail_that_comes_again_the_same(monkeypatch):
    tell(title="一つ目")
    tell(title="二つ目")
    with monkeypatch.context() as patch:
        patch.setattr(dispatch, "_settle", lambda *_: sys.exit())
        with pytest.raises(SystemExit):
            morning()
    tell(title="三つ目")
    assert morning(MORNING + dispatch.LEASE) == 0
    assert morning(MORNING + timedelta(hours=1)) == 1
    by_id = {}
    for message in mail.outbox:
        by_id.setdefault(message.extra_headers["Message-ID"], []).append(message.body)
    assert sorted(len(same) for same in by_id.values()) == [1, 2]
    assert all(len(set(same)) == 1 for same in by_id.values())
    assert not any("三つ目" in message.body for message in mail.outbox)
    assert {state for _, state in states()} == {"sent", "held"}


def test_given_up_with_all_that_it_told(monkeypatch):
    monkeypatch.setattr(dispatch, "ATTEMPTS", 1)
    monkeypatch.setattr(email, "message_of", broken)
    tell()
    tell()
    assert morning() == 0
    assert {state for _, state in states()} == {"dead"}
    assert set(Delivery.objects.filter(channel="email").values_list("attempts", flat=True)) == {1}


def test_an_event_without_words_keeps_back_no_other(monkeypatch):
    bad = tell(title="壊れたもの")

    def words(made, **now):
        return notice_of(made, **now) if made.pk != bad.pk else broken()

    monkeypatch.setattr(letter, "notice_of", words)
    tell(title="ほかのもの")
    assert morning() == 2
    assert "お知らせがあります" in text_of("joho-kacho")
    assert f"/notices/{bad.pk}/" in text_of("joho-kacho")
    assert "ほかのもの" in text_of("joho-kacho")


def broken(*_, **__):
    raise ValueError("no words")


def test_a_person_whose_digest_cannot_be_made_keeps_back_no_other(monkeypatch, caplog):
    tell()
    chief = user("joho-kacho")
    lead = digests._lead

    def unless_theirs(rows, at):
        return broken() if rows[0].user_id == chief.pk else lead(rows, at)

    monkeypatch.setattr(digests, "_lead", unless_theirs)
    assert morning() == 1
    assert [m.to for m in mail.outbox] == [["joho-tanto@example.jp"]]
    assert caplog.messages == [f"notifications.digest_failed: {chief.pk}"]
    assert gather(at=MORNING) == 0
    monkeypatch.undo()
    assert morning(MORNING + digests.PAUSE) == 1


def test_statements_do_not_grow_with_what_waits():
    def made(count):
        for _ in range(count):
            tell()
        with at_most(15):
            gather(at=MORNING)

    made(2)
    Delivery.objects.update(digest_on=None)
    made(40)


def test_the_task_does_all_of_it():
    tell()
    Delivery.objects.filter(state="held").update(next_at=NOON)
    tasks.drain()
    assert {m.to[0] for m in mail.outbox} == TOLD


class TestSettled:
    @command
    def act(self, do, *args, **kwargs):
        do(*args, by=user("joho-tanto"), at=NOON, **kwargs)

    @pytest.fixture
    def asked(self):
        return request_to("joho-kacho")

    def reminder(self, asked):
        made = deadline(asked, MORNING.date() + timedelta(days=5), at=NOON)
        remind(deadline_ids=[made.pk], at=made.next_at)
        return OutboxEvent.objects.select_related("entry").get(kind="deadline.reminded")

    def test_a_reminder_stands_until_its_deadline_is_met(self, asked):
        told = self.reminder(asked)
        assert settled([told]) == set()
        self.act(meet, asked, "answer")
        assert settled([told]) == {told.pk}

    def test_a_reminder_of_another_day_than_is_due_now(self, asked):
        told = self.reminder(asked)
        self.act(extend, asked, "answer", due_on=MORNING.date() + timedelta(days=20))
        assert settled([told]) == {told.pk}

    def test_a_turn_stands_while_the_request_circulates(self, asked):
        entry = AuditEntry.objects.filter(subject=asked.key).latest("seq")
        told = OutboxEvent(pk=1, kind="signoff.circulated", entry=entry, facts={"act": "sign"})
        assert settled([told]) == set()
        withdraw(request_id=asked.pk, by=user("joho-tanto"), at=NOON, reason="取りやめ")
        assert settled([told]) == {1}
