"""経路: what a stage may become, what departs from the route, what a send-back does."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django_fsm import TransitionNotAllowed

from tests.factories import NOON, user
from workflow.deadline.calendar import Calendar
from workflow.errors import Invalid
from workflow.models import Body, Case, Deviation, Stage, User
from workflow.path import parts
from workflow.path.queries import is_late, progress, returnable, stages_of, waits_for
from workflow.path.states import OUTCOMES, Asks

pytestmark = pytest.mark.django_db

CALENDAR = Calendar()
TUESDAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def inside(city: None) -> Iterator[None]:
    with transaction.atomic():
        yield


@pytest.fixture
def by() -> User:
    return user("joho-tanto")


def lay(route: str = "standard") -> Case:
    return parts.lay(route, title="試験", starts_on=TUESDAY, calendar=CALENDAR)


def names(stages: list[Stage]) -> list[str]:
    return [stage.name for stage in stages]


def end(stage: Stage, by: User, outcome: str = "") -> None:
    if stage.state == "planned":
        parts.open_(stage, by=by, at=NOON)
    parts.conclude(stage, outcome=outcome or OUTCOMES[stage.asks][0], remarks="", at=NOON)
    stage.save()


def walk(case: Case, by: User, count: int) -> list[Stage]:
    """End the first `count` stages and open the next; return the path."""
    stages = stages_of(case.pk)
    for stage in stages[:count]:
        end(stage, by)
    parts.open_(stages[count], by=by, at=NOON)
    stages[count].save()
    return stages_of(case.pk)


# lay


def test_a_case_copies_its_route_with_dates_in_working_days() -> None:
    stages = stages_of(lay().pk)
    assert [(str(s.round), s.name, s.body and s.body.code) for s in stages] == [
        ("素案", "庁内照会", None),
        ("素案", "幹事会", "kanjikai"),
        ("素案", "本部会", "honbukai"),
        ("素案", "情報化推進委員会", "iinkai"),
        ("素案", "パブリックコメント", None),
        ("計画案", "策定", None),
    ]
    inquiry, steering, *_ = stages
    assert (inquiry.planned_from, inquiry.planned_until) == (TUESDAY, date(2026, 12, 7))
    assert steering.planned_from == steering.planned_until == date(2026, 12, 15)
    assert [s.after for s in stages] == [None, *stages[:-1]]
    assert not any(CALENDAR.is_closed(day) for s in stages for day in (s.planned_from,))


def test_a_case_that_starts_on_a_closed_day_begins_on_the_next_open_one() -> None:
    case = parts.lay("standard", title="", starts_on=date(2026, 11, 21), calendar=CALENDAR)
    assert stages_of(case.pk)[0].planned_from == TUESDAY


def test_no_such_route() -> None:
    with pytest.raises(Invalid) as refusal:
        lay("nowhere")
    assert refusal.value.field == "route"


def test_a_city_without_the_body() -> None:
    Body.objects.filter(code="kanjikai").update(code="other")
    with pytest.raises(Invalid, match="kanjikai"):
        lay()


# every act in every state


def at(state: str, by: User) -> Stage:
    stage = stages_of(lay().pk)[0]
    if state != "planned" and state != "skipped":
        parts.open_(stage, by=by, at=NOON)
    if state == "concluded":
        parts.conclude(stage, outcome="answered", remarks="", at=NOON)
    if state == "sent_back":
        stage.send_back(reason="理由", on=TUESDAY, at=NOON)
    if state == "skipped":
        parts.skip(stage, by=by, at=NOON, reason="理由")
    if state == "cancelled":
        parts.cancel(stage, by=by, at=NOON, reason="理由")
    stage.save()
    return stage


STATES = ["planned", "open", "concluded", "sent_back", "skipped", "cancelled"]
ACTS: dict[str, tuple[Callable[..., Any], dict[str, Any], dict[str, str]]] = {
    "open": (parts.open_, {}, {"planned": "open"}),
    "conclude": (parts.conclude, {"outcome": "answered", "remarks": ""}, {"open": "concluded"}),
    "skip": (parts.skip, {"reason": "理由"}, {"planned": "skipped"}),
    "cancel": (
        parts.cancel,
        {"reason": "理由"},
        {"planned": "cancelled", "open": "cancelled"},
    ),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ACTS)
def test_acts(state: str, act: str, by: User) -> None:
    stage = at(state, by)
    do, words, allowed = ACTS[act]
    who = {} if act == "conclude" else {"by": by}
    deviations = Deviation.objects.count()
    if state not in allowed:
        with pytest.raises(TransitionNotAllowed):
            do(stage, at=NOON, **who, **words)
        assert Deviation.objects.count() == deviations
        return
    do(stage, at=NOON, **who, **words)
    stage.save()
    assert Stage.objects.get(pk=stage.pk).state == allowed[state]


@pytest.mark.parametrize("asks", list(Asks))
def test_only_an_outcome_that_answers_what_was_asked(asks: Asks, by: User) -> None:
    stage = at("open", by)
    stage.asks = asks
    wrong = next(o for other in Asks for o in OUTCOMES[other] if o not in OUTCOMES[asks])
    with pytest.raises(Invalid) as refusal:
        parts.conclude(stage, outcome=wrong, remarks="", at=NOON)
    assert (refusal.value.field, stage.state) == ("outcome", "open")
    parts.conclude(stage, outcome=OUTCOMES[asks][0], remarks="", at=NOON)
    assert stage.state == "concluded"


# deviations


def test_opening_out_of_turn_needs_a_reason_and_is_a_deviation(by: User) -> None:
    stages = walk(lay(), by, 0)
    with pytest.raises(Invalid, match="庁内照会") as refusal:
        parts.open_(stages[1], by=by, at=NOON)
    assert refusal.value.field == "reason"
    assert not Deviation.objects.exists()
    parts.open_(stages_of(stages[0].case_id)[1], by=by, at=NOON, reason="日程の都合")
    found = Deviation.objects.get()
    assert (found.kind, found.reason, found.by, found.stage) == (
        "order",
        "日程の都合",
        by,
        stages[1],
    )


def test_in_turn_there_is_no_deviation(by: User) -> None:
    walk(lay(), by, 2)
    assert not Deviation.objects.exists()


def test_a_skipped_stage_does_not_hide_the_one_before_it(by: User) -> None:
    stages = walk(lay(), by, 0)
    parts.skip(stages[1], by=by, at=NOON, reason="書面で済ませた")
    stages[1].save()
    assert waits_for(stages_of(stages[0].case_id)[2]) == stages[0]
    end(stages[0], by)
    assert waits_for(stages_of(stages[0].case_id)[2]) is None


@pytest.mark.parametrize("reason", ["", "  "])
@pytest.mark.parametrize("act", [parts.skip, parts.cancel])
def test_leaving_a_stage_out_needs_a_reason(
    act: Callable[..., None], reason: str, by: User
) -> None:
    stage = at("planned", by)
    with pytest.raises(Invalid) as refusal:
        act(stage, by=by, at=NOON, reason=reason)
    assert refusal.value.field == "reason"
    assert not Deviation.objects.exists()


def plan(stage: Stage, by: User, first: date, last: date, **more: Any) -> None:
    precision = more.pop("precision", "day")
    parts.plan(stage, first, last, precision, CALENDAR, by=by, at=NOON, **more)
    stage.save()


def test_dates_that_keep_the_length_need_no_reason(by: User) -> None:
    stage = at("planned", by)
    plan(stage, by, date(2026, 12, 1), date(2026, 12, 14))
    assert (stage.planned_from, stage.planned_until) == (date(2026, 12, 1), date(2026, 12, 14))
    assert not Deviation.objects.exists()


def test_shorter_than_the_route_needs_a_reason(by: User) -> None:
    stage = at("planned", by)
    with pytest.raises(Invalid, match="10開庁日") as refusal:
        plan(stage, by, date(2026, 12, 1), date(2026, 12, 11))
    assert refusal.value.field == "reason"
    plan(stage, by, date(2026, 12, 1), date(2026, 12, 11), reason="議会の日程")
    assert Deviation.objects.get().kind == "shortened"


def test_a_public_comment_has_its_own_rule_of_length(by: User) -> None:
    stage = stages_of(lay().pk)[4]
    plan(stage, by, date(2026, 12, 18), date(2027, 1, 16))
    assert not Deviation.objects.exists()


def test_to_the_month(by: User) -> None:
    stage = at("planned", by)
    plan(stage, by, date(2027, 2, 10), date(2027, 2, 10), precision="month")
    assert (stage.planned_from, stage.planned_until) == (date(2027, 2, 1), date(2027, 2, 28))
    assert stage.precision == "month"
    assert not is_late(stage, date(2027, 2, 28))
    assert is_late(stage, date(2027, 3, 1))


def test_dates_in_reverse(by: User) -> None:
    stage = at("planned", by)
    with pytest.raises(Invalid) as refusal:
        plan(stage, by, date(2026, 12, 2), date(2026, 12, 1))
    assert refusal.value.field == "planned_until"


def test_added_stage_stands_between(by: User) -> None:
    stages = walk(lay(), by, 1)
    added = parts.add(
        stages[1],
        kind="report",
        asks="report",
        name="部長会議",
        body=Body.objects.get(code="bucho-kaigi"),
        by=by,
        at=NOON,
        reason="市長の指示",
    )
    path = stages_of(added.case_id)
    assert names(path)[:4] == ["庁内照会", "幹事会", "部長会議", "本部会"]
    assert [s.after for s in path] == [None, *path[:-1]]
    assert Deviation.objects.get().kind == "added"


@pytest.mark.parametrize(
    "wrong,field",
    [
        ({"kind": "adoption", "asks": "decision"}, "kind"),
        ({"kind": "nothing"}, "asks"),
        ({"asks": "comments"}, "asks"),
        ({"body": None}, "body"),
        ({"kind": "inquiry", "asks": "answers"}, "body"),
        ({"name": " "}, "name"),
        ({"reason": ""}, "reason"),
    ],
)
def test_stages_that_cannot_be_added(wrong: dict[str, Any], field: str, by: User) -> None:
    stage = at("planned", by)
    sound = {"kind": "meeting", "asks": "consultation", "name": "臨時", "reason": "理由"}
    body = Body.objects.get(code="kanjikai")
    with pytest.raises(Invalid) as refusal, transaction.atomic():
        parts.add(stage, **({"body": body} | sound | wrong), by=by, at=NOON)
    assert refusal.value.field == field
    assert Stage.objects.filter(case=stage.case_id).count() == 6


def test_nothing_comes_after_the_adoption(by: User) -> None:
    adoption = stages_of(lay().pk)[-1]
    with pytest.raises(Invalid):
        parts.add(
            adoption,
            kind="inquiry",
            asks="answers",
            name="照会",
            body=None,
            by=by,
            at=NOON,
            reason="x",
        )


# send back


def send_back(stages: list[Stage], back: int, to: int, *between: int) -> list[Stage]:
    runs = parts.send_back(
        stages[back],
        to_id=stages[to].pk,
        between=[stages[n].pk for n in between],
        stages=stages,
        reason="再検討",
        at=NOON,
    )
    stages[back].save()
    return runs


def test_send_back_runs_again_in_a_new_round_and_overwrites_nothing(by: User) -> None:
    case = lay()
    before = walk(case, by, 2)
    runs = send_back(before, 2, 1)
    path = stages_of(case.pk)
    assert [(str(s.round), s.name, s.state) for s in path] == [
        ("素案", "庁内照会", "concluded"),
        ("素案", "幹事会", "concluded"),
        ("素案", "本部会", "sent_back"),
        ("素案（再）", "幹事会", "planned"),
        ("素案（再）", "本部会", "planned"),
        ("素案（再）", "情報化推進委員会", "planned"),
        ("素案（再）", "パブリックコメント", "planned"),
        ("計画案", "策定", "planned"),
    ]
    assert [s.round.number for s in path] == [1, 1, 1, 2, 2, 2, 2, 3]
    assert [s.after for s in path] == [None, *path[:-1]]
    assert [run.rerun_of for run in runs] == [before[1], before[2]]
    assert waits_for(path[3]) is None


def test_send_back_takes_along_what_is_chosen_between(by: User) -> None:
    case = lay()
    runs = send_back(walk(case, by, 3), 3, 0, 1)
    assert names(runs) == ["庁内照会", "幹事会", "情報化推進委員会"]


def test_what_ran_again_is_sent_back_by_its_last_run(by: User) -> None:
    case = lay()
    send_back(walk(case, by, 2), 2, 1)
    path = stages_of(case.pk)
    end(path[3], by)
    parts.open_(path[4], by=by, at=NOON)
    path[4].save()
    path = stages_of(case.pk)
    assert returnable(path[4], path) == [path[0], path[3]]
    send_back(path, 4, 3)
    again = stages_of(case.pk)
    assert [str(s.round) for s in again].count("素案（再）（再）") == 4
    assert len({(s.round.number, s.order) for s in again}) == len(again)


def test_an_open_stage_beside_it_stays_where_it_is(by: User) -> None:
    case = lay()
    path = walk(case, by, 2)
    parts.open_(path[3], by=by, at=NOON, reason="並行して進める")
    path[3].save()
    send_back(stages_of(case.pk), 2, 1)
    beside = Stage.objects.get(pk=path[3].pk)
    assert (beside.state, str(beside.round)) == ("open", "素案")


@pytest.mark.parametrize("to", [2, 3, 5])
def test_only_to_what_has_concluded_before(to: int, by: User) -> None:
    stages = walk(lay(), by, 2)
    with pytest.raises(Invalid) as refusal, transaction.atomic():
        send_back(stages, 2, to)
    assert refusal.value.field == "to_stage"


def test_between_lies_after_where_it_goes(by: User) -> None:
    stages = walk(lay(), by, 2)
    with pytest.raises(Invalid), transaction.atomic():
        send_back(stages, 2, 1, 0)


def test_a_planned_stage_is_not_sent_back(by: User) -> None:
    stages = walk(lay(), by, 2)
    with pytest.raises(TransitionNotAllowed):
        send_back(stages, 3, 1)


def test_send_back_needs_a_reason(by: User) -> None:
    stages = walk(lay(), by, 2)
    with pytest.raises(Invalid) as refusal:
        parts.send_back(stages[2], to_id=stages[1].pk, stages=stages, reason=" ", at=NOON)
    assert refusal.value.field == "reason"


# reading


def test_the_path_is_read_in_one_statement(
    by: User, django_assert_num_queries: Callable[[int], Any]
) -> None:
    case = lay("hadano_2020")
    with django_assert_num_queries(1):
        stages = stages_of(case.pk)
        assert [waits_for(s) for s in stages] == [None, *stages[:-1]]
        assert str(stages[0].body) == "ICT推進会議 本部会"


def test_late_and_progress(by: User) -> None:
    stages = walk(lay(), by, 1)
    assert progress(stages) == (1, 6)
    steering = stages[1]
    assert not is_late(steering, date(2026, 12, 15))
    assert is_late(steering, date(2026, 12, 16))
    assert is_late(stages[2], date(2027, 3, 1))
    assert not is_late(stages[0], date(2027, 3, 1))
    parts.skip(stages[2], by=by, at=NOON, reason="理由")
    assert progress(stages) == (1, 5)


def test_abandon_ends_what_has_not_ended(by: User) -> None:
    stages = walk(lay(), by, 1)
    left = parts.abandon(stages, reason="取下げ", at=NOON)
    assert names(left) == names(stages[1:])
    assert {s.state for s in left} == {"cancelled"}
    assert not Deviation.objects.exists()
