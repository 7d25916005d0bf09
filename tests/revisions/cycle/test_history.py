"""経過: the command tells the days of the event, whatever hangs on the stage."""

import json
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from revisions.cycle import commands
from revisions.cycle.chronicle import events
from revisions.models import Inquiry, Meeting, PublicComment, Revision
from tests.factories import TODAY, post
from tests.revisions.cycle.paths import act, adopted, path, start
from workflow.models import Body, Stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]


def history(revision: Revision, **options: Any) -> str:
    out = StringIO()
    call_command("history", revision.pk, stdout=out, **options)
    return out.getvalue()


def told(revision: Revision) -> list[dict[str, Any]]:
    return json.loads(history(revision, format="json"))


def opened(revision: Revision, number: int, **more: Any) -> Stage:
    stage = path(revision)[number]
    return act(commands.open_stage, stage_id=stage.pk, reason="試験", **more)


def ask(stage: Stage, revision: Revision) -> None:
    facts = {"kind": "projects", "title": "照会", "due_on": date(2026, 12, 9)}
    inquiry = Inquiry(revision=revision, stage=stage, **facts)
    version = revision.versions.first()
    inquiry.issue(version=version, addressed={}, at=datetime(2026, 11, 24, 20, 0, tzinfo=UTC))
    inquiry.save()


def meet(stage: Stage, revision: Revision, day: date, *, held: bool = True) -> None:
    body = stage.body or Body.objects.get(code="bucho-kaigi")
    meeting = Meeting(revision=revision, stage=stage, body=body, title="会議", held_on=day)
    meeting.convene(version=revision.versions.first())
    if held:
        meeting.start(presiding=post("joho-kacho"))
        meeting.close()
    else:
        meeting.adjourn(reason="定足数不足")
    meeting.save()


def comment(stage: Stage, revision: Revision) -> None:
    facts = {"title": "募集", "first_on": date(2027, 2, 17), "last_on": date(2027, 3, 18)}
    public = PublicComment(revision=revision, stage=stage, **facts)
    public.announce(version=revision.versions.first())
    public.save()


def test_an_inquiry_has_the_span_from_its_issue_to_its_due_day() -> None:
    revision = start()
    ask(opened(revision, 0), revision)
    (event,) = told(revision)
    assert (event["event"], event["body"], event["round"]) == ("庁内照会", None, "素案")
    assert (event["from"], event["until"]) == ("2026-11-25", "2026-12-09")
    assert (event["asks"], event["outcome"]) == ("回答", "進行中")


def test_a_meeting_has_the_day_it_was_held_and_not_the_one_it_fell_through() -> None:
    revision = start()
    stage = opened(revision, 3)
    meet(stage, revision, date(2026, 12, 10), held=False)
    assert (told(revision)[0]["from"], told(revision)[0]["until"]) == (TODAY.isoformat(), None)
    meet(stage, revision, date(2026, 12, 17))
    (event,) = told(revision)
    assert (event["from"], event["until"]) == ("2026-12-17", "2026-12-17")
    assert event["body"] == "情報化推進委員会"


def test_a_meeting_on_two_days() -> None:
    revision = start()
    stage = opened(revision, 1)
    meet(stage, revision, date(2026, 12, 18))
    meet(stage, revision, date(2026, 12, 10))
    assert (told(revision)[0]["from"], told(revision)[0]["until"]) == ("2026-12-10", "2026-12-18")


def test_a_public_comment_has_its_period() -> None:
    revision = start()
    comment(opened(revision, 4), revision)
    (event,) = told(revision)
    assert (event["from"], event["until"]) == ("2027-02-17", "2027-03-18")


def test_a_report_has_its_day_though_opinions_come_later() -> None:
    revision = start()
    first = path(revision)[0]
    words = {"kind": "report", "asks": "report_and_hearing", "name": "議員連絡会"}
    report = act(commands.add_stage, after_id=first.pk, reason="議会への説明", **words)
    act(commands.open_stage, stage_id=report.pk, reason="試験")
    Stage.objects.filter(pk=report.pk).update(opened_on=date(2026, 11, 20))
    act(commands.conclude_stage, stage_id=report.pk, outcome="reported", remarks="意見は3月まで")
    (event,) = told(revision)
    assert (event["from"], event["until"]) == ("2026-11-20", "2026-11-20")
    assert (event["outcome"], event["remarks"]) == ("報告済", "意見は3月まで")


def test_to_the_month() -> None:
    revision = start()
    stage = path(revision)[3]
    month = {"planned_from": date(2027, 4, 1), "planned_until": date(2027, 4, 1)}
    act(commands.plan_stage, stage_id=stage.pk, precision="month", **month)
    meet(opened(revision, 3), revision, date(2027, 4, 14))
    (event,) = told(revision)
    assert (event["from"], event["until"], event["precision"]) == ("2027-04", "2027-04", "month")
    assert "2027-04 " in history(revision)
    assert "令和9年4月" in history(revision)
    assert "14" not in history(revision)


def test_events_come_by_day_and_what_never_began_is_none() -> None:
    revision = start()
    meet(opened(revision, 2), revision, date(2026, 12, 11))
    meet(opened(revision, 1), revision, date(2026, 12, 10))
    act(commands.skip_stage, stage_id=path(revision)[0].pk, reason="試験")
    assert [event["event"] for event in told(revision)] == ["幹事会", "本部会"]


def test_deviations_stand_beside_what_they_are_about() -> None:
    revision = start()
    opened(revision, 1)
    (event,) = told(revision)
    assert event["deviations"] == [{"what": "「庁内照会」の終了前の開始", "reason": "試験"}]
    assert "逸脱：「庁内照会」の終了前の開始（理由：試験）" in history(revision)


def test_text() -> None:
    revision = adopted()
    head, line, *_ = history(revision).splitlines()
    assert head == "第2期計画の策定（策定済）"
    assert line.split() == ["2026-11-24", "R8.11.24", "計画案", "策定", "決裁", "策定"]


def test_no_such_revision() -> None:
    there = start()
    with pytest.raises(CommandError, match=there.title):
        call_command("history", there.pk + 1)


def test_read_in_few_statements(django_assert_max_num_queries: Any) -> None:
    revision = start("hadano_2020")
    for number in range(10):
        opened(revision, number)
    with django_assert_max_num_queries(5):
        assert len([event.data() for event in events(revision)]) == 10
