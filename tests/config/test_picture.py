from datetime import date
from typing import Any

import pytest

from config.templatetags.picture import Axis, axis_of, bar_of, period, period_short, rounds_of

TODAY = date(2020, 12, 18)
AXIS = Axis(date(2020, 12, 1), date(2021, 1, 1), TODAY)


def span(start: date | None, end: date | None = None, **more: Any) -> dict[str, Any]:
    return {"start": start, "end": end, "precision": "day", "tone": "done", "round": "素案"} | more


def test_axis_holds_whole_months_of_every_span_and_today() -> None:
    month_only = span(date(2021, 5, 1), precision="month")
    axis = axis_of([span(date(2020, 5, 25)), span(None), month_only], TODAY)
    assert (axis.first, axis.end) == (date(2020, 5, 1), date(2021, 6, 1))
    assert axis_of([], TODAY).end == date(2021, 1, 1)


@pytest.mark.parametrize(
    "months, labels",
    [
        (3, ["R2.12月", "R3.1月", "2月"]),
        (18, ["R3.1月", "R3.4月", "7月", "10月", "R4.1月", "R4.4月"]),
        (60, ["R3.4月", "R4.4月", "R5.4月", "R6.4月", "R7.4月"]),
    ],
)
def test_ticks_thin_out_with_length(months: int, labels: list[str]) -> None:
    year, month = divmod(11 + months, 12)
    axis = Axis(date(2020, 12, 1), date(2020 + year, month + 1, 1), TODAY)
    assert [tick["label"] for tick in axis.ticks] == labels


def test_bar_includes_its_last_day() -> None:
    bar = bar_of(span(date(2020, 12, 1), date(2020, 12, 31)), AXIS)
    assert bar == {"x": "0.00%", "width": "100.00%", "point": False}


def test_month_precision_fills_the_month() -> None:
    bar = bar_of(span(date(2020, 12, 1), precision="month"), AXIS)
    assert bar is not None
    assert bar["width"] == "100.00%"


def test_missed_end_is_drawn_up_to_today() -> None:
    late = span(date(2020, 12, 10), date(2020, 12, 14), late=True)
    bar = bar_of(late, AXIS)
    assert bar is not None
    assert (bar["late_x"], bar["late_width"]) == (
        AXIS.x(date(2020, 12, 15)),
        AXIS.width(date(2020, 12, 15), TODAY),
    )


def test_open_end_reaches_today() -> None:
    bar = bar_of(span(date(2020, 12, 10), tone="active"), AXIS)
    assert bar is not None
    assert bar["width"] == AXIS.width(date(2020, 12, 10), TODAY)


def test_no_date_no_bar() -> None:
    assert bar_of(span(None), AXIS) is None


@pytest.mark.parametrize(
    "of, long, short",
    [
        (span(None), "", ""),
        (span(date(2020, 5, 25)), "令和2年5月25日(月)", "R2.5.25"),
        (
            span(date(2020, 10, 23), date(2020, 11, 9)),
            "令和2年10月23日(金)～11月9日(月)",
            "R2.10.23～11.9",
        ),
        (
            span(date(2020, 12, 28), date(2021, 1, 4)),
            "令和2年12月28日(月)～令和3年1月4日(月)",
            "R2.12.28～R3.1.4",
        ),
        (span(date(2021, 4, 1), precision="month"), "令和3年4月", "R3.4"),
        (span(date(2021, 4, 1), date(2021, 4, 30), precision="month"), "令和3年4月", "R3.4"),
        (
            span(date(2021, 4, 1), date(2021, 5, 1), precision="month"),
            "令和3年4月～5月",
            "R3.4～5",
        ),
        (span(date(2020, 12, 17), tone="active"), "令和2年12月17日(木)～", "R2.12.17～"),
        (
            span(date(2019, 4, 30), date(2019, 5, 1)),
            "平成31年4月30日(火)～令和元年5月1日(水)",
            "H31.4.30～R1.5.1",
        ),
    ],
)
def test_period(of: dict[str, Any], long: str, short: str) -> None:
    assert (period(of), period_short(of)) == (long, short)


def test_today_stands_after_the_last_stage_begun_and_once() -> None:
    stages = [
        span(date(2020, 5, 25), round="策定方針"),
        span(date(2020, 12, 10)),
        span(date(2020, 12, 17)),
        span(date(2020, 12, 23)),
    ]
    rounds = rounds_of(stages, TODAY)
    assert [r["title"] for r in rounds] == ["策定方針", "素案"]
    assert [[s["today"] for s in r["stages"]] for r in rounds] == [[False], [False, True, False]]
    assert [r["now"] for r in rounds] == [False, True]


def test_before_the_first_stage_today_stands_nowhere() -> None:
    [only] = rounds_of([span(date(2021, 1, 12))], TODAY)
    assert not only["now"]
