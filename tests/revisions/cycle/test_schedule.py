"""日程: the days of many stages set at once, and the screens on which they are laid out."""

import json
import re
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client

from revisions.cycle import commands
from revisions.cycle.commands_schedule import schedule_revision
from revisions.cycle.planning import known, month_of, timetable
from revisions.meeting.commands import convene, plan_meeting
from revisions.models import Revision
from tests.counting import at_most
from tests.factories import NOON, TODAY, section, user
from tests.revisions.cycle.paths import act, adopted, path, plan, reach, start
from tests.revisions.inquiry.walk import extend, issued, target_of
from workflow.errors import Invalid, NotAllowed, Stale, Unmet
from workflow.models import AuditEntry, Body, Deviation, GazetteRule, OutboxEvent, Stage
from workflow.people.commands_office import set_notice
from workflow.people.regular import Regular

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

BY = "joho-tanto"
JUNE = date(2027, 6, 1)


def days_in(revision: Revision, month: date = JUNE) -> dict[int, tuple[date, date]]:
    stages = path(revision)
    table = timetable(stages, known(stages, TODAY), month, by_hand={})
    assert table
    return {
        s.pk: (table.dates[s.pk].first, table.dates[s.pk].last) for s in stages if not s.ended_on
    }


def schedule(revision: Revision, days: Any, who: str = BY, **more: Any) -> list[Stage]:
    return schedule_revision(revision_id=revision.pk, days=days, by=user(who), at=NOON, **more)


def test_the_days_of_all_stages_are_set_in_one_act() -> None:
    revision = start()
    days = days_in(revision)
    assert len(schedule(revision, days)) == 6
    assert {s.pk: (s.planned_from, s.planned_until) for s in path(revision)} == days
    entry = AuditEntry.objects.filter(subject=revision.key).latest("pk")
    told = json.loads(entry.body)
    assert told["verb"] == "revision.scheduled"
    assert [row["name"] for row in told["facts"]["days"]] == [s.name for s in path(revision)]
    assert told["facts"]["days"][0]["after"] == "～".join(map(str, days[path(revision)[0].pk]))
    assert OutboxEvent.objects.latest("pk").kind == "revision.scheduled"


def test_days_have_the_same_latest_ones_while_they_are_typed_and_once_they_are_planned() -> None:
    revision = start()
    days = days_in(revision)

    def latest(by_hand: Any = None) -> dict[int, Any]:
        stages = path(revision)
        table = timetable(stages, known(stages, TODAY), date(2027, 9, 1), by_hand=by_hand)
        assert table
        return {key: dates.latest_last for key, dates in table.dates.items()}

    typed = latest(days)
    schedule(revision, days)
    assert latest() == typed


def test_an_inquiry_lasts_until_the_last_answer_may_come_in() -> None:
    target = target_of(issued())
    stage, revision = target.inquiry.stage, target.revision

    def last() -> date:
        table = timetable(path(revision), known(path(revision), TODAY), JUNE)
        assert table
        return table.dates[stage.pk].last

    assert last() < date(2027, 1, 15)
    extend(target, due_on=date(2027, 1, 15))
    assert last() == date(2027, 1, 15)


def test_who_is_told_reads_the_old_and_the_new_days() -> None:
    revision, stage = reach("planned")
    act(commands.open_stage, stage_id=stage.pk)
    adoption = path(revision)[-1]
    before = (adoption.planned_from, adoption.planned_until)
    after = (date(2027, 6, 24), date(2027, 6, 30))
    schedule(revision, {adoption.pk: after}, reason="議会の日程のため。")
    month = {"planned_from": JUNE, "planned_until": JUNE, "precision": "month"}
    act(commands.plan_stage, stage_id=adoption.pk, reason="日を決め直すため。", **month)
    kinds = ["revision.scheduled", "stage.planned"]
    told = OutboxEvent.objects.filter(kind__in=kinds).order_by("pk")
    rows = [row for event in told for row in event.facts["new_days"]]
    words = ["～".join(map(str, days)) for days in (before, after)]
    assert [(row["name"], row["before"], row["after"]) for row in rows] == [
        ("策定", words[0], words[1]),
        ("策定", words[1], "2027-06～2027-06"),
    ]
    assert all(section("koho").group_id in event.groups for event in told)


