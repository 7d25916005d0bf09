"""会議の画面: what each person is offered, and that nothing typed is lost."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from revisions.meeting import views
from revisions.models import Meeting, Opinion
from tests.counting import at_most
from tests.factories import post, section, user
from tests.revisions.meeting import walk
from tests.revisions.meeting.walk import BY, MEETING_NOON, STATES, reach

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]


@pytest.fixture(autouse=True)
def noon_of_the_meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: MEETING_NOON)


def client_of(who: str) -> Client:
    client = Client()
    client.force_login(user(who))
    return client


def page(meeting: Meeting, part: str = "") -> str:
    return f"/meetings/{meeting.pk}/{part}"


def fresh(meeting: Meeting) -> Meeting:
    return Meeting.objects.get(pk=meeting.pk)


OFFERED = {
    "planned": {BY: {"招集する", "日時・場所を変える", "中止する"}},
    "convened": {
        BY: {"開会する", "出欠を記録する", "日時・場所を変える", "中止する"},
        "iin-1": {"開会する"},
    },
    "in_session": {
        BY: {"閉会する", "出欠を記録する", "議事録を書く", "発言を意見として記録する"},
        "iin-1": {"閉会する"},
    },
    "closed": {BY: {"議事録を書く", "発言を意見として記録する"}},
    "drafting": {BY: {"議事録を書く", "発言を意見として記録する", "議事録を確定する"}},
    "fixed": {BY: {"議事録を修正する", "発言を意見として記録する"}},
    "signed": {BY: {"議事録を修正する", "発言を意見として記録する", "段階の結果を選ぶ"}},
    "adjourned": {BY: {"日程を改める"}},
    "cancelled": {},
}
EVERY_ACT = set().union(*(acts for people in OFFERED.values() for acts in people.values()))


@pytest.mark.parametrize("state", OFFERED)
@pytest.mark.parametrize("who", [BY, "iin-1", "iin-3", "koho-kacho", "kansa"])
def test_everybody_is_offered_what_they_may_do(state: str, who: str) -> None:
    meeting = reach(state)
    client = client_of(who)
    with at_most(20):
        response = client.get(page(meeting))
    if who.startswith("iin") and state == "planned":
        assert response.status_code == 404
        return
    shown = response.content.decode()
    offered = {act for act in EVERY_ACT if f">{act}<" in shown}
    assert offered == OFFERED[state].get(who, set())


def test_what_was_adjourned_is_planned_anew_from_its_page_once() -> None:
    meeting = reach("adjourned")
    client = client_of(BY)
    assert f'href="/stages/{meeting.stage_id}/meetings/new/"' in anew(client, meeting)
    walk.planned(meeting.stage, held_on=date(2026, 12, 3))
    assert ">日程を改める<" not in anew(client, meeting)


def test_what_was_adjourned_is_planned_no_more_once_its_stage_ended() -> None:
    meeting = reach("adjourned")
    meeting.stage.cancel(reason="取りやめ", on=walk.HELD_ON, at=MEETING_NOON)
    meeting.stage.save()
    assert ">日程を改める<" not in anew(client_of(BY), meeting)


def anew(client: Client, meeting: Meeting) -> str:
    return client.get(page(meeting)).content.decode()


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("part", ["convene/", "move/", "attendance/", "minutes/", "remarks/"])
def test_pages_of_acts_are_the_secretariats(state: str, part: str) -> None:
    meeting = reach(state)
    client = client_of(BY)
    with at_most(20):
        assert client.get(page(meeting, part)).status_code == 200
    assert client_of("koho-kacho").get(page(meeting, part)).status_code == 403
    assert client_of("iin-1").get(page(meeting, part)).status_code == 403


def test_an_outsider_who_was_sent_nothing_finds_nothing() -> None:
    stage = walk.stage_of("honbukai", asks="consultation")
    meeting = walk.convened(stage)
    assert client_of("iin-1").get(page(meeting)).status_code == 404
    assert client_of("koho-kacho").get(page(meeting)).status_code == 200


# From planning to signing, in a browser


def items(*titles: str, votes: int = -1) -> dict[str, Any]:
    data: dict[str, Any] = {"items-TOTAL_FORMS": len(titles), "items-INITIAL_FORMS": 0}
    for n, title in enumerate(titles):
        data |= {f"items-{n}-title": title} | (
            {f"items-{n}-needs_vote": "on"} if n == votes else {}
        )
    return data


def test_a_meeting_from_planning_to_signing() -> None:
    stage, client = walk.stage_of(), client_of(BY)
    planned = {"body": stage.body_id, "title": "第1回委員会", "held_on": "R8.11.26"}
    response = client.post(f"/stages/{stage.pk}/meetings/new/", planned | {"starts_at": "14:00"})
    assert response.status_code == 303
    meeting = Meeting.objects.get()

    def send(part: str, **data: Any) -> None:
        data = {"seen": fresh(meeting).chain_length} | data
        response = client.post(page(meeting, part), data)
        assert response.status_code == 303, response.content.decode()

    send("convene/", **items("素案について", "", "答申について", votes=2))
    first, second = meeting.items.all()
    assert (first.needs_vote, second.needs_vote) == (False, True)
    rows = {
        f"presence-{row.post_id}": "unknown"
        for row in meeting.attendance.exclude(post=post("iin-8"))
    }
    absent = {f"presence-{post('iin-8').pk}": "absent"}
    send("attendance/", **rows, **absent, rest="present")
    send("start/")
    send(f"items/{first.pk}/", outcome="heard", note="概要の説明を聞いた。")
    send(f"items/{second.pk}/", yes=3, no=3, abstain=0, presiding_vote="yes")
    send("close/")
    send("remarks/", text="窓口の\r\n予約を。", project_uid="", source="委員")
    send("minutes/", text="要点を\r\n二行で。")
    send("minutes/fix/", second=post("iin-3").pk)
    walk.sign(meeting)
    done = fresh(meeting)
    assert (done.state, done.minutes_state) == ("closed", "signed")
    assert done.minutes == "要点を\n二行で。"
    assert Opinion.objects.get().text == "窓口の\n予約を。"


# What was typed stays


@pytest.mark.parametrize(
    "part, data, kept, told",
    [
        ("items/{vote}/", {"yes": 9, "no": 3, "abstain": 0}, 'value="9"', "超えています"),
        ("items/{vote}/", {"yes": "たくさん", "no": 3}, "たくさん", "整数を入力"),
        ("items/{vote}/", {"yes": 3, "no": 3, "abstain": 1}, 'value="3"', "可否同数です"),
        ("items/{heard}/", {"outcome": "nonsense", "note": "書いた補足"}, "書いた補足", "選択"),
        ("remarks/", {"text": " ", "source": "ある委員"}, "ある委員", "入力してください"),
        ("minutes/", {"text": "字" * 100_001}, "字字字", "100000"),
    ],
)
def test_what_was_typed_comes_back_with_what_is_wrong(
    part: str, data: dict[str, Any], kept: str, told: str
) -> None:
    meeting = reach("in_session")
    vote, heard = meeting.items.get(needs_vote=True), meeting.items.get(needs_vote=False)
    url = page(meeting, part.format(vote=vote.pk, heard=heard.pk))
    response = client_of(BY).post(url, {"seen": meeting.chain_length, **data})
    shown = response.content.decode()
    assert response.status_code == 422
    assert kept in shown
    assert told in shown


@pytest.mark.parametrize(
    "typed, told",
    [
        ({"held_on": "2026-11-28"}, "直前の開庁日は令和8年11月27日(金)"),
        ({"held_on": "来週"}, "日付として読めません"),
        ({"title": ""}, "入力してください"),
        ({"starts_at": "昼"}, "時刻を 14:00 のように"),
        ({"body": "0"}, "選択"),
    ],
)
def test_planning_keeps_what_was_typed(typed: dict[str, str], told: str) -> None:
    stage = walk.stage_of()
    data = {"body": stage.body_id, "title": "会議", "held_on": "2026-11-26", "place": "本庁舎"}
    response = client_of(BY).post(f"/stages/{stage.pk}/meetings/new/", data | typed)
    assert response.status_code == 422
    assert "本庁舎" in response.content.decode()
    assert told in response.content.decode()


def test_more_rows_for_the_agenda_keep_those_typed() -> None:
    meeting = reach("planned")
    response = client_of(BY).post(page(meeting, "convene/"), {**items("素案"), "more": "1"})
    shown = response.content.decode()
    assert response.status_code == 200
    assert 'value="素案"' in shown
    assert f"items-{views.MORE_ROWS}-title" in shown


@pytest.mark.parametrize("data", [{}, {"items-TOTAL_FORMS": "x"}, items(), items("")])
def test_an_empty_or_broken_agenda_is_told(data: dict[str, Any]) -> None:
    meeting = reach("planned")
    seen = {"seen": meeting.chain_length}
    response = client_of(BY).post(page(meeting, "convene/"), data | seen)
    assert response.status_code == 422
    assert fresh(meeting).state == "planned"


def test_giving_up_asks_why_in_place() -> None:
    meeting = reach("convened")
    response = client_of(BY).post(page(meeting, "cancel/"), {"seen": meeting.chain_length})
    assert response.status_code == 422
    assert "理由" in response.content.decode()


def test_a_stale_page_is_a_conflict() -> None:
    meeting = reach("convened")
    response = client_of(BY).post(page(meeting, "start/"), {"seen": meeting.chain_length - 1})
    assert response.status_code == 409
    assert fresh(meeting).state == "convened"


def test_opening_without_a_quorum_says_how_many_are_missing() -> None:
    meeting = walk.come(walk.convened(walk.stage_of()), *walk.members(3))
    client = client_of(BY)
    assert "あと2人" in client.get(page(meeting)).content.decode()
    response = client.post(page(meeting, "start/"), {"seen": meeting.chain_length})
    assert response.status_code == 409
    assert "あと2人" in response.content.decode()


def test_the_member_named_must_be_chosen() -> None:
    meeting = reach("drafting")
    client = client_of(BY)
    response = client.post(page(meeting, "minutes/fix/"), {"seen": meeting.chain_length})
    assert response.status_code == 422
    assert "選んでください" in response.content.decode()


def test_an_item_of_another_meeting_is_not_found() -> None:
    stage = walk.stage_of()
    other, meeting = reach("adjourned", stage), reach("in_session", stage)
    item = other.items.first()
    url = page(meeting, f"items/{item.pk}/")
    assert client_of(BY).post(url, {"outcome": "heard"}).status_code == 404


def test_a_meeting_is_moved_and_a_closed_day_confirmed() -> None:
    meeting, client = reach("convened"), client_of(BY)
    saturday = {
        "seen": meeting.chain_length,
        "held_on": "R8.12.5",
        "starts_at": "14時",
        "place": "文化会館",
        "reason": "会場の都合",
    }
    back = client.post(page(meeting, "move/"), saturday)
    assert back.status_code == 422
    assert "令和8年12月5日(土)は閉庁日です" in back.content.decode()
    assert "会場の都合" in back.content.decode()
    assert client.post(page(meeting, "move/"), saturday | {"accept_day": "on"}).status_code == 303
    shown = client.get(page(meeting)).content.decode()
    assert "令和8年12月5日(土)" in shown
    assert "文化会館" in shown


def test_a_convening_that_comes_late_is_pointed_out() -> None:
    meeting, client = reach("planned"), client_of(BY)
    assert "招集する定めです" not in client.get(page(meeting, "convene/")).content.decode()
    meeting.body.rules.update(notice_days=7)
    assert "招集する定めです" in client.get(page(meeting, "convene/")).content.decode()


def test_who_is_proposed_as_a_guest_is_chosen_already() -> None:
    meeting = walk.planned(walk.stage_of("honbukai", asks="consultation"))
    lead = meeting.revision.projects.get().sections.get(role="lead")
    lead.section = section("kodomo")  # whose director has no seat
    lead.save()
    form = client_of(BY).get(page(meeting, "convene/")).context["form"]
    ticked = re.findall(r'value="(\d+)"[^>]* checked', str(form["invited"]))
    assert ticked
    assert [int(pk) for pk in ticked] == form["invited"].initial


def test_a_convening_without_an_item_says_so_at_the_table() -> None:
    meeting, client = reach("planned"), client_of(BY)
    given = items("", "") | {"seen": meeting.chain_length}
    response = client.post(page(meeting, "convene/"), given)
    assert response.status_code == 422
    assert response.content.decode().count("議題を1件以上、件名を付けて入力してください。") == 2


def test_opening_waits_for_somebody_to_preside() -> None:
    meeting = walk.convened(walk.stage_of("kanjikai", asks="consultation"))
    assert "会長も職務代理も出席していない" in client_of(BY).get(page(meeting)).content.decode()


def test_a_remark_sent_is_not_offered_again() -> None:
    """The browser keeps a draft under its form's name until another form answers."""
    meeting, client = reach("in_session"), client_of(BY)
    kept = re.compile(r'data-draft="(remark-[^"]+)"')
    before = kept.findall(client.get(page(meeting, "remarks/")).content.decode())
    given = {"seen": meeting.chain_length, "text": "発言"}
    assert client.post(page(meeting, "remarks/"), given).status_code == 303
    assert kept.findall(client.get(page(meeting, "remarks/")).content.decode()) != before
