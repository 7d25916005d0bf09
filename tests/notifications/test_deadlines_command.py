"""`manage.py deadlines`: why somebody was or was not told."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from notifications.digests import gather
from notifications.dispatch import fan_out
from notifications.models import Delivery, Untold
from notifications.states import Way
from notifications.untold import put_off
from tests.factories import NOON, post, request_to, user
from tests.notifications.factories import event, wish
from tests.notifications.undelivered.letters import fail
from tests.workflow.deadline.factories import DUE_LONG_AGO, LONG_BEFORE, deadline, morning
from workflow.deadline import commands, commands_days, commands_rules, parts
from workflow.deadline.calendar import TOKYO
from workflow.deadline.queries import stuck
from workflow.deadline.schedule import Step
from workflow.models import OutboxEvent, Request
from workflow.outbox.heartbeat import ran

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

FIRST, LATE, WRITTEN = morning(date(2026, 12, 1)), morning(date(2026, 12, 7)), "%Y-%m-%dT%H:%M"


@pytest.fixture
def made():
    return deadline(request_to("joho-kacho"))


def run(*words):
    out = StringIO()
    call_command("deadlines", *map(str, words), stdout=out, stderr=StringIO())
    return out.getvalue()


def explain(made, at):
    return run("explain", made.pk, "--at", f"{at:{WRITTEN}}")


def test_before_anything_what_is_to_come_and_to_whom(made):
    said = explain(made, NOON.astimezone(TOKYO))
    assert "担当: 情報システム課　期限: 令和8年12月4日(金)" in said
    assert "期限を3開庁日過ぎて → 課長" in said
    assert "令和8年12月1日(火) 08:30　担当　情報システム課に知らせる予定です。" in said
    assert "令和8年12月9日(水) 08:30　課長　情報システム課長に知らせる予定です。" in said
    assert "次の督促: 令和8年12月1日(火) 08:30" in said


def test_who_was_told_and_how_it_reached_them(made):
    wish("joho-tanto", Way.APP)
    commands.remind(deadline_ids=[made.pk], at=FIRST)
    said = explain(made, FIRST)
    assert "情報システム課に知らせました（証跡2番、2026-12-01T08:30の分）" in said
    assert "まだ配られていません" in said
    fan_out(at=FIRST)
    said = explain(made, FIRST)
    held = "電子メール まとめ待ち（次は令和8年12月1日(火) 09:00）"
    assert f"{user('joho-kacho')}: 画面 送信済、{held}" in said
    assert f"{user('joho-tanto')}: 画面 送信済、電子メールは受け取らない設定" in said


def test_who_may_not_sign_in_any_more(made):
    who = user("joho-tanto")
    who.is_active = False
    who.save()
    commands.remind(deadline_ids=[made.pk], at=FIRST)
    fan_out(at=FIRST)
    assert f"{who}: 利用を止められているため、届けません" in explain(made, FIRST)


def test_on_a_closed_day_nobody(made):
    assert "閉庁日なので、誰にも知らせません。" in explain(
        made, datetime(2026, 12, 5, 10, tzinfo=TOKYO)
    )


def test_out_of_hours_nobody(made):
    assert "執務時間の外なので" in explain(made, datetime(2026, 12, 4, 20, tzinfo=TOKYO))


def test_after_days_of_standing_still(made):
    commands.remind(deadline_ids=[made.pk], at=LATE)
    said = explain(made, LATE)
    assert "令和8年12月3日(木) 08:30　担当　この分は、その後の督促で一度に知らせました。" in said


def test_what_ended_is_told_to_nobody(made):
    subject = request_to_of(made)
    with transaction.atomic():
        parts.meet(subject, "answer", by=None, at=FIRST)
    told, by = explain(made, LATE).partition("\n\n")[2].splitlines(), user("joho-tanto").name
    assert told == [
        f"令和8年11月24日(火) 12:00　期限を令和8年12月4日(金)と定めました（{by}）。",
        "令和8年12月1日(火) 08:30　対応が済みました（自動）。この後は、誰にも知らせません。",
    ]


def test_what_it_was_not_told_of_before_it_ended(made):
    with transaction.atomic():
        parts.lift(request_to_of(made), "answer", by=None, at=LATE)
    years_later = LATE + timedelta(days=300)
    told = explain(made, years_later).partition("\n\n")[2].splitlines()
    not_told = "知らせませんでした。見回りが回らないうちに終わっています。"
    assert told[1:] == [
        f"令和8年12月1日(火) 08:30　担当　{not_told}",
        f"令和8年12月3日(木) 08:30　担当　{not_told}",
        "令和8年12月7日(月) 08:30　期限を解除しました（自動）。この後は、誰にも知らせません。",
    ]


class TestThen:
    """As it stood at a moment that is past."""

    @pytest.fixture
    def later(self, made, time_machine):
        """It was told of, extended and received; now is a month later."""
        commands.remind(deadline_ids=[made.pk], at=FIRST)
        commands.put_off(deadline_id=made.pk, error="ValueError", at=morning(date(2026, 12, 3)))
        with transaction.atomic():
            extended = date(2026, 12, 18)
            parts.extend(request_to_of(made), "answer", due_on=extended, by=None, at=LATE)
        time_machine.move_to(LATE + timedelta(days=30))
        return made

    def test_before_it_was_handed_over(self, made, time_machine):
        chief = {"group": post("joho-kacho").group, "due_on": date(2026, 12, 7)}
        with transaction.atomic():
            parts.hand_over(request_to_of(made), "answer", **chief, by=None, at=FIRST)
        time_machine.move_to(LATE)
        then = explain(made, FIRST - timedelta(hours=1))
        assert "担当: 情報システム課　期限: 令和8年12月4日(金)" in then
        now = explain(made, LATE)
        assert "担当: 情報システム課長　期限: 令和8年12月7日(月)" in now
        assert "情報システム課長に移しました。期限は令和8年12月7日(月)です（自動）。" in now

    def test_before_it_was_extended(self, later):
        said = explain(later, FIRST + timedelta(hours=1))
        assert "期限: 令和8年12月4日(金)" in said
        assert "状態: 期限前" in said
        assert "次の督促: 令和8年12月3日(木) 08:30" in said
        assert "情報システム課に知らせました" in said
        assert "改めました" not in said
        assert "失敗" not in said

    def test_after(self, later):
        said = explain(later, LATE)
        assert "期限: 令和8年12月18日(金)" in said
        assert "令和8年12月7日(月) 08:30　期限を令和8年12月18日(金)に改めました（自動）。" in said

    def test_before_it_was_over(self, later):
        with transaction.atomic():
            parts.meet(request_to_of(later), "answer", by=None, at=LATE + timedelta(days=1))
        assert "状態: 期限前" in explain(later, LATE)
        assert "状態: 対応済" in explain(later, LATE + timedelta(days=1))

    def test_by_the_rule_of_then(self, later):
        steps = (Step("late", 1),)
        commands_rules.set_rule(kind="answer", steps=steps, by=None, at=LATE + timedelta(days=2))
        assert "期限を3開庁日過ぎて → 課長" in explain(later, LATE)
        said = explain(later, LATE + timedelta(days=3))
        assert "規則: 第1版" in said
        assert "課長" not in said

    def test_before_it_was_set(self, later):
        with pytest.raises(
            CommandError, match=r"まだありませんでした。定められたのは令和8年11月24"
        ):
            explain(later, NOON - timedelta(days=1))


@pytest.mark.parametrize(
    "typed", ["0001-01-01T00:00", "9999-12-31T23:59", "1873-01-01", "2028-01-01", "x", "12-04"]
)
def test_of_a_moment_that_is_none(made, typed):
    with pytest.raises(CommandError, match=r"--at"):
        run("explain", made.pk, "--at", typed)


def test_many_moments_that_came_to_the_same_are_one_line():
    late = deadline(request_to("koho-kacho"), DUE_LONG_AGO, at=LONG_BEFORE)
    said = explain(late, LATE)
    assert "令和8年11月11日(水) 08:30から令和8年12月" in said
    assert "回分（担当、課長、庶務担当課、事務局、部長）" in said
    assert "その時に、見回りが動いていませんでした。次の見回りで、" in said
    assert len(said.splitlines()) < 40


def request_to_of(made):
    return Request.objects.get(pk=made.subject.split(":")[1])


def test_what_fails(made):
    commands.put_off(deadline_id=made.pk, error="ValueError", at=FIRST)
    said = explain(made, FIRST)
    assert "1回失敗しています（ValueError）" in said
    assert "失敗: 続けて1回（ValueError）。原因は、workerのログの deadline.remind_failed" in said
    with transaction.atomic():
        parts.meet(request_to_of(made), "answer", by=None, at=LATE)
    assert not stuck().exists()


def test_what_waits_for_the_sweep(made):
    assert "次の見回りで、ほかの分とまとめて一度に知らせます。" in explain(made, FIRST)


def test_by_which_version_of_the_rule(made):
    commands_rules.set_rule(kind="answer", steps=(Step("late", 1),), by=None, at=NOON)
    said = explain(made, FIRST)
    assert "規則: 第1版" in said
    assert "12月1日(火) 08:30　" not in said


def test_a_day_that_moved_after_it_was_told(made):
    """A day late on Monday, which closes at noon."""
    commands.remind(deadline_ids=[made.pk], at=LATE)
    noon = LATE + timedelta(hours=3)
    commands_days.add_closed_days(first=LATE.date(), name="台風", by=None, at=noon)
    said = explain(made, noon)
    assert "12月8日(火) 08:30　担当　知らせません。日か時刻が動く前に、この分を知ら" in said
    assert "令和8年12月10日(木) 08:30　課長　情報システム課長に知らせる予定です。" in said


def test_of_nothing():
    with pytest.raises(CommandError):
        run("explain", 0)


@pytest.mark.usefixtures("made")
def test_what_is_overdue():
    late = deadline(request_to("koho-kacho"), DUE_LONG_AGO, at=LONG_BEFORE)
    row = f"{late.pk}\t令和8年11月16日(月)\t情報システム課\tanswer\t庁内照会への回答\t期限超過\n"
    assert run("list", "--overdue") == row
    assert run("list").startswith(row)


def test_a_mail_that_fails_says_how_often_why_and_when_it_is_tried_again(made):
    wish("joho-tanto", Way.AT_ONCE)
    commands.remind(deadline_ids=[made.pk], at=FIRST)
    fan_out(at=FIRST)
    mail = Delivery.objects.get(channel="email", user=user("joho-tanto"))
    mail.retry(next_at=LATE, error="ConnectionRefusedError: 111")
    mail.save()
    said = explain(made, FIRST)
    assert "電子メール 再送待ち（次は令和8年12月7日(月) 08:30、1回失敗: メールサーバーに" in said


def test_in_a_digest_it_stands_as_the_digest_does(made):
    commands.remind(deadline_ids=[made.pk], at=FIRST)
    event("stage.opened", users=[user("joho-tanto").pk])
    fan_out(at=FIRST)
    gather(at=FIRST + timedelta(days=1))
    fail(Delivery, "SMTPDataError: (554, b'')", channel="email")
    said = explain(made, LATE)
    assert said.count("電子メール 送信不能（8回失敗: メールサーバーが") == 2


def test_late_although_no_sweep_has_said_so_and_why_none_did(made):
    said = explain(made, LATE)
    assert "状態: 期限を過ぎています（まだ督促していません）" in said
    assert "見回り: 一度も動いていません。manage.py operations" in said
    with ran("deadline.sweep", lambda: LATE):
        pass
    assert "見回り: 前回 令和8年12月7日(月) 08:30\n" in explain(made, LATE)
    assert "止まっています" in explain(made, LATE + timedelta(minutes=10))


def test_a_sweep_that_failed_says_so(made):
    with pytest.raises(OSError, match="disk"), ran("deadline.sweep", lambda: LATE):
        raise OSError("disk")
    assert "OSErrorで失敗" in explain(made, LATE)


def test_what_runs_and_of_it_what_cannot_be_told(made):
    running = f"{made.pk}\t令和8年12月4日(金)\t情報システム課\tanswer\t庁内照会への回答"
    assert run("list") == f"{running}\n"
    assert run("list", "--stuck") == run("list", "--overdue") == ""
    commands.put_off(deadline_id=made.pk, error="ValueError", at=FIRST)
    assert run("list", "--stuck") == f"{running}\t1回失敗（ValueError）\n"
    with transaction.atomic():
        parts.meet(request_to_of(made), "answer", by=None, at=FIRST)
    assert run("list") == ""


def test_an_event_that_cannot_be_told_says_so(made):
    commands.remind(deadline_ids=[made.pk], at=FIRST)
    told = OutboxEvent.objects.latest("pk")
    put_off(told.pk, "ValueError", FIRST)
    said = explain(made, FIRST)
    assert f"送信待ち{told.pk}番: 1回失敗し（ValueError）、まだ誰にも届いていません。次は" in said
    while (row := Untold.objects.get()).next_at:
        put_off(told.pk, "ValueError", row.next_at)
    assert "「届かなかった通知」の「配信前」から再送します。" in explain(made, FIRST)
