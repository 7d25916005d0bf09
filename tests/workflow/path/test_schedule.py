"""逆算日程: what the days are, and what is always so whatever the path."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workflow.deadline.calendar import Calendar, days
from workflow.path.placing import Gazette, Job, Place, Rule, in_turn
from workflow.path.schedule import Timetable, lay_out, slip
from workflow.path.warnings import warnings_of
from workflow.people.regular import Regular

CALENDAR = Calendar()
TODAY = date(2026, 11, 24)
ISSUED = (Rule(gazette=Gazette((1, 15), 15)),)


def met(weekday: int, *weeks: int, months: tuple[int, ...] = ()) -> tuple[Rule, ...]:
    return (Rule(regular=Regular(weekday, weeks, months)),)


STANDARD = [
    Job(1, 10),
    Job(2, after=(1,), lead=5, rules=met(2, 4)),
    Job(3, after=(2,), lead=10, rules=met(1, 2)),
    Job(4, after=(3,), lead=10, rules=(Rule(notice=7),)),
    Job(5, 20, (4,), 15, comment=30, rules=ISSUED),
    Job(6, 5, (5,), 20),
]


def plan(jobs: list[Job], year: int, month: int, today: date = TODAY) -> Timetable:
    return lay_out(jobs, month=date(year, month, 1), calendar=CALENDAR, today=today)


def told(table: Timetable) -> list[tuple[int, str]]:
    return [(warned.key, warned.rule) for warned in warnings_of(table)]


# what the days are


def test_latest_days_are_counted_back_from_the_last_open_day_of_the_month() -> None:
    table = plan(STANDARD, 2027, 6)
    latest = {key: (d.latest_first, d.latest_last) for key, d in table.dates.items()}
    assert table.by == date(2027, 6, 30)
    assert latest[6] == (date(2027, 6, 24), date(2027, 6, 30))
    assert latest[5] == (date(2027, 4, 27), date(2027, 5, 26))  # 30 days, the first one counted
    assert latest[4] == (date(2027, 4, 5), date(2027, 4, 5))
    assert latest[3] == (date(2027, 3, 9), date(2027, 3, 9))  # the second Tuesday
    assert latest[2] == (date(2027, 1, 27), date(2027, 1, 27))
    assert latest[1] == (date(2027, 1, 5), date(2027, 1, 19))
    assert told(table) == []
    assert [key for key, d in table.dates.items() if d.critical] == [3]
    assert [reason.rule for reason in table.dates[3].why_latest] == ["before", "regular"]


def test_a_comment_waits_for_the_paper_of_the_gazette_that_announces_it() -> None:
    comment = Job(1, comment=30, rules=ISSUED)
    table = plan([comment, Job(2, after=(1,))], 2027, 6, today=date(2027, 1, 25))
    soonest = table.soonest[1]
    assert soonest.first == date(2027, 3, 2)  # 15 working days before 02-15 was 01-22
    ready = Place(CALENDAR, date(2027, 1, 22)).ready_by(comment, date(2027, 2, 17))
    assert ready
    assert ready.values == {"issue": date(2027, 2, 15), "by": date(2027, 1, 22)}


def test_a_plan_that_cannot_be_says_when_it_would_have_had_to_begin() -> None:
    table = plan(STANDARD, 2027, 3)
    assert not table.is_possible
    past, misses = warnings_of(table)
    assert (past.key, past.rule, past.values) == (
        1,
        "past",
        {"by": date(2026, 10, 6), "days": 32},
    )
    assert (misses.rule, misses.values["adopted_on"]) == ("misses", table.adopted_on)
    assert table.dates == plan(STANDARD, 2027, 3).dates


def test_a_body_that_does_not_meet_in_time_is_named() -> None:
    quarterly = met(3, 3, months=(2, 5, 8, 11))
    jobs = [Job(1, 5), Job(2, after=(1,), rules=quarterly), Job(3, after=(2,), lead=5)]
    (past, nothing, misses) = warnings_of(plan(jobs, 2027, 1))
    assert (past.key, past.rule, misses.rule) == (1, "past", "misses")
    assert (nothing.key, nothing.rule) == (2, "no_regular_day")
    assert nothing.values["next"] == date(2027, 2, 18)


def test_notice_that_can_no_longer_be_given() -> None:
    jobs = [replace(STANDARD[3], after=(), rules=(Rule(notice=14),)), Job(5, after=(4,))]
    assert told(plan(jobs, 2026, 12))[:1] == []
    (noticed, _misses) = warnings_of(plan(jobs, 2026, 12, today=date(2026, 12, 18)))
    assert (noticed.key, noticed.rule) == (4, "notice_past")
    assert noticed.values == {"days": 14, "by": date(2026, 12, 11), "begins": date(2026, 12, 25)}


def test_a_stage_follows_the_rules_of_its_own_day() -> None:
    april = date(2027, 4, 1)
    body = in_turn([Rule(7, Regular(2, (4,))), Rule(14, Regular(0, (1,)), since=april)])
    jobs = [Job(1), Job(2, after=(1,), rules=body), Job(3, after=(2,))]
    before, after = (plan(jobs, 2027, month).dates[2] for month in (3, 4))
    assert (before.latest_first, after.latest_first) == (date(2027, 3, 24), date(2027, 4, 5))
    late = plan(jobs, 2027, 4, today=date(2027, 3, 25))
    assert late.soonest[2].first == date(2027, 5, 3) + timedelta(3)  # the first Monday is closed
    assert told(late)[0] == (2, "notice_past")


def test_rules_follow_each_other_without_a_gap() -> None:
    one, two = Rule(7, until=date(2026, 6, 30)), Rule(14, since=date(2026, 4, 1))
    short = Rule(3, since=date(2026, 8, 1), until=date(2026, 8, 31))
    found = in_turn([short, two, one])
    assert [(rule.notice, rule.since) for rule in found] == [
        (7, date.min),
        (14, date(2026, 4, 1)),
        (14, date(2026, 7, 1)),
        (3, date(2026, 8, 1)),
        (14, date(2026, 9, 1)),
    ]
    assert in_turn([]) == (Rule(),)
    assert in_turn([Rule(7, since=date(2026, 4, 1), until=date(2026, 4, 30))])[-1].notice == 0


def test_thirty_days_over_new_year_are_pointed_out() -> None:
    comment = Job(1, comment=30, fixed=(date(2026, 12, 10), date(2027, 1, 8)))
    assert told(plan([comment, Job(2, after=(1,), lead=5)], 2027, 2)) == [(1, "new_year")]


@pytest.mark.parametrize("month", range(1, 13))
def test_what_is_under_way_is_over_by_an_open_day(month: int) -> None:
    inquiry = Job(1, 10, began=date(2026, 11, 5), expected=date(2026, 11, 20))
    table = plan([inquiry, Job(2, after=(1,))], 2027, month)
    latest = table.dates[1].latest_last
    assert latest
    assert not CALENDAR.is_closed(latest)


def test_a_comment_under_way_may_be_over_on_any_day() -> None:
    comment = Job(1, comment=30, began=date(2026, 11, 5), expected=date(2026, 12, 4))
    ends = {plan([comment, Job(2, after=(1,))], 2027, n).dates[1].latest_last for n in range(1, 13)}
    assert any(day and CALENDAR.is_closed(day) for day in ends)


def test_what_is_under_way_and_what_is_over_keep_their_days() -> None:
    jobs = [
        Job(1, 10, began=date(2026, 11, 5), ended=date(2026, 11, 18)),
        Job(2, 10, (1,), began=date(2026, 11, 10), expected=date(2026, 11, 20)),
        Job(3, after=(2,), lead=1),
    ]
    table = plan(jobs, 2026, 12)
    assert (table.dates[1].first, table.dates[1].last) == (date(2026, 11, 5), date(2026, 11, 18))
    assert table.dates[2].last == TODAY  # late already: today at the earliest
    assert table.dates[3].earliest == date(2026, 12, 1)  # an adoption is in its month
    assert plan(jobs, 2026, 11).dates[3].earliest == date(2026, 11, 26)
    assert not table.dates[1].critical
    assert told(plan(jobs, 2026, 11, today=date(2026, 11, 30))) == [
        (2, "late"),
        (3, "misses"),
    ]


def test_days_settled_by_hand_move_their_neighbours_and_are_held_against_the_rules() -> None:
    moved = replace(STANDARD[2], fixed=(date(2027, 2, 10), date(2027, 2, 10)))
    table = plan([*STANDARD[:2], moved, *STANDARD[3:]], 2027, 6)
    assert table.dates[2].latest_first == date(2026, 12, 23)  # it was 01-27
    assert table.dates[4].first > date(2027, 2, 25)
    assert told(table) == [(3, "not_regular")]
    early = replace(moved, fixed=(date(2026, 12, 1), date(2026, 12, 1)))
    assert (3, "too_early") in told(plan([*STANDARD[:2], early, *STANDARD[3:]], 2027, 6))
    late = replace(moved, fixed=(date(2027, 4, 13), date(2027, 4, 13)))
    assert told(plan([*STANDARD[:2], late, *STANDARD[3:]], 2027, 6))[0] == (3, "too_late")
    short = replace(STANDARD[4], fixed=(date(2027, 4, 1), date(2027, 4, 29)))
    assert (5, "short_comment") in told(plan([*STANDARD[:4], short, STANDARD[5]], 2027, 6))
    closed = replace(STANDARD[5], fixed=(date(2027, 6, 26), date(2027, 6, 30)))
    assert (6, "closed") in told(plan([*STANDARD[:5], closed], 2027, 6))
    assert (6, "short") in told(plan([*STANDARD[:5], closed], 2027, 6))
    past = replace(STANDARD[0], fixed=(date(2026, 11, 20), date(2026, 12, 4)))
    assert (1, "begins_past") in told(plan([past, *STANDARD[1:]], 2027, 6))


def test_days_that_are_only_planned_do_not_bring_forward_what_is_before_them() -> None:
    day = date(2027, 2, 9)  # a second Tuesday
    planned = replace(STANDARD[2], fixed=(day, day), movable=True)
    table = plan([*STANDARD[:2], planned, *STANDARD[3:]], 2027, 6)
    free = plan(STANDARD, 2027, 6)
    for key in (1, 2, 3):
        assert table.dates[key].latest_last == free.dates[key].latest_last
    held = plan([*STANDARD[:2], replace(planned, movable=False), *STANDARD[3:]], 2027, 6)
    assert held.dates[2].latest_first == date(2026, 12, 23)


def test_a_day_that_is_not_regular_is_counted_in_open_days_and_says_so() -> None:
    day = date(2027, 2, 10)
    planned = replace(STANDARD[2], fixed=(day, day), movable=True)
    dates = plan([*STANDARD[:2], planned, *STANDARD[3:]], 2027, 6).dates[3]
    assert [reason.rule for reason in dates.why_latest] == ["before", "irregular"]
    regular = plan(STANDARD, 2027, 6).dates[3]
    assert [reason.rule for reason in regular.why_latest] == ["before", "regular"]
    assert regular.latest_first == date(2027, 3, 9)
    assert dates.latest_first
    assert dates.latest_first > date(2027, 3, 9)


def test_too_few_days_of_a_comment_cannot_be() -> None:
    short = replace(STANDARD[4], fixed=(date(2027, 4, 1), date(2027, 4, 3)))
    found = warnings_of(plan([*STANDARD[:4], short, STANDARD[5]], 2027, 6))
    (warned,) = [each for each in found if each.rule == "short_comment"]
    assert (warned.impossible, warned.values) == (True, {"has": 3, "needs": 30})


def test_what_slips() -> None:
    table = plan(STANDARD, 2027, 6)
    assert slip(table, 1, 0) == ()
    first, *rest = slip(table, 3, 1)
    assert (first.key, first.first) == (3, date(2027, 3, 9))  # the next second Tuesday
    assert [moved.key for moved in rest] == [4, 5]
    assert [moved.key for moved in slip(table, 5, 10)] == [5, 6]
    with pytest.raises(ValueError, match="0以上"):
        slip(table, 1, -1)


def test_a_stage_that_did_not_wait_keeps_its_distance() -> None:
    beside = [
        Job(1, fixed=(date(2026, 12, 10), date(2026, 12, 21))),
        Job(2, after=(1,), lead=2, fixed=(date(2026, 12, 17), date(2026, 12, 17))),
        Job(3, after=(2,), lead=3),
    ]
    moved = {m.key: m.first for m in slip(plan(beside, 2027, 2), 1, 2)}
    assert moved[2] == date(2026, 12, 21)


def test_a_path_is_in_order() -> None:
    with pytest.raises(ValueError, match="先に並べて"):
        plan([Job(2, after=(1,)), Job(1)], 2027, 3)
    with pytest.raises(ValueError, match="段階がありません"):
        plan([], 2027, 3)


def chain(count: int, length: int = 1, lead: int = 0) -> list[Job]:
    return [Job(n, length, (n - 1,) if n else (), lead if n else 0) for n in range(count)]


UNANNOUNCED = [Job(0, comment=30, rules=in_turn([])), Job(1, after=(0,))]


@pytest.mark.parametrize(
    "jobs, month, today, soonest",
    [
        (chain(1), date(2026, 11, 1), date(2026, 11, 30), date(2026, 11, 30)),
        (chain(1), date(2028, 2, 1), date(2028, 2, 29), date(2028, 2, 29)),
        (chain(1), date(2027, 4, 30), date(2027, 4, 1), date(2027, 4, 1)),
        (chain(2), date(2026, 12, 1), date(2026, 12, 26), date(2027, 1, 4)),
        (chain(2), date(2026, 1, 1), TODAY, date(2026, 11, 25)),  # a month that is over
        (chain(60, 2, 3), date(2029, 3, 1), TODAY, date(2029, 3, 1)),
        (chain(60, 2, 3), date(2027, 3, 1), TODAY, CALENDAR.working_day_after(TODAY, 296)),
        (chain(3, lead=250), date(2027, 3, 1), TODAY, CALENDAR.working_day_after(TODAY, 502)),
        (UNANNOUNCED, date(2027, 2, 1), date(2026, 12, 31), date(2027, 2, 3)),  # from 01-04
    ],
)
def test_plans_at_the_edges(jobs: list[Job], month: date, today: date, soonest: date) -> None:
    table = lay_out(jobs, month=month, calendar=CALENDAR, today=today)
    assert table.soonest[jobs[-1].key].last == soonest
    assert table.is_possible == (soonest <= table.by)
    firsts = [dates.first for dates in table.dates.values()]
    assert firsts == sorted(firsts)


@pytest.mark.parametrize(
    "regular, day, following, last",
    [
        (Regular(1, (2,)), date(2026, 12, 9), date(2027, 1, 12), date(2026, 12, 8)),
        (Regular(0, (2,)), date(2027, 1, 5), date(2027, 1, 12), date(2026, 12, 14)),  # 成人の日
        (Regular(3, (3,), (2, 8)), TODAY, date(2027, 2, 18), date(2026, 8, 20)),
        (Regular(2, (2, 4)), date(2026, 11, 25), date(2026, 11, 25), date(2026, 11, 25)),
        (Regular(4, (5,), (2,)), TODAY, None, None),
    ],
)
def test_regular_days(
    regular: Regular, day: date, following: date | None, last: date | None
) -> None:
    assert regular.on_or_after(day, CALENDAR) == following
    assert regular.on_or_before(day, CALENDAR) == last
    assert Regular.kept(regular.as_kept()) == regular


# what is always so

regulars = st.builds(
    Regular,
    st.integers(0, 4),
    st.lists(st.integers(1, 4), min_size=1, max_size=2, unique=True).map(tuple),
)
turns = st.sampled_from([date.min, *(TODAY + timedelta(days) for days in (20, 60, 128))])
bodies = st.builds(Rule, st.integers(0, 10), regulars, since=turns)
issues = st.builds(
    Rule,
    gazette=st.sampled_from([None, Gazette((1, 15), 15), Gazette((10,), 5)]),
    since=turns,
)


def some(rules: st.SearchStrategy[Rule]) -> st.SearchStrategy[tuple[Rule, ...]]:
    """Rules that follow each other: a stage is under that of the day on which it stands."""
    return st.lists(rules, min_size=1, max_size=3).map(in_turn)


@st.composite
def paths(draw: st.DrawFn) -> list[Job]:
    """Paths that part and merge; some of their first stages have begun or are over."""
    jobs: list[Job] = []
    over = draw(st.integers(0, 2))
    for key in range(draw(st.integers(1, 6))):
        before = st.lists(st.integers(0, key - 1), max_size=2, unique=True) if key else st.just([])
        after = tuple(sorted(draw(before)))
        if key < over:
            began = draw(st.dates(date(2026, 9, 1), TODAY))
            ended = draw(st.one_of(st.none(), st.dates(began, TODAY)))
            jobs.append(Job(key, 3, after, began=began, ended=ended))
            continue
        kind = draw(st.sampled_from(["work", "body", "comment"]))
        jobs.append(
            Job(
                key,
                draw(st.integers(1, 12)),
                after,
                draw(st.integers(0, 8)),
                comment=30 if kind == "comment" else 0,
                rules=draw(some({"body": bodies, "comment": issues}.get(kind, st.just(Rule())))),
            )
        )
    return jobs


months = st.dates(date(2026, 11, 1), date(2028, 3, 31))


@given(paths(), months)
def test_no_stage_begins_before_those_before_it_have_ended(jobs: list[Job], month: date) -> None:
    table = lay_out(jobs, month=month, calendar=CALENDAR, today=TODAY)
    for job in table.jobs:
        dates = table.dates[job.key]
        if job.began:
            continue
        assert dates.first >= max([TODAY, *(table.dates[key].last for key in job.after)])
        for key in job.after:
            gap = CALENDAR.working_days_between(table.dates[key].last, dates.first)
            assert gap > job.lead
            before = table.dates[key].latest_last
            assert table.jobs[key].ended or (before and dates.latest_first)
            assert not before or not dates.latest_first or before < dates.latest_first


@given(paths(), months)
def test_days_are_open_and_the_bodys_own_and_long_enough(jobs: list[Job], month: date) -> None:
    table = lay_out(jobs, month=month, calendar=CALENDAR, today=TODAY)
    for job in table.jobs:
        dates = table.dates[job.key]
        if job.began:
            assert dates.first == job.began
            assert dates.last == job.ended or dates.last >= TODAY
            continue
        assert dates.latest_first
        assert dates.latest_last
        for first, last in (
            (dates.first, dates.last),
            (dates.latest_first, dates.latest_last),
        ):
            assert not CALENDAR.is_closed(first)
            if regular := job.rule_on(first).regular:
                assert regular.on_or_after(first, CALENDAR) == first
            if job.comment:
                assert (last - first).days == 29
            else:
                assert sum(not CALENDAR.is_closed(day) for day in days(first, last)) == job.length
        assert dates.ready is None or dates.ready.values["by"] >= TODAY


@given(paths(), months)
def test_a_plan_that_can_be_is_kept_within_the_latest_days(jobs: list[Job], month: date) -> None:
    table = lay_out(jobs, month=month, calendar=CALENDAR, today=TODAY)
    assert table == lay_out(jobs, month=month, calendar=CALENDAR, today=TODAY)
    can_be = all(
        soonest.first <= (dates.latest_first or date.max)
        and (job.ended or soonest.last <= (dates.latest_last or TODAY))
        for job in table.jobs
        for soonest, dates in [(table.soonest[job.key], table.dates[job.key])]
    )
    assert table.is_possible == can_be
    impossible = [warned for warned in warnings_of(table) if warned.impossible]
    assert (impossible == []) == can_be
    if can_be and not jobs[-1].began:
        assert table.adopted_on <= table.by
        assert table.adopted_on.replace(day=1) == month.replace(day=1)


@given(paths(), months, st.integers(0, 5), st.integers(0, 15), st.integers(0, 15))
def test_slips_grow_with_the_days(
    jobs: list[Job], month: date, which: int, few: int, more: int
) -> None:
    table = lay_out(jobs, month=month, calendar=CALENDAR, today=TODAY)
    assume(which < len(jobs) and not jobs[which].ended)
    few, more = sorted((few, more))
    less, greater = (
        {moved.key: moved.last for moved in slip(table, which, n)} for n in (few, more)
    )
    for key, last in less.items():
        assert key >= which
        assert last > table.dates[key].last
        assert greater[key] >= last
    assert few == 0 or which in less


def by_brute_force(jobs: list[Job], window: list[date], by: date) -> dict[int, tuple[date, date]]:
    """Return the first and last day on which each may begin, by trying every combination."""
    found: dict[int, list[date]] = {job.key: [] for job in jobs}
    for begins in product(window, repeat=len(jobs)):
        ends = {}
        for job, first in zip(jobs, begins, strict=True):
            counted = [day for day in window if day >= first][: job.length]
            if len(counted) < job.length or counted[-1] > by:
                break
            regular = job.rule_on(first).regular
            if regular and (first.weekday(), (first.day + 6) // 7) != (
                regular.weekday,
                regular.weeks[0],
            ):
                break
            between = [sum(ends[key] < day < first for day in window) for key in job.after]
            if any(first <= ends[key] for key in job.after) or min(between, default=99) < job.lead:
                break
            ends[job.key] = counted[-1]
        else:
            for job, first in zip(jobs, begins, strict=True):
                found[job.key].append(first)
    return {key: (min(firsts), max(firsts)) for key, firsts in found.items() if firsts}


@st.composite
def small(draw: st.DrawFn) -> list[Job]:
    """Up to three stages, and the last after them all, that may or may not fit into two weeks."""
    short = st.integers(1, 4)
    count = draw(st.integers(1, 3))
    when = st.sampled_from([None, None, Regular(1, (1,)), Regular(3, (2,)), Regular(0, (2,))])
    turn = st.sampled_from([date.min, date(2027, 6, 8), date(2027, 6, 10)])
    body = some(st.builds(Rule, regular=when, since=turn))
    jobs = []
    for key in range(count):
        before = [n for n in range(key) if draw(st.booleans())]
        after = tuple(range(key)) if key == count - 1 else tuple(before)
        jobs.append(Job(key, draw(short), after, draw(st.integers(0, 2)), rules=draw(body)))
    return jobs


@given(small())
def test_a_brute_force_search_finds_the_same_first_and_last_days(jobs: list[Job]) -> None:
    start, by = date(2027, 6, 1), date(2027, 6, 30)
    window = [d for d in days(date(2027, 6, 1), by) if not CALENDAR.is_closed(d)][:11]
    calendar = replace(CALENDAR, closed=frozenset(days(window[-1] + timedelta(days=1), by)))
    table = lay_out(jobs, month=start, calendar=calendar, today=start)
    found = by_brute_force(jobs, window, table.by)
    assert table.is_possible == bool(found)
    for key, (first, last) in found.items():
        assert (table.dates[key].earliest, table.dates[key].latest_first) == (first, last)
        assert first <= table.dates[key].first <= last
