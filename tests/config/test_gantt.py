"""工程図: what is drawn where, and the same in words."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from config.templatetags.gantt import LABELS, WIDTH, gantt
from workflow.deadline.calendar import Calendar

TODAY = date(2026, 11, 24)


def line(name: str = "幹事会", **more: Any) -> SimpleNamespace:
    words: dict[str, Any] = {
        "planned": {"start": None, "end": None, "precision": "day"},
        "actual": None,
        "latest": None,
        "is_critical": False,
        "is_over": False,
        "late": False,
        "tone": "neutral",
    }
    stage = SimpleNamespace(
        name=name, round=SimpleNamespace(name="素案"), get_state_display=lambda: "予定"
    )
    return SimpleNamespace(stage=stage, **words | more)


def planned(first: date, last: date, precision: str = "day") -> dict[str, Any]:
    return {"start": first, "end": last, "precision": precision}


def drawn(*lines: SimpleNamespace) -> dict[str, Any]:
    return gantt(lines, TODAY, Calendar())


def test_whole_months_hold_every_day_and_today() -> None:
    found = drawn(line(planned=planned(date(2027, 1, 5), date(2027, 2, 18))))
    told = [(month["year"], month["month"]) for month in found["months"]]
    assert told == [("令和8年", "11月"), ("", "12月"), ("令和9年", "1月"), ("", "2月")]
    assert found["months"][0]["x"] == LABELS
    assert LABELS < found["now"] < found["months"][1]["x"]


def test_what_is_over_is_drawn_without_today() -> None:
    past = planned(date(2020, 5, 25), date(2020, 5, 25))
    found = drawn(line(planned=past, is_over=True))
    assert found["now"] is None
    assert [month["month"] for month in found["months"]] == ["5月"]


def test_bars_lie_on_their_days_and_a_narrow_one_is_a_point() -> None:
    long = planned(date(2026, 11, 1), date(2026, 11, 30))
    short = planned(date(2027, 10, 5), date(2027, 10, 5))
    month = planned(date(2027, 4, 1), date(2027, 4, 1), "month")
    rows = drawn(line(planned=long), line(planned=short), line(planned=month))["groups"][0]["rows"]
    assert [row["planned"]["point"] for row in rows] == [False, True, False]
    assert rows[0]["planned"]["x"] == LABELS
    assert rows[2]["planned"]["width"] > 60
    assert [row["y"] for row in rows] == sorted({row["y"] for row in rows})
    assert all(row["planned"]["x"] + row["planned"]["width"] <= WIDTH for row in rows)


def test_what_is_under_way_reaches_to_today() -> None:
    (row,) = drawn(line(actual=(date(2026, 11, 4), None), tone="active"))["groups"][0]["rows"]
    assert row["planned"] is None
    assert row["actual"]["x"] + row["actual"]["width"] == pytest.approx(
        drawn(line(actual=(date(2026, 11, 25), None)))["groups"][0]["rows"][0]["actual"]["x"], abs=1
    )
    assert row["says"] == "幹事会（予定）、予定 未定、実績 令和8年11月4日(水)～"


def test_runs_of_closed_days_are_one_stripe() -> None:
    found = drawn(line(planned=planned(date(2026, 11, 2), date(2026, 11, 3))))
    # 11-01, 03, 07–08, 14–15, 21–23, 28–29
    assert found["closed"].count("M") == 6


def test_a_row_says_all_that_is_drawn() -> None:
    whole = line(
        planned=planned(date(2026, 12, 3), date(2026, 12, 3)),
        latest=date(2026, 12, 10),
        dates=SimpleNamespace(slack=5),
        is_critical=True,
        late=True,
    )
    (row,) = drawn(whole)["groups"][0]["rows"]
    assert row["says"] == (
        "幹事会（予定）、予定 令和8年12月3日(木)、"
        "遅くとも 令和8年12月10日(木)、余裕 5開庁日、余裕が最も少ない、遅れ"
    )


def test_years_that_would_run_into_each_other_are_told_once() -> None:
    far = planned(date(2024, 12, 1), date(2027, 1, 31))
    years = [month["year"] for month in drawn(line(planned=far))["months"] if month["year"]]
    assert years == ["令和7年", "令和8年", "令和9年"]