def test_the_record_of_a_revision_says_the_days_in_the_words_of_the_office() -> None:
    revision = start()
    adoption = path(revision)[-1]
    schedule(revision, {adoption.pk: (date(2027, 6, 24), date(2027, 6, 30))})
    month = {"planned_from": JUNE, "planned_until": JUNE, "precision": "month"}
    act(commands.plan_stage, stage_id=adoption.pk, **month)
    page = client_of().get(f"/revisions/{revision.pk}/history/").content.decode()
    assert "→ 令和9年6月24日(木)～6月30日(水)" in page
    assert "令和9年6月24日(木)～6月30日(水) → 令和9年6月</span>" in page


def test_one_stage_is_moved_under_the_same_rules_as_many() -> None:
    revision, stage = reach("open")
    adoption, before = path(revision)[-1], written()
    days = {"planned_from": adoption.planned_from, "planned_until": adoption.planned_until}
    with pytest.raises(Invalid, match="いまと同じ"):
        act(commands.plan_stage, stage_id=adoption.pk, reason="理由", **days)
    with pytest.raises(Invalid) as refused:
        act(
            commands.plan_stage, stage_id=adoption.pk, **days | {"planned_until": date(2027, 6, 30)}
        )
    assert refused.value.field == "reason"
    with pytest.raises(Unmet, match="始まる前の段階だけ"):
        act(commands.plan_stage, stage_id=stage.pk, **days)
    assert written() == before


def test_only_what_changes_is_touched() -> None:
    revision = start()
    schedule(revision, days_in(revision))
    adoption = path(revision)[-1]
    day = date(2027, 6, 30)
    moved = days_in(revision) | {adoption.pk: (date(2027, 6, 24), day)}
    assert schedule(revision, moved) == [adoption]


def test_once_a_stage_has_begun_it_takes_a_reason_and_all_readers_are_told() -> None:
    revision, stage = reach("planned")
    days = days_in(revision)
    schedule(revision, days, reason="委員会の日程に合わせるため。")
    act(commands.open_stage, stage_id=stage.pk)
    later = {pk: (a + timedelta(7), b + timedelta(7)) for pk, (a, b) in days.items()}
    later.pop(stage.pk)
    with pytest.raises(Invalid) as refused:
        schedule(revision, later)
    assert refused.value.field == "reason"
    schedule(revision, later, reason="照会の回答を待つため。")
    told = OutboxEvent.objects.filter(kind="revision.scheduled").latest("pk")
    assert section("koho").group_id in told.groups


def written() -> tuple[int, int]:
    return AuditEntry.objects.count(), OutboxEvent.objects.count()


def test_what_is_refused_writes_nothing() -> None:
    revision, ended = reach("concluded")
    days = days_in(revision)
    other = start("annual_review", plan_id=plan("other").pk)
    before = written()
    for who in ("koho-kacho", "shicho", "kansa", "iin-1", "kanri"):
        with pytest.raises(NotAllowed):
            schedule(revision, days, who)
    with pytest.raises(Stale):
        schedule(revision, days, seen=revision.chain_length - 1)
    with pytest.raises(Unmet, match="始まる前の段階だけ"):
        schedule(revision, {ended.pk: (JUNE, JUNE)})
    with pytest.raises(Unmet, match="この改定にない段階"):
        schedule(revision, {path(other)[0].pk: (JUNE, JUNE)})
    with pytest.raises(Invalid, match="いまと同じ"):
        schedule(revision, {})
    last = path(revision)[-1]
    with pytest.raises(Invalid, match="理由を書いてください"):
        schedule(revision, {last.pk: (JUNE, JUNE + timedelta(1))})
    assert written() == before


