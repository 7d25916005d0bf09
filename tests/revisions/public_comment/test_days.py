"""The period of a comment and the days of its stage: one, whichever page they are set on."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from revisions.cycle.commands import plan_stage, skip_stage
from revisions.cycle.commands_schedule import schedule_revision
from revisions.models import PublicComment
from revisions.plan.states import BEGIN
from revisions.public_comment import commands
from tests.factories import NOON, section, user
from tests.revisions.cycle.paths import act, path, start
from tests.revisions.public_comment.walk import FIRST, LAST, prepared, refused, stage_of
from workflow.audit.models import key_of
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid, Unmet
from workflow.models import AuditEntry, Deadline, Deviation, OutboxEvent, Stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

WEEK = timedelta(days=7)


def planned() -> Stage:
    """The stage of a comment on a path that has not begun."""
    return next(stage for stage in path(start()) if stage.kind == "public_comment")


def days_of(stage: Stage) -> tuple[date | None, date | None, str]:
    stage = Stage.objects.get(pk=stage.pk)
    return stage.planned_from, stage.planned_until, stage.precision


def period_of(stage: Stage) -> tuple[date, date]:
    comment = PublicComment.objects.get(stage=stage)
    return comment.first_on, comment.last_on


def schedule(stage: Stage, first: date, last: date, **more: Any) -> None:
    words = {"revision_id": stage.case.revision.pk, "days": {stage.pk: (first, last)}, **more}
    schedule_revision(by=user("joho-tanto"), at=NOON, **words)


def test_a_path_is_laid_with_the_least_days() -> None:
    stage = planned()
    assert stage.planned_from
    assert stage.planned_until
    assert (stage.planned_until - stage.planned_from).days >= 29


def test_what_is_prepared_is_when_the_stage_is() -> None:
    stage = stage_of()
    prepared(stage)
    assert days_of(stage) == (FIRST, LAST, "day")
    entry = AuditEntry.objects.get(verb="stage.planned", subject=stage.case.revision.key)
    told = json.loads(entry.body)
    assert (told["after"], told["facts"]["name"]) == (f"{FIRST}～{LAST}", stage.name)
    assert told["before"] != told["after"]
    event = OutboxEvent.objects.get(entry=entry)
    assert section("koho").group_id in event.groups
    assert event.facts["new_days"][0]["after"] == f"{FIRST}～{LAST}"


def test_what_is_prepared_moves_by_when_the_stage_is_to_begin() -> None:
    stage = planned()
    for earlier in path(stage.case.revision):
        if earlier.order < stage.order:
            act(skip_stage, stage_id=earlier.pk, reason="試験")
    row = Deadline.objects.get(subject=key_of(Stage, stage.pk), kind=BEGIN)
    assert in_tokyo(row.due_at) == stage.planned_from
    prepared(stage)
    row = Deadline.objects.get(pk=row.pk)
    assert (row.kind, in_tokyo(row.due_at)) == (BEGIN, FIRST)


def test_the_same_period_again_moves_and_tells_nothing() -> None:
    stage = stage_of()
    prepared(stage)
    prepared(stage, title="改めた件名")
    assert AuditEntry.objects.filter(verb="stage.planned").count() == 1
    prepared(stage, first_on=FIRST + WEEK, last_on=LAST + WEEK)
    assert days_of(stage) == (FIRST + WEEK, LAST + WEEK, "day")


@pytest.mark.parametrize("by_one", [True, False])
def test_a_comment_that_is_prepared_moves_with_its_stage(by_one: bool) -> None:
    stage = planned()
    prepared(stage)
    first, last = FIRST + WEEK, LAST + 2 * WEEK
    if by_one:
        act(plan_stage, stage_id=stage.pk, planned_from=first, planned_until=last)
    else:
        schedule(stage, first, last)
    assert period_of(stage) == (first, last)
    comment = PublicComment.objects.get(stage=stage)
    entry = AuditEntry.objects.filter(subject=comment.key).latest("pk")
    assert json.loads(entry.body)["facts"]["last_on"] == str(last)
    assert comment.title == "計画（素案）への意見募集"


def test_a_short_period_needs_a_reason_that_is_published() -> None:
    stage = planned()
    three = {"planned_from": FIRST, "planned_until": FIRST + timedelta(days=2)}
    for asked in (
        lambda: act(plan_stage, stage_id=stage.pk, reason="急ぐため。", **three),
        lambda: schedule(stage, *three.values(), reason="急ぐため。"),
    ):
        refusal = refused(asked, Invalid)
        assert (refusal.field, "30日以上" in str(refusal)) == ("planned_until", True)
    prepared(stage, last_on=three["planned_until"], short_reason="法令の施行日が迫っているため。")
    schedule(stage, FIRST + WEEK, three["planned_until"] + WEEK)
    comment = PublicComment.objects.get(stage=stage)
    assert comment.short_reason == "法令の施行日が迫っているため。"
    refused(lambda: schedule(stage, FIRST, FIRST + timedelta(days=1)), Invalid)
    schedule(stage, FIRST, LAST)
    assert PublicComment.objects.get(stage=stage).short_reason == ""
    assert not Deviation.objects.exists()


def test_days_that_end_before_they_begin_are_refused_as_such() -> None:
    stage = planned()
    words = {"stage_id": stage.pk, "planned_from": LAST, "planned_until": FIRST, "reason": "前倒し"}
    refusal = refused(lambda: act(plan_stage, **words), Invalid)
    assert (refusal.field, str(refusal)) == (
        "planned_until",
        "終わりの日は、始めの日以後にしてください。",
    )


def test_a_comment_that_is_announced_stands_fast() -> None:
    stage = planned()
    comment = prepared(stage)
    commands.announce(comment_id=comment.pk, by=user("joho-tanto"), at=NOON)
    refusal = refused(lambda: schedule(stage, FIRST + WEEK, LAST + WEEK), Unmet)
    assert [missing.link for missing in refusal.missing] == [f"/comments/{comment.pk}/"]
    assert "令和8年12月1日(火)～12月30日(水)" in str(refusal)
    month = {"planned_from": FIRST, "planned_until": FIRST, "precision": "month"}
    refused(lambda: act(plan_stage, stage_id=stage.pk, **month), Unmet)
    client = Client()
    client.force_login(user("joho-tanto"))
    page = client.get(f"/stages/{stage.pk}/").content.decode()
    assert "予告した募集の期間のとおりで、変えられません" in page
    assert f'action="/stages/{stage.pk}/plan/"' not in page


def test_a_month_is_too_little_once_a_comment_is_prepared() -> None:
    stage = planned()
    month = {"planned_from": date(2027, 2, 1), "planned_until": date(2027, 2, 1)}
    act(plan_stage, stage_id=stage.pk, precision="month", **month)
    prepared(stage)
    assert days_of(stage) == (FIRST, LAST, "day")
    refusal = refused(lambda: act(plan_stage, stage_id=stage.pk, precision="month", **month), Unmet)
    assert [missing.link for missing in refusal.missing] == [f"/stages/{stage.pk}/comment/"]


def test_a_stage_may_not_begin_in_the_past() -> None:
    stage = planned()
    yesterday = NOON.date() - timedelta(days=1)
    refusal = refused(lambda: schedule(stage, yesterday, LAST), Invalid)
    assert refusal.field == "planned_from"


def test_what_differed_before_is_made_one_when_it_is_announced() -> None:
    stage = planned()
    comment = prepared(stage)
    Stage.objects.filter(pk=stage.pk).update(planned_from=FIRST + WEEK, planned_until=LAST + WEEK)
    commands.announce(comment_id=comment.pk, by=user("joho-tanto"), at=NOON)
    assert days_of(stage) == (FIRST, LAST, "day")


def test_what_was_planned_too_short_before_is_named_where_it_is_mended() -> None:
    stage = planned()
    three = {"planned_from": FIRST, "planned_until": FIRST + timedelta(days=2)}
    Stage.objects.filter(pk=stage.pk).update(**three)
    client = Client()
    client.force_login(user("joho-tanto"))
    address = f"/revisions/{stage.case.revision.pk}/schedule/"
    page = client.get(address).content.decode()
    said = "「パブリックコメント」：募集の期間が3日しかありません。30日以上が必要です"
    assert page.index("この日程には無理があります") < page.index(said)
    assert f'<a href="/stages/{stage.pk}/comment/">改める</a>' in page
    prepared(stage)
    assert said not in client.get(address).content.decode()
    Stage.objects.filter(pk=stage.pk).update(planned_from=FIRST + WEEK, planned_until=LAST + WEEK)
    page = client.get(address).content.decode()
    assert "が、準備した募集の期間（令和8年12月1日(火)～12月30日(水)）と違います。" in page


def test_a_period_many_years_away_is_refused() -> None:
    stage = planned()
    far = {"first_on": date(2040, 1, 4), "last_on": date(2040, 3, 1)}
    assert refused(lambda: prepared(stage, **far), Invalid).field == "last_on"
