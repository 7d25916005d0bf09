from datetime import date, datetime, time, timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflow.deadline import oracle
from workflow.deadline.calendar import TOKYO, Calendar, in_tokyo
from workflow.deadline.queries import as_json
from workflow.deadline.schedule import TIERS, Hours, Step, Timetable, days_left

PLAIN = Timetable((Step("before", 3), Step("before", 1), Step("late", 1)))
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
MOMENTS = st.builds(partial(datetime.combine, tzinfo=TOKYO), DAYS, st.times())
STEPS = st.one_of(
    st.builds(
        Step,
        st.just("before"),
        st.integers(1, 9),
        to=st.sampled_from(TIERS),
        unreceived=st.booleans(),
    ),
    st.builds(Step, st.just("on"), to=st.sampled_from(TIERS), unreceived=st.booleans()),
    st.builds(
        Step,
        st.just("late"),
        st.integers(1, 9),
        st.integers(0, 9),
        st.sampled_from(TIERS),
        st.booleans(),
    ),
)
CALENDARS = st.builds(
    Calendar,
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=30),
    st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=10),
)
TIMETABLES = st.builds(
    Timetable,
    st.lists(STEPS, min_size=1, max_size=6).map(tuple),
    CALENDARS,
    st.builds(lambda hour: Hours(time(7), time(20), time(hour)), st.integers(7, 20)),
)


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    "due_on, after, expected",
    [
        ("2020-11-09", "2020-10-23T12:00", "2020-11-04T08:30"),
        ("2020-11-09", "2020-11-04T08:29", "2020-11-04T08:30"),
        ("2020-11-09", "2020-11-04T08:30", "2020-11-06T08:30"),
        ("2020-11-09", "2020-11-06T08:30", "2020-11-10T08:30"),
        ("2020-11-09", "2020-11-10T08:30", None),
        ("2020-12-28", "2020-12-28T17:00", "2021-01-04T08:30"),
        ("2020-11-07", "2020-11-05T12:00", "2020-11-06T08:30"),  # due on a Saturday
        ("2020-11-07", "2020-11-06T12:00", "2020-11-09T08:30"),
    ],
)
def test_next(due_on, after, expected):
    found = PLAIN.next(date.fromisoformat(due_on), after=moment(after))
    assert (found and found.at) == (moment(expected) if expected else None)


@pytest.mark.parametrize(
    "step, days",
    [
        (Step("on"), ["2020-12-28"]),
        (Step("late", 2), ["2021-01-05"]),
        (Step("late", 2, every=3), ["2021-01-05", "2021-01-08", "2021-01-14"]),
    ],
)
def test_around_the_end_of_the_year(step, days):
    """Due on Tuesday 29 December 2020, a closed day; 11 January is a holiday."""
    after, until = moment("2020-12-01T00:00"), moment("2021-01-15T00:00")
    found = Timetable((step,)).moments(date(2020, 12, 29), after=after, until=until)
    assert [str(in_tokyo(one.at)) for one in found] == days


def test_the_citys_own_days_count():
    monday_closed = Timetable(PLAIN.steps, Calendar(closed=frozenset({date(2020, 11, 9)})))
    found = monday_closed.next(date(2020, 11, 11), after=moment("2020-11-01T12:00"))
    assert found.at == moment("2020-11-05T08:30")


def test_what_falls_together_goes_to_the_highest_once():
    both = Timetable((Step("late", 1, every=1), Step("late", 3, to="chief")))
    found = both.moments(
        date(2020, 11, 9), after=moment("2020-11-09T12:00"), until=moment("2020-11-13T12:00")
    )
    assert [one.step.to for one in found] == ["holder", "holder", "chief", "holder"]


def test_a_receipt_stops_only_what_waits_for_it():
    steps = (Step("before", 5, unreceived=True), Step("before", 1))
    after, until = moment("2020-10-01T00:00"), moment("2020-11-09T12:00")
    told = partial(Timetable(steps).moments, date(2020, 11, 9), after=after, until=until)
    assert [one.step for one in told(received=False)] == list(steps)
    assert [one.step for one in told(received=True)] == [steps[1]]


@given(TIMETABLES, DAYS, MOMENTS, st.booleans())
def test_next_is_later_and_on_an_open_day_in_office_hours(timetable, due_on, after, received):
    found = timetable.next(due_on, after=after, received=received)
    if found:
        assert found.at > after
        assert timetable.opening(found.at) == found.at
        assert found.step in timetable.steps


@given(TIMETABLES, DAYS, MOMENTS, MOMENTS)
def test_next_never_goes_back(timetable, due_on, one, other):
    sooner, later = (timetable.next(due_on, after=after) for after in sorted((one, other)))
    assert later is None or (sooner is not None and sooner.at <= later.at)


@given(TIMETABLES, MOMENTS)
def test_what_is_left_over_joins_what_a_morning_tells(timetable, at):
    opening = timetable.opening(at)
    assert opening >= at
    assert not timetable.calendar.is_closed(in_tokyo(opening))
    assert timetable.hours.remind_at <= opening.astimezone(TOKYO).time() <= timetable.hours.closes
    assert opening == at or opening.time() == timetable.hours.remind_at


@settings(max_examples=25)
@given(TIMETABLES, st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.booleans())
def test_a_year_as_the_oracle_sees_it(timetable, due_on, received):
    first = date(2026, 1, 1)
    midnight = datetime(2025, 12, 31, 23, tzinfo=TOKYO)
    found = timetable.moments(
        due_on, after=midnight, until=midnight + timedelta(days=365), received=received
    )
    hour = timetable.hours.remind_at.hour
    expected = oracle.year_of(
        as_json(timetable.steps), due_on, first, days_of(timetable), hour, received
    )
    assert [(one.at, one.step.to) for one in found] == expected


def days_of(timetable):
    return oracle.Days(timetable.calendar.closed, timetable.calendar.opened)


@pytest.mark.parametrize(
    "at, expected",
    [
        ("2020-11-04T08:30", 3),
        ("2020-11-06T08:30", 1),
        ("2020-11-08T08:30", 1),
        ("2020-11-09T23:59", 0),
        ("2020-11-10T00:00", -1),
        ("2020-11-12T00:00", -3),
    ],
)
def test_days_left(at, expected):
    assert days_left(date(2020, 11, 9), Calendar(), at=moment(at)) == expected