def test_a_stage_made_shorter_than_its_route_says_is_a_deviation() -> None:
    revision = start()
    inquiry = path(revision)[0]
    days = {inquiry.pk: (date(2026, 12, 1), date(2026, 12, 4))}
    with pytest.raises(Invalid) as refused:
        schedule(revision, days)
    assert refused.value.field == "reason"
    schedule(revision, days, reason="議会の日程のため。")
    assert Deviation.objects.get(stage=inquiry).reason == "議会の日程のため。"


@pytest.mark.parametrize("reached", ["adopted", "withdrawn"])
def test_a_revision_that_is_over_has_no_days_to_set(reached: str) -> None:
    revision = adopted() if reached == "adopted" else start()
    pk = path(revision)[0].pk
    if reached == "withdrawn":
        act(commands.withdraw_revision, revision_id=revision.pk, reason="試験")
    with pytest.raises(Unmet, match="この改定は終わっています"):
        schedule(revision, {pk: (JUNE, JUNE)})


def test_a_meeting_that_is_convened_keeps_its_day() -> None:
    revision = start()
    board = path(revision)[1]
    body = Body.objects.get(code="kanjikai")
    words = {
        "held_on": date(2026, 12, 17),
        "starts_at": time(10),
        "place": "庁舎",
        "title": "幹事会",
    }
    meeting = act(plan_meeting, stage_id=board.pk, body_id=body.pk, **words)
    assert days_in(revision)[board.pk] != (date(2026, 12, 17), date(2026, 12, 17))
    act(convene, meeting_id=meeting.pk, agenda=[("素案", False)])
    assert days_in(revision)[board.pk] == (date(2026, 12, 17), date(2026, 12, 17))


def test_what_the_city_says_of_its_bodies_and_its_gazette_counts() -> None:
    revision = start()
    stages = {stage.name: stage.pk for stage in path(revision)}
    assert days_in(revision)[stages["本部会"]][0].weekday() == 1  # the second Tuesday
    facts = known(path(revision), TODAY)
    table = timetable(path(revision), facts, JUNE, by_hand={})
    assert table
    ready = table.dates[stages["パブリックコメント"]].ready
    assert ready
    assert ready.rule == "gazette"
    GazetteRule.objects.all().delete()
    table = timetable(path(revision), known(path(revision), TODAY), JUNE, by_hand={})
    assert table
    assert table.dates[stages["パブリックコメント"]].ready is None


def test_a_rule_that_begins_later_counts_from_its_day_on() -> None:
    revision = start()
    stages = {stage.name: stage for stage in path(revision)}
    body, april = stages["本部会"].body, date(2027, 4, 1)
    assert body
    thursdays = Regular(3, (1, 3))
    set_notice(
        body_id=body.pk,
        notice_days=0,
        since=april,
        source="要綱",
        by=user("kanri"),
        at=NOON,
        regular=thursdays,
    )
    early, late = (
        days_in(revision, month)[stages["本部会"].pk][0] for month in (JUNE, date(2027, 12, 1))
    )
    assert (early < april, early.weekday()) == (True, 1)  # the second Tuesday still
    assert (late > april, late.weekday()) == (True, 3)


def test_a_skipped_stage_is_not_waited_for() -> None:
    revision, _stage = reach("skipped")
    stages = path(revision)
    table = timetable(stages, known(stages, TODAY), JUNE)
    assert table
    names = {stage.pk: stage.name for stage in stages}
    assert [names[job.key] for job in table.jobs] == [
        "部長会議",
        "幹事会",
        "本部会",
        "情報化推進委員会",
        "パブリックコメント",
        "策定",
    ]
    assert [names[key] for key in table.jobs[1].after] == ["部長会議"]
    assert month_of(stages) == path(revision)[-1].planned_until.replace(day=1)


# the screens


def client_of(who: str = BY) -> Client:
    client = Client()
    client.force_login(user(who))
    return client


