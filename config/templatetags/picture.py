"""Where things stand on a time axis. Pure: dates in, percentages of the width out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

from workflow.deadline.days import day_short, month_name, period_words

Span = Mapping[str, Any]

_DAY = timedelta(days=1)


def next_month(day: date) -> date:
    """Return the first day of the month after `day`."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


@dataclass(frozen=True)
class Axis:
    """Whole months from `first` up to, not including, `end`; both are first days of a month."""

    first: date
    end: date
    today: date

    def at(self, day: date) -> float:
        """Return the start of `day` in percent of the width."""
        return 100 * (day - self.first).days / (self.end - self.first).days

    def x(self, day: date) -> str:
        return f"{self.at(day):.2f}%"

    def width(self, start: date, end: date) -> str:
        """Return the width of `start` to `end`, both included."""
        return f"{self.at(end + _DAY) - self.at(start):.2f}%"

    @property
    def now(self) -> str:
        return self.x(self.today)

    @property
    def now_anchor(self) -> str:
        """Keep the word 今日 inside the picture."""
        return (
            "end" if self.at(self.today) > 94 else "start" if self.at(self.today) < 6 else "middle"
        )

    @cached_property
    def ticks(self) -> list[dict[str, str]]:
        """One a month; in a long picture one a quarter, in a very long one every April."""
        months = list(self._months())
        step = 1 if len(months) <= 14 else 3 if len(months) <= 40 else 12
        shown = [month for month in months if (month.month - 4) % step == 0]
        return [
            {"x": self.x(month), "label": _tick(month, first=n == 0)}
            for n, month in enumerate(shown)
        ]

    def _months(self) -> Iterator[date]:
        month = self.first
        while month < self.end:
            yield month
            month = next_month(month)


def _tick(month: date, *, first: bool) -> str:
    year = f"{day_short(month).split('.')[0]}." if first or month.month in (1, 4) else ""
    return f"{year}{month_name(month)}"


def axis_of(spans: Iterable[Span], today: date) -> Axis:
    """Return the months that hold every span and today."""
    edges = [day for span in spans for day in (span["start"], last_day(span)) if day]
    edges.append(today)
    return Axis(min(edges).replace(day=1), next_month(max(edges)), today)


def last_day(span: Span) -> date | None:
    """Return the last day of a span; of its month when it is known to the month only."""
    end = span.get("end") or span["start"]
    if end and span.get("precision") == "month":
        return next_month(end) - _DAY
    return end


def bar_of(span: Span, axis: Axis) -> dict[str, Any] | None:
    """Return what to draw for one span; None when it has no date yet.

    An open span without an end is drawn up to today. `late_x` to `late_width` runs from a missed
    end up to today.
    """
    start, end = span["start"], last_day(span)
    if not start or not end:
        return None
    if span.get("tone") == "active" and not span.get("end"):
        end = max(end, axis.today)
    narrow = axis.at(end + _DAY) - axis.at(start) < 1  # a bar that nobody would see
    bar = {"x": axis.x(start), "width": axis.width(start, end), "point": narrow or start == end}
    if span.get("late") and end < axis.today:
        bar |= {"late_x": axis.x(end + _DAY), "late_width": axis.width(end + _DAY, axis.today)}
    return bar


def period(span: Span) -> str:
    """令和2年10月23日(金)～11月9日(月); the era year is not repeated. Empty without a date."""
    start, end = span["start"], span.get("end")
    if not start:
        return ""
    said = period_words(start, end or start, month=span.get("precision") == "month")
    return f"{said}～" if _open(span) else said


def period_short(span: Span) -> str:
    """R2.10.23～11.9; R3.4 when known to the month."""
    start, end = span["start"], span.get("end")
    if not start:
        return ""
    cut = 2 if span.get("precision") == "month" else 3
    first, last = (".".join(day_short(day).split(".")[:cut]) if day else "" for day in (start, end))
    if last and last != first:
        return f"{first}～{last.removeprefix(first.split('.')[0] + '.')}"
    return f"{first}～" if _open(span) else first


def _open(span: Span) -> bool:
    return span.get("tone") == "active" and not span.get("end")


def rounds_of(stages: Iterable[Span], today: date) -> list[dict[str, Any]]:
    """Group stages by round, in the order given, and mark where today falls.

    Today stands after the last stage that has started, in that stage's round, once.
    """
    stages = list(stages)
    started = [n for n, stage in enumerate(stages) if stage["start"] and stage["start"] <= today]
    here = max(started, default=-1)
    numbered: list[dict[str, Any]] = [
        {"stage": stage, "period": period(stage), "short": period_short(stage), "today": n == here}
        for n, stage in enumerate(stages)
    ]
    return [
        {"title": title, "stages": group, "now": any(s["today"] for s in group)}
        for title, members in groupby(numbered, key=lambda s: s["stage"]["round"])
        for group in [list(members)]
    ]
