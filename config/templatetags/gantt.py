"""The timetable as a drawing, a row a stage, planned above actual: {% gantt lines today days %}.

Lengths are in units of the drawing, which is WIDTH wide and scales with the page.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django import template
from django.utils.translation import gettext as _

from config.templatetags.kaitei import badge, era
from config.templatetags.picture import Axis, last_day, next_month, period
from workflow.deadline.calendar import Calendar, days
from workflow.deadline.days import day_words, month_name, year_words

register = template.Library()

WIDTH, LABELS, EDGE, HEAD, GROUP, ROW = 1200, 250, 4, 46, 26, 36
POINT = 7
"""A bar narrower than this is drawn as a diamond."""

_DAY = timedelta(days=1)


@register.inclusion_tag("parts/gantt.html")
def gantt(lines: Iterable[Any], today: date, calendar: Calendar) -> dict[str, Any]:
    """Lines are as revisions/cycle/timetable.py makes them: stage, planned, actual, latest."""
    lines = list(lines)
    axis = _axis(lines, today)
    groups, y = [], HEAD
    for name, members in groupby(lines, key=lambda line: line.stage.round.name):
        rows = [_row(line, axis, y + GROUP + n * ROW) for n, line in enumerate(members)]
        groups.append({"name": name, "y": y, "rows": rows})
        y += GROUP + len(rows) * ROW
    return {
        "groups": groups,
        "width": WIDTH,
        "height": y + 8,
        "labels": LABELS,
        "months": _months(axis),
        "closed": _closed(axis, calendar, y),
        "bottom": y,
        "now": _x(axis, today) if axis.first <= today < axis.end else None,
        "now_anchor": axis.now_anchor,
    }


def _axis(lines: list[Any], today: date) -> Axis:
    """Whole months that hold every day there is; today's too, while there is something to do."""
    edges = [line.latest for line in lines if line.latest]
    for line in lines:
        edges += [day for day in (line.planned["start"], last_day(line.planned)) if day]
        edges += [day for day in line.actual or () if day]
    if not edges or any(not line.is_over for line in lines):
        edges.append(today)
    return Axis(min(edges).replace(day=1), next_month(max(edges)), today)


def _x(axis: Axis, day: date) -> float:
    return round(LABELS + (WIDTH - LABELS - EDGE) * axis.at(day) / 100, 1)


def _row(line: Any, axis: Axis, y: int) -> dict[str, Any]:
    """`y` is the top of the row; all else in it is counted from there."""
    planned, actual = line.planned, line.actual
    happened = (actual[0], actual[1] or max(actual[0], axis.today)) if actual else None
    end = last_day(planned)
    return {
        "line": line,
        "y": y,
        "says": says(line),
        "planned": _bar(axis, planned["start"], end) if end else None,
        "actual": _bar(axis, *happened) if happened else None,
        "latest": _x(axis, line.latest + _DAY) if line.latest else None,
    }


def _bar(axis: Axis, first: date, last: date) -> dict[str, Any]:
    x, end = _x(axis, first), _x(axis, last + _DAY)
    return {
        "point": end - x < POINT,
        "x": x,
        "middle": round((x + end) / 2, 1),
        "width": round(end - x, 1),
    }


@register.filter(name="period")
def period_of(span: Any) -> str:
    """令和2年10月23日(金)～11月9日(月)."""
    return period(span)


@register.filter
def happened(line: Any) -> str:
    """The period in which a stage was really open."""
    if not line.actual:
        return ""
    began, ended = line.actual
    return period({"start": began, "end": ended, "tone": line.tone})


@register.simple_tag
def room(slack: int) -> str:
    """5開庁日, or how many there are too few."""
    if slack < 0:
        return badge(_("%d開庁日不足") % -slack, "bad")
    return _("%d開庁日") % slack


@register.filter
def era_of(value: Any) -> str:
    """The era's date of what a field shows: a day, or what was typed."""
    return era(value) if isinstance(value, date) else ""


@register.filter
def days_of(form: Any, pk: int) -> dict[str, Any] | None:
    """The fields of one stage; None when its days are not to be set."""
    return form.of(pk)


def says(line: Any) -> str:
    """A row in words, for who doesn't see the drawing."""
    stage = line.stage
    said = [
        f"{stage.name}（{stage.get_state_display()}）",
        _("予定 %s") % (period(line.planned) or _("未定")),
    ]
    if line.actual:
        said.append(_("実績 %s") % happened(line))
    if line.latest:
        slack = line.dates.slack
        room = _("余裕 %d開庁日") % slack if slack >= 0 else _("%d開庁日不足") % -slack
        said.append(_("遅くとも %(day)s、%(room)s") % {"day": day_words(line.latest), "room": room})
    if line.is_critical:
        said.append(_("余裕が最も少ない"))
    if line.late:
        said.append(_("遅れ"))
    return "、".join(said)


def _months(axis: Axis) -> list[dict[str, Any]]:
    """One a month; its number where there is room, the era's year on the first and in January."""
    found, month = [], axis.first
    while month < axis.end:
        x = _x(axis, month)
        wide = _x(axis, next_month(month)) - x
        january = month.month == 1
        if month == axis.first:  # the words of the year must not run into the next January's
            january = january or wide * (13 - month.month) >= 60
        found.append(
            {
                "x": x,
                "year": year_words(month) if january else "",
                "month": month_name(month) if wide >= 26 or month.month % 3 == 1 else "",
            }
        )
        month = next_month(month)
    return found


def _closed(axis: Axis, calendar: Calendar, bottom: int) -> str:
    """Return the path of a stripe for every run of closed days."""
    shown = days(axis.first, axis.end - _DAY)
    runs = groupby(shown, key=calendar.is_closed)
    stripes = [list(run) for closed, run in runs if closed]
    return "".join(
        f"M{_x(axis, run[0])} {HEAD}H{_x(axis, run[-1] + _DAY)}V{bottom}H{_x(axis, run[0])}z"
        for run in stripes
    )