def shown(address: str, who: str = BY) -> str:
    client = client_of(who)
    with at_most(14):
        response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def address(revision: Revision, more: str = "") -> str:
    return f"/revisions/{revision.pk}/schedule/{more}"


def typed(page: str) -> dict[str, str]:
    """What the form of a page would send."""
    form = page[page.index('<form method="post" novalidate data-draft') :]
    inputs = re.findall(r'<input type="(?:hidden|text)" name="([^"]+)" value="([^"]*)"', form)
    return {name: value for name, value in inputs if name != "csrfmiddlewaretoken"}


@pytest.mark.parametrize("who", [BY, "koho-kacho", "shicho", "kansa"])
def test_the_timetable(who: str) -> None:
    revision, _stage = reach("open")
    page = shown(address(revision), who)
    assert ("策定の月から日程を組む" in page) == (who == BY)
    for stage in path(revision):
        assert f'aria-label="{stage.name}（{stage.get_state_display()}）、予定' in page
    assert "style=" not in page
    assert "遅くとも" in page


def test_strangers_see_no_timetable() -> None:
    revision = start()
    for who in ("iin-1", "kanri"):
        assert client_of(who).get(address(revision)).status_code in (403, 404)
    assert client_of("koho-kacho").get(address(revision, "plan/")).status_code == 403


def test_a_month_of_adoption_that_has_passed_is_named() -> None:
    revision = start()
    days = {"planned_from": date(2026, 10, 1), "planned_until": date(2026, 10, 31)}
    Stage.objects.filter(pk=path(revision)[-1].pk).update(precision="month", **days)
    page = shown(address(revision))
    assert "決めてある策定の月（令和8年10月）が過ぎています。" in page
    assert "策定は令和8年11月30日(月)まで" in page


def test_a_stale_page_of_one_stage_says_its_fields_in_the_words_of_the_office() -> None:
    revision = start()
    pk, form = path(revision)[-1].pk, {"precision": "day", "seen": "1", "reason": "急ぐ。"}
    schedule(revision, {pk: (JUNE, date(2027, 6, 30))})
    form |= {"planned_from": "R9.7.1", "planned_until": "R9.7.9"}
    page = client_of().post(f"/stages/{pk}/plan/", form)
    assert page.status_code == 409
    for label, typed_in in (
        ("始める日", "R9.7.1"),
        ("終える日", "R9.7.9"),
        ("日程を改める理由", "急ぐ。"),
    ):
        assert f">{label}</label>" in page.content.decode()
        assert f">{typed_in}</textarea>" in page.content.decode()
    assert not re.search(r">[a-z_]+</label>", page.content.decode())


def test_what_slips_is_shown_and_nothing_changes() -> None:
    revision = start()
    schedule(revision, days_in(revision))
    board, before = path(revision)[2], written()
    page = shown(address(revision, f"?stage={board.pk}&days=60"))
    assert "策定が" in page
    assert "決めた月には策定できません" in page
    few = shown(address(revision, f"?stage={path(revision)[-1].pk}&days=1"))
    assert "動く段階は1件です" in few
    for wrong in ("０", "-1", "九", "9" * 5000):
        refused = client_of().get(address(revision, f"?stage=0&days={wrong}"))
        assert refused.status_code == 422
        assert f'value="{wrong}"' in refused.content.decode()
        assert {"stage", "days"} <= refused.context["form"].errors.keys()
    assert written() == before


def test_a_plan_is_seen_before_it_is_saved() -> None:
    revision, before = start(), written()
    asked = shown(address(revision, "plan/"))
    assert "逆算する" in asked
    assert "この日程にする" not in asked
    proposed = shown(address(revision, "plan/?month=令和9年6月"))
    assert "この月に策定できます" in proposed
    assert "定例日（第2火曜日）" in proposed
    tight = shown(address(revision, "plan/?month=R9.3"))
    assert "この日程には無理があります" in tight
    assert "に始めている必要がありました" in tight
    for month in ("R8.10", "R30.1", "三月", "平成３９年６月"):
        refused = client_of().get(address(revision, f"plan/?month={month}"))
        assert refused.status_code == 422
        assert f'value="{month}"' in refused.content.decode()
        assert 'id="id_month_error"' in refused.content.decode()
    assert written() == before
    response = client_of().post(address(revision, "plan/"), typed(proposed) | {"apply": "1"})
    assert response.status_code == 303
    assert {s.pk: (s.planned_from, s.planned_until) for s in path(revision)} == days_in(revision)


