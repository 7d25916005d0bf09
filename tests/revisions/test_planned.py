"""A day closes: what the slices of the domain plan on it is named, and stays where it is."""

from datetime import date, timedelta

import pytest
from django.test import Client

from revisions.inquiry import commands as inquiry_commands
from revisions.inquiry.tiers import Tiers
from revisions.models import Meeting, PublicComment
from tests.factories import NOON, user
from tests.revisions.cycle.paths import path, start
from tests.revisions.inquiry import walk as inquiries
from tests.revisions.meeting import walk as meetings
from tests.revisions.public_comment import walk as comments
from workflow.deadline import commands_days
from workflow.deadline.registry import planned_on
from workflow.errors import Invalid
from workflow.models import ClosedDay, Stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

ADD = "/administration/closed-days/add/"


def told(*days: date) -> list[tuple[date, str]]:
    return [(plan.day, plan.what) for plan in planned_on(days)]


def close(*days: date, **more: str) -> None:
    commands_days.add_closed_days(
        first=days[0], last=days[-1], name="停電", by=user("joho-tanto"), at=NOON, **more
    )


@pytest.mark.parametrize(
    "state, word",
    [("planned", "予定"), ("convened", "招集済"), ("closed", None), ("cancelled", None)],
)
def test_a_meeting_still_to_be_held(state: str, word: str | None) -> None:
    meeting = meetings.reach(state)
    expected = [(meeting.held_on, f"会議（{word}）")] if word else []
    assert told(meeting.held_on) == expected
    assert told(meeting.held_on + timedelta(days=1)) == []


@pytest.mark.parametrize(
    "state, edges, words",
    [
        ("preparing", 2, "改める"),
        ("announced", 2, "公表した期間は変わりません"),
        ("accepting", 2, "公表した期間は変わりません"),
        ("closed", 0, ""),
        ("published", 0, ""),
    ],
)
def test_the_ends_of_a_period_of_comments(state: str, edges: int, words: str) -> None:
    comment = comments.reach(state)
    within = comment.first_on + timedelta(days=1)
    found = planned_on([comment.first_on, within, comment.last_on])
    assert [plan.day for plan in found] == [comment.first_on, comment.last_on][:edges]
    assert all(words in plan.to_do for plan in found)


def test_an_inquiry_before_it_goes_out_and_where_its_tiers_end() -> None:
    inquiry = inquiries.prepared(tiers=Tiers(chief_days=1))
    assert told(inquiries.DUE) == [(inquiries.DUE, "照会の期限（準備中）")]
    inquiry_commands.issue(
        inquiry_id=inquiry.pk,
        section_ids=[inquiries.section(code).pk for code in ("koho", "kokuho")],
        by=user("joho-tanto"),
        at=NOON,
    )
    assert told(inquiries.DUE) == [(inquiries.DUE, "事務局に届く期限（2課）")]


def test_of_an_inquiry_without_tiers_the_deadlines_say_it() -> None:
    inquiries.issued("koho")
    assert told(inquiries.DUE) == []


def test_a_stage_by_the_timetable_alone() -> None:
    first, *_rest, adoption = path(start())
    assert first.planned_from
    assert adoption.planned_until
    assert told(first.planned_from, adoption.planned_until) == [
        (first.planned_from, "段階の予定"),
        (adoption.planned_until, "段階の予定"),
    ]
    Stage.objects.update(precision="month")
    assert told(first.planned_from, adoption.planned_until) == []


def test_it_is_seen_before_and_after_and_nothing_moves() -> None:
    meeting = meetings.reach("convened")
    client = Client()
    client.force_login(user("joho-tanto"))
    page = client.get(ADD, {"first": "令和８年１１月２６日", "name": "停電"}).content.decode()
    assert "閉庁日に当たることになる予定（1）" in page
    assert f'href="/meetings/{meeting.pk}/move/"' in page
    assert "招集した人に新しい日を知らせます" in page
    close(meeting.held_on)
    assert Meeting.objects.get(pk=meeting.pk).held_on == meetings.HELD_ON
    listed = client.get("/administration/closed-days/").content.decode()
    assert "登録した閉庁日に当たっている予定（1）" in listed


def test_a_period_that_was_published_stays() -> None:
    comment = comments.reach("announced")
    close(comment.first_on)
    close(comment.last_on - timedelta(days=2))
    kept = PublicComment.objects.get(pk=comment.pk)
    assert (kept.first_on, kept.last_on) == (comment.first_on, comment.last_on)


def test_what_is_planned_meanwhile_is_told_and_shown_anew() -> None:
    client = Client()
    client.force_login(user("joho-tanto"))
    before = client.get(ADD, {"first": "2026-11-26", "name": "停電"}).context["effect"].mark
    meetings.reach("planned")
    with pytest.raises(Invalid, match="もう一度確かめて"):
        close(meetings.HELD_ON, seen=before)
    assert not ClosedDay.objects.exists()
