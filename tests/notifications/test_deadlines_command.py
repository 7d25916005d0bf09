"""`manage.py deadlines`: why somebody was or was not told."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from notifications.digests import gather
from notifications.dispatch import fan_out
from notifications.models import Delivery
from notifications.states import Way
from tests.factories import NOON, request_to, user
from tests.notifications.factories import event, wish
from tests.notifications.undelivered.letters import fail
from tests.workflow.deadline.factories import DUE_LONG_AGO, LONG_BEFORE, deadline, morning
from workflow.deadline import commands, commands_days, commands_rules, parts
from workflow.deadline.calendar import TOKYO
from workflow.deadline.schedule import Step
from workflow.models import Request
from workflow.outbox.heartbeat import ran

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

FIRST, LATE, WRITTEN = morning(date(2026, 12, 1)), morning(date(2026, 12, 7)), "%Y-%m-%dT%H:%M"


@pytest.fixture
def made():
    return deadline(request_to("joho-kacho"))


def run(*words):
    out = StringIO()
    call_command("deadlines", *map(str, words), stdout=out)
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
    assert "知らせません。その前に終わっています（対応済）。" in explain(made, LATE)


def request_to_of(made):
    return Request.objects.get(pk=made.subject.split(":")[1])


def test_what_fails(made):
    commands.put_off(deadline_id=made.pk, error="ValueError", at=FIRST)
    assert "1回失敗しています（ValueError）" in explain(made, FIRST)


def test_what_waits_for_the_sweep(made):
    assert "次の巡回で、ほかの分とまとめて一度に知らせます。" in explain(made, FIRST)


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
    assert run("list", "--overdue") == f"{late.pk}\t令和8年11月16日(月)\tanswer\t庁内照会への回答\n"


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