def test_a_proposed_day_that_is_closed_says_so() -> None:
    revision, days = start(), known([], TODAY).calendar
    marked = 0
    for month in (6, 7, 8, 9):
        response = client_of().get(address(revision, f"plan/?month=R9.{month}"))
        closed = [
            day
            for line in response.context["lines"]
            for day in (line.dates.first, line.dates.last, line.latest)
            if days.is_closed(day)
        ]
        assert response.content.decode().count("閉庁日</span>") == len(closed)
        marked += len(closed)
    assert marked


def test_a_day_typed_by_hand_moves_the_others_before_anything_is_saved() -> None:
    revision = start()
    first, second, *_rest = path(revision)
    form = typed(shown(address(revision, "plan/?month=R9.6")))
    before = written()
    moved = form | {f"first_{second.pk}": "R9.1.28", f"last_{second.pk}": "R9.1.28"}
    again = client_of().post(address(revision, "plan/"), moved | {"apply": "1"})
    assert again.status_code == 200
    page = again.content.decode()
    assert "まだ保存していません" in page
    assert "決めた日" in page
    assert "定例日（第4水曜日）ではありません" in page
    assert written() == before
    kept = typed(page)
    assert kept[f"first_{second.pk}"] == "2027-01-28"
    emptied = kept | {f"first_{second.pk}": "", f"last_{second.pk}": ""}
    page = client_of().post(address(revision, "plan/"), emptied).content.decode()
    assert typed(page) == form
    done = client_of().post(address(revision, "plan/"), kept | {"apply": "1"})
    assert done.status_code == 303
    assert path(revision)[1].planned_from == date(2027, 1, 28)
    assert path(revision)[0].planned_until
    assert path(revision)[0].planned_until < date(2027, 1, 21)
    assert first.pk == path(revision)[0].pk


def test_nothing_typed_is_lost() -> None:
    revision, _stage = reach("open")
    form = typed(shown(address(revision, "plan/?month=R9.6"))) | {"apply": "1"}
    board = path(revision)[-2]
    for wrong in (
        {f"first_{board.pk}": "R9.13.1"},
        {f"first_{board.pk}": "平成３９年６月１日"},
        {f"first_{board.pk}": "1873-01-01"},
        {f"last_{board.pk}": "2099-12-31"},
        {f"last_{board.pk}": ""},
        {f"last_{board.pk}": "2026-12-01"},
        {"reason": ""},
    ):
        refused = client_of().post(address(revision, "plan/"), form | wrong)
        assert refused.status_code == 422, wrong
        for value in wrong.values():
            assert value in refused.content.decode()


def test_two_who_plan_at_once_are_told_and_keep_what_they_typed() -> None:
    revision = start()
    board = path(revision)[1]
    form = typed(shown(address(revision, "plan/?month=R9.6")))
    hand = form | {f"first_{board.pk}": "R9.1.28", f"last_{board.pk}": "R9.1.28"}
    second = typed(client_of().post(address(revision, "plan/"), hand).content.decode())
    assert client_of().post(address(revision, "plan/"), form | {"apply": "1"}).status_code == 303
    before = written()
    words = {"reason": "二人目の理由", "apply": "1"}
    stale = client_of("joho-kacho").post(address(revision, "plan/"), second | words)
    assert stale.status_code == 409
    page = stale.content.decode()
    assert "別の操作が行われました" in page
    assert "日程を決めました" in page
    assert "二人目の理由" in page
    assert typed(page)[f"first_{board.pk}"] == "2027-01-28"
    assert written() == before
    again = client_of("joho-kacho").post(address(revision, "plan/"), typed(page) | words)
    assert again.status_code == 303
    assert path(revision)[1].planned_from == date(2027, 1, 28)


