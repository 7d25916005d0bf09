"""会議: every act, in every state, by everybody."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django_fsm import TransitionNotAllowed

from revisions.meeting import commands, commands_minutes, commands_schedule
from revisions.models import Meeting
from tests.factories import NOON, post, user
from tests.revisions.meeting import walk
from tests.revisions.meeting.walk import (
    BY,
    EVERYBODY,
    HELD_ON,
    MEETING_NOON,
    OFFICERS,
    SECRETARIAT,
    STATES,
    reach,
    refused,
)
from workflow.errors import Invalid, NotAllowed, Stale, Unmet
from workflow.models import AuditEntry, OutboxEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city")]

Act = Callable[[Meeting, str], Any]
LATER = date(2026, 12, 3)


def convene(meeting: Meeting, who: str, **more: Any) -> Any:
    given = {"agenda": [("素案について", False)]} | more
    return commands.convene(meeting_id=meeting.pk, by=user(who), at=NOON, **given)


def set_attendance(meeting: Meeting, who: str) -> Any:
    presences = {post("iin-1").pk: ("present", "")}
    return commands.set_attendance(
        meeting_id=meeting.pk, presences=presences, by=user(who), at=MEETING_NOON
    )


def start(meeting: Meeting, who: str) -> Any:
    return commands.start(meeting_id=meeting.pk, by=user(who), at=MEETING_NOON)


def record_item(meeting: Meeting, who: str) -> Any:
    item = meeting.items.first()
    return commands.record_item(
        meeting_id=meeting.pk,
        item_id=item.pk if item else 0,
        outcome="heard",
        by=user(who),
        at=MEETING_NOON,
    )


def close(meeting: Meeting, who: str) -> Any:
    return commands.close(meeting_id=meeting.pk, by=user(who), at=MEETING_NOON)


def cancel(meeting: Meeting, who: str) -> Any:
    return commands.cancel_meeting(
        meeting_id=meeting.pk, reason="荒天のため", by=user(who), at=NOON
    )


def move(meeting: Meeting, who: str, to: date = LATER, **more: Any) -> Any:
    given = {"held_on": to, "place": "文化会館", "reason": "会場の都合"} | more
    return commands_schedule.move_meeting(meeting_id=meeting.pk, by=user(who), at=NOON, **given)


def adjourn(meeting: Meeting, who: str) -> Any:
    return commands.adjourn(
        meeting_id=meeting.pk, reason="定足数不足", by=user(who), at=MEETING_NOON
    )


def edit(meeting: Meeting, who: str) -> Any:
    return commands_minutes.edit_minutes(
        meeting_id=meeting.pk, text="改めた要点", by=user(who), at=MEETING_NOON
    )


def fix(meeting: Meeting, who: str) -> Any:
    return commands_minutes.fix_minutes(
        meeting_id=meeting.pk, second_id=post("iin-3").pk, by=user(who), at=MEETING_NOON
    )


# command, who may, what comes of it in each state; elsewhere the state refuses
TABLE: list[tuple[Act, set[str], dict[str, Any]]] = [
    (convene, SECRETARIAT, {"planned": "convened"}),
    (set_attendance, SECRETARIAT, {"convened": "convened", "in_session": "in_session"}),
    (start, SECRETARIAT | OFFICERS, {"convened": "in_session"}),
    (record_item, SECRETARIAT, {"in_session": "in_session"}),
    (close, SECRETARIAT | OFFICERS, {"in_session": Unmet}),
    (cancel, SECRETARIAT, {"planned": "cancelled", "convened": "cancelled"}),
    (edit, SECRETARIAT, {"in_session": "in_session", "closed": "closed"}),
    (move, SECRETARIAT, {"planned": "planned", "convened": "convened"}),
]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act, may, outcomes", TABLE, ids=[row[0].__name__ for row in TABLE])
def test_who_and_when(state: str, act: Act, may: set[str], outcomes: dict[str, Any]) -> None:
    meeting = reach(state)
    if act is record_item and state == "planned":
        return  # no item is there to be recorded
    presiding = {meeting.presiding.code} if meeting.presiding else may
    may = may & (SECRETARIAT | presiding)
    for who in set(EVERYBODY) - may:
        refused(lambda who=who: act(meeting, who), NotAllowed)
    expected = outcomes.get(state, TransitionNotAllowed)
    if isinstance(expected, type):
        for who in may:
            refused(lambda who=who: act(meeting, who), expected)
    else:
        entries = AuditEntry.objects.filter(subject=meeting.key).count()
        act(meeting, BY)
        assert Meeting.objects.get(pk=meeting.pk).state == expected
        assert AuditEntry.objects.filter(subject=meeting.key).count() == entries + 1


@pytest.mark.parametrize("state", ["drafting", "fixed", "signed", "in_session"])
def test_fix_minutes(state: str) -> None:
    meeting = reach(state)
    if state == "in_session":
        walk.write(meeting)
    for who in set(EVERYBODY) - SECRETARIAT:
        refused(lambda who=who: fix(meeting, who), NotAllowed)
    if state == "drafting":
        fix(meeting, "joho-kacho")
        assert Meeting.objects.get(pk=meeting.pk).minutes_state == "fixed"
    else:
        refused(lambda: fix(meeting, BY), TransitionNotAllowed)


@pytest.mark.parametrize("who", sorted({"iin-1", "iin-2", BY}))
def test_presiding_officers_open_and_close(who: str) -> None:
    meeting = reach("convened")
    start(meeting, who)
    meeting = Meeting.objects.get(pk=meeting.pk)
    assert meeting.presiding.code == "iin-1"
    for item in meeting.items.all():
        walk.decide(item)
    if who == "iin-2":  # the chair presides, so the deputy is one member among others now
        refused(lambda: close(meeting, who), NotAllowed)
    else:
        close(meeting, who)


@pytest.mark.parametrize("who", EVERYBODY)
def test_plan_meeting(who: str) -> None:
    stage = walk.stage_of()

    def act() -> Meeting:
        return commands.plan_meeting(
            stage_id=stage.pk,
            body_id=stage.body_id,
            held_on=HELD_ON,
            title="第1回",
            by=user(who),
            at=NOON,
        )

    if who not in SECRETARIAT:
        refused(act, NotAllowed)
    else:
        assert act().state == "planned"


@pytest.mark.parametrize(
    "day, before",
    [
        (date(2026, 11, 28), "令和8年11月27日(金)"),  # a Saturday
        (date(2027, 1, 3), "令和8年12月28日(月)"),
        (date(2026, 11, 23), "令和8年11月20日(金)"),  # a national holiday after a week-end
    ],
)
def test_a_closed_day_is_refused_and_the_day_before_proposed(day: date, before: str) -> None:
    stage = walk.stage_of()
    refusal = refused(lambda: walk.planned(stage, held_on=day), Invalid)
    assert before in str(refusal)
    assert refusal.field == "held_on"
    assert walk.planned(stage, held_on=day, accept_day=True).held_on == day


def test_only_stages_that_meet_and_have_not_ended_get_a_meeting() -> None:
    stage = walk.stage_of(kind="adoption", asks="decision")
    refused(lambda: walk.planned(stage), Invalid)


def test_an_ended_stage_gets_no_meeting() -> None:
    stage = walk.stage_of()
    stage.cancel(reason="取りやめ", on=HELD_ON, at=NOON)
    stage.save()
    refused(lambda: walk.planned(stage), Unmet)


def test_a_stale_page_is_refused() -> None:
    meeting = reach("convened")
    refused(
        lambda: commands.start(meeting_id=meeting.pk, by=user(BY), at=MEETING_NOON, seen=1), Stale
    )


# Convening


def test_convene_freezes_the_paper_and_lets_the_body_read_it() -> None:
    meeting = walk.convened(walk.stage_of())
    assert meeting.version.revision == meeting.revision
    assert [row.post.code for row in meeting.attendance.all()] == walk.members(8)
    assert [row.role for row in meeting.attendance.all()][:3] == ["chair", "deputy", "member"]
    told = OutboxEvent.objects.filter(kind="meeting.convened").get()
    assert told.groups == [meeting.body.group_id]
    assert told.link == f"/meetings/{meeting.pk}/"


@pytest.mark.parametrize("agenda", [[], [("  ", False)], [("素案", False), ("", False)]])
def test_an_agenda_needs_items_with_titles(agenda: Any) -> None:
    meeting = walk.planned(walk.stage_of())
    assert refused(lambda: convene(meeting, BY, agenda=agenda), Invalid).field == "items"


def test_a_body_without_a_vote_rule_takes_no_vote() -> None:
    meeting = walk.planned(walk.stage_of("honbukai", asks="consultation"))
    refusal = refused(lambda: convene(meeting, BY, agenda=[("素案", True)]), Invalid)
    assert "議決の定めがない" in str(refusal)


def test_invited_directors_belong_to_the_meeting_without_counting() -> None:
    stage = walk.stage_of("honbukai", asks="consultation")
    meeting = walk.convened(stage, invited=[post("fukushi-bucho").pk])
    guest = meeting.attendance.get(post__code="fukushi-bucho")
    assert guest.is_invited
    told = OutboxEvent.objects.filter(kind="meeting.convened").get()
    assert set(told.groups) == {meeting.body.group_id, post("fukushi-bucho").group_id}


@pytest.mark.parametrize("invited", [[0], [10**6]])
def test_a_guest_must_exist(invited: list[int]) -> None:
    meeting = walk.planned(walk.stage_of("honbukai", asks="consultation"))
    refused(lambda: convene(meeting, BY, invited=invited), Invalid)


def test_a_member_is_no_guest() -> None:
    meeting = walk.planned(walk.stage_of("honbukai", asks="consultation"))
    refused(lambda: convene(meeting, BY, invited=[post("somu-bucho").pk]), Invalid)


# Attendance


@pytest.mark.parametrize(
    "presence, field, words",
    [
        (("proxy", ""), "proxy", "代理で出席した人を入力"),
        (("present", "代理の人"), "presence", "代理出席にして"),
        (("absent", "代理の人"), "presence", "代理出席にして"),
        (("nonsense", ""), "", "出欠を選び直して"),
    ],
)
def test_attendance_that_contradicts_itself_is_refused(
    presence: tuple[str, str], field: str, words: str
) -> None:
    meeting = reach("convened")

    def act() -> Meeting:
        return commands.set_attendance(
            meeting_id=meeting.pk,
            presences={post("iin-1").pk: presence},
            by=user(BY),
            at=MEETING_NOON,
        )

    refusal = refused(act, Invalid)
    assert words in str(refusal)
    assert refusal.field == (f"{field}-{post('iin-1').pk}" if field else "")


def test_somebody_who_does_not_belong_has_no_attendance() -> None:
    meeting = reach("convened")

    def act() -> Meeting:
        return commands.set_attendance(
            meeting_id=meeting.pk,
            presences={post("shicho").pk: ("present", "")},
            by=user(BY),
            at=MEETING_NOON,
        )

    refused(act, Invalid)


def test_the_roster_is_that_of_the_day() -> None:
    meeting = walk.convened(walk.stage_of())
    walk.vacate("iin-8")
    walk.come(meeting)
    assert meeting.attendance.count() == 8 - 1


# Opening


def test_a_meeting_is_not_opened_before_its_day() -> None:
    meeting = reach("convened")
    early = MEETING_NOON - timedelta(days=1)
    refused(lambda: commands.start(meeting_id=meeting.pk, by=user(BY), at=early), Unmet)


def test_a_meeting_is_not_opened_before_its_stage() -> None:
    stage = walk.stage_of()
    planned = type(stage)(
        case=stage.case, round=stage.round, order=9, kind="meeting", asks="hearing", name="委員会"
    )
    planned.body = stage.body
    planned.save()
    meeting = walk.come(walk.convened(planned), *walk.members(8))
    refusal = refused(lambda: start(meeting, BY), Unmet)
    assert refusal.missing[0].link == f"/stages/{planned.pk}/"


@pytest.mark.parametrize(
    "present, vacant, short",
    [(5, 0, 0), (4, 0, 1), (0, 0, 5), (4, 1, 0), (3, 1, 1)],
)
def test_quorum_is_more_than_half_of_those_in_office(present: int, vacant: int, short: int) -> None:
    meeting = walk.convened(walk.stage_of())
    if vacant:
        walk.vacate("iin-8")
    walk.come(meeting, *walk.members(present))
    if short:
        refusal = refused(lambda: start(meeting, BY), Unmet)
        assert f"あと{short}人" in refusal.missing[0].what
        assert refusal.missing[0].link == f"/meetings/{meeting.pk}/attendance/"
    else:
        assert start(meeting, BY).state == "in_session"


def test_quorum_of_the_seats_where_the_rule_counts_seats() -> None:
    stage = walk.stage_of()
    stage.body.rules.update(base="seats")
    meeting = walk.convened(stage)
    walk.vacate("iin-8")
    walk.come(meeting, *walk.members(4))
    refused(lambda: start(meeting, BY), Unmet)


def test_a_proxy_does_not_make_a_quorum() -> None:
    meeting = walk.come(walk.convened(walk.stage_of()), *walk.members(4))
    commands.set_attendance(
        meeting_id=meeting.pk,
        presences={post("iin-5").pk: ("proxy", "代理の人")},
        by=user(BY),
        at=MEETING_NOON,
    )
    refused(lambda: start(meeting, BY), Unmet)


def test_the_deputy_presides_when_the_chair_is_absent() -> None:
    meeting = walk.in_session(walk.stage_of(), *walk.members(5, first=2))
    assert meeting.presiding.code == "iin-2"


def test_nobody_presides_when_chair_and_deputy_are_absent() -> None:
    meeting = walk.come(walk.convened(walk.stage_of()), *walk.members(6, first=3))
    assert "職務代理" in str(refused(lambda: start(meeting, BY), Unmet))


def test_a_body_without_a_quorum_rule_starts_with_its_presiding_officer() -> None:
    stage = walk.stage_of("honbukai", asks="consultation")
    assert walk.in_session(stage, "fuku-shicho-b").presiding.code == "fuku-shicho-b"


def test_a_body_without_seats_is_run_by_who_opens_it() -> None:
    stage = walk.stage_of("giin-renraku", kind="report", asks="report_and_hearing")
    meeting = walk.convened(stage, invited=[post("somu-bucho").pk])
    assert start(meeting, BY).presiding.code == "joho-tanto"


# Adjourning


@pytest.mark.parametrize("who", EVERYBODY)
def test_adjourn_for_want_of_a_quorum(who: str) -> None:
    meeting = walk.come(walk.convened(walk.stage_of()), *walk.members(4))
    if who in SECRETARIAT | OFFICERS:
        assert adjourn(meeting, who).state == "adjourned"
        assert OutboxEvent.objects.filter(kind="meeting.adjourned").exists()
    else:
        refused(lambda: adjourn(meeting, who), NotAllowed)


def test_a_meeting_with_a_quorum_is_not_adjourned() -> None:
    meeting = reach("convened")
    refused(lambda: adjourn(meeting, BY), Unmet)


@pytest.mark.parametrize("state", ["planned", "adjourned", "cancelled"])
def test_adjourn_only_what_was_convened(state: str) -> None:
    meeting = reach(state)
    refused(lambda: adjourn(meeting, BY), TransitionNotAllowed)


@pytest.mark.parametrize("command", [commands.adjourn, commands.cancel_meeting])
def test_giving_up_needs_a_reason(command: Any) -> None:
    meeting = walk.convened(walk.stage_of())
    refusal = refused(
        lambda: command(meeting_id=meeting.pk, reason=" ", by=user(BY), at=MEETING_NOON), Invalid
    )
    assert refusal.field == "reason"


# Items


def vote(meeting: Meeting, *votes: int, casting: Any = None) -> Any:
    item = meeting.items.get(needs_vote=True)
    return commands.record_item(
        meeting_id=meeting.pk,
        item_id=item.pk,
        votes=votes,
        casting=casting,
        by=user(BY),
        at=MEETING_NOON,
    )


@pytest.mark.parametrize(
    "votes, casting, outcome",
    [
        ((4, 3, 0), None, "carried"),
        ((3, 2, 2), None, "lost"),
        ((3, 3, 1), "yes", "carried"),
        ((3, 3, 1), "no", "lost"),
    ],
)
def test_the_outcome_follows_from_the_count(votes: Any, casting: Any, outcome: str) -> None:
    item = vote(walk.in_session(walk.stage_of()), *votes, casting=casting)
    assert item.outcome == outcome
    entry = AuditEntry.objects.get(verb="meeting.item_recorded")
    assert f'"after":"{outcome}"' in entry.body


@pytest.mark.parametrize(
    "votes, casting, field",
    [
        ((3, 3, 1), None, "presiding_vote"),
        ((5, 3, 0), None, "yes"),
        ((4, 3, 0), "yes", "yes"),
        ((-1, 0, 0), None, "yes"),
    ],
)
def test_a_count_that_cannot_be_is_refused(votes: Any, casting: Any, field: str) -> None:
    meeting = walk.in_session(walk.stage_of())
    assert refused(lambda: vote(meeting, *votes, casting=casting), Invalid).field == field


def test_a_vote_needs_its_counts_and_a_choice_its_outcome() -> None:
    meeting = walk.in_session(walk.stage_of())
    common = {"meeting_id": meeting.pk, "by": user(BY), "at": MEETING_NOON}
    voted, heard = meeting.items.get(needs_vote=True), meeting.items.get(needs_vote=False)
    refused(lambda: commands.record_item(item_id=voted.pk, outcome="carried", **common), Invalid)
    refused(lambda: commands.record_item(item_id=heard.pk, outcome="carried", **common), Invalid)


def test_a_vote_needs_the_quorum_still() -> None:
    meeting = walk.in_session(walk.stage_of())
    walk.come(meeting, *walk.members(4))
    refused(lambda: vote(meeting, 3, 0, 0), Unmet)


def test_close_lists_every_item_without_an_outcome() -> None:
    meeting = walk.in_session(walk.stage_of())
    refusal = refused(lambda: close(meeting, BY), Unmet)
    assert len(refusal.missing) == 2
    vote(meeting, 4, 3, 0)
    [left] = refused(lambda: close(meeting, BY), Unmet).missing
    assert "素案について" in left.what


# Moving


def test_who_was_convened_is_told_and_says_anew_whether_they_come() -> None:
    meeting = reach("convened")
    assert meeting.attendance.filter(presence="present").exists()
    move(meeting, BY, starts_at=time(14))
    moved = Meeting.objects.get(pk=meeting.pk)
    assert (moved.held_on, moved.starts_at, moved.place) == (LATER, time(14), "文化会館")
    assert moved.state == "convened"
    assert not moved.attendance.exclude(presence="unknown").exists()
    entry = AuditEntry.objects.get(subject=meeting.key, verb="meeting.moved")
    assert HELD_ON.isoformat() in entry.body
    told = OutboxEvent.objects.get(entry=entry)
    assert told.groups == [meeting.body.group_id]
    assert (told.facts["held_on"], told.facts["starts_at"]) == ("2026-12-03", "14:00")


def test_of_a_meeting_only_planned_nobody_is_told() -> None:
    meeting = reach("planned")
    told = OutboxEvent.objects.count()
    move(meeting, BY)
    assert OutboxEvent.objects.count() == told


def test_another_place_keeps_who_comes() -> None:
    meeting = reach("convened")
    move(meeting, BY, to=HELD_ON)
    assert meeting.attendance.filter(presence="present").exists()


def test_where_a_meeting_is_not_moved_to() -> None:
    meeting = reach("convened")
    walk.planned(meeting.stage, held_on=date(2026, 12, 4))
    same = {"to": HELD_ON, "place": meeting.place}
    saturday, taken, past = date(2026, 11, 28), date(2026, 12, 4), date(2026, 11, 20)
    for wrong in (same, {"to": saturday}, {"to": taken}, {"to": past}):
        refusal = refused(lambda wrong=wrong: move(meeting, BY, **wrong), Invalid)
        assert refusal.field == "held_on"
    assert refused(lambda: move(meeting, BY, reason=" "), Invalid).field == "reason"
    refused(lambda: move(meeting, BY, seen=1), Stale)
    assert move(meeting, BY, to=saturday, accept_day=True).held_on == saturday


def test_the_notice_that_a_bodys_rule_asks_for() -> None:
    meeting = reach("convened")
    meeting.body.rules.update(notice_days=10)
    refusal = refused(lambda: move(meeting, BY), Invalid)
    assert "10日前" in str(refusal)
    assert "9日前になります" in str(refusal)
    assert move(meeting, BY, to=date(2026, 12, 4)).held_on.day == 4
    assert move(meeting, BY, accept_day=True).held_on == LATER