def latest_of(page: Any) -> dict[str, date]:
    lines = [line for line in page.context["lines"] if line.dates]
    return {line.stage.name: line.latest for line in lines}


def test_the_timetable_and_the_proposal_count_back_alike() -> None:
    """Where a body meets on another day than its regular one, both say by what they counted."""
    revision = start()
    schedule(revision, days_in(revision))
    asked, planned = address(revision, "plan/?month=R9.6"), client_of().get(address(revision))
    assert latest_of(planned) == latest_of(client_of().get(asked))
    assert "によらない" not in planned.content.decode()
    board = path(revision)[2]
    day = board.planned_from
    assert day
    schedule(revision, {board.pk: (day + timedelta(1), day + timedelta(1))})
    planned, proposed = client_of().get(address(revision)), client_of().get(asked)
    assert latest_of(planned)[board.name] > latest_of(proposed)[board.name]
    words = "定例日（第2火曜日）によらない日なので、開庁日で数える"
    assert planned.content.decode().count(f'<span class="small">{words}</span>') == 1
    words = "定例日（第2火曜日）で数える（いまの予定は定例日によらない）"
    assert proposed.content.decode().count(f'<span class="small">{words}</span>') == 1
    assert "策定の月の最後の開庁日（令和9年6月30日(水)）まで" in planned.content.decode()


def test_a_comment_of_three_days_is_refused_beside_its_day() -> None:
    revision = start()
    comment = next(stage for stage in path(revision) if stage.kind == "public_comment")
    page, before = shown(address(revision, "plan/?month=R9.6")), written()
    assert f'href="/stages/{comment.pk}/comment/"' in page
    wrong = {f"first_{comment.pk}": "R9.4.1", f"last_{comment.pk}": "R9.4.3", "reason": "急ぐ。"}
    refused = client_of().post(address(revision, "plan/"), typed(page) | wrong | {"apply": "1"})
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == [f"last_{comment.pk}"]
    assert "30日以上とし、令和9年4月30日(金)以後" in refused.content.decode()
    assert all(value in refused.content.decode() for value in wrong.values())
    assert written() == before


def test_days_that_another_page_holds_are_compared() -> None:
    revision = start()
    board = path(revision)[1]
    words = {"held_on": date(2026, 12, 17), "starts_at": time(10), "place": "庁舎"}
    body = Body.objects.get(code="kanjikai")
    meeting = act(plan_meeting, stage_id=board.pk, body_id=body.pk, title="幹事会", **words)
    act(convene, meeting_id=meeting.pk, agenda=[("素案", False)])
    said = "令和8年12月15日(火)）が、招集した会議の日（令和8年12月17日(木)）と違います。"
    page = shown(address(revision))
    assert said in page
    assert f'href="/meetings/{meeting.pk}/"' in page
    assert f'href="/meetings/{meeting.pk}/"' not in shown(address(revision), "koho-kacho")
    form = typed(shown(address(revision, "plan/?month=R9.6")))
    client_of().post(address(revision, "plan/"), form | {"apply": "1"})
    assert "違います。" not in shown(address(revision))


def test_a_revision_that_is_over_shows_what_was_and_lays_out_nothing() -> None:
    revision = adopted()
    page = shown(address(revision))
    assert "遅れたら、何が動くか" not in page
    assert client_of().get(address(revision, "plan/")).status_code == 409


def test_days_many_years_away_are_refused() -> None:
    revision = start()
    stage, before = path(revision)[0], written()
    for day in (date(1873, 1, 1), date(2099, 12, 31)):
        with pytest.raises(Invalid, match="前後10年"):
            schedule(revision, {stage.pk: (day, day)})
        with pytest.raises(Invalid) as refused:
            start("annual_review", plan_id=plan("other").pk, starts_on=day)
        assert refused.value.field == "starts_on"
    assert written() == before
