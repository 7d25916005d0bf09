from datetime import date

from django.utils.translation import gettext as _

from workflow.deadline.calendar import Calendar, days
from workflow.deadline.effect import Change, Effect
from workflow.deadline.models import ClosedDay
from workflow.errors import Invalid

LONGEST = 31
"""Days registered at once: more is a slip of the pen."""


def days_to_add(first: date, last: date, name: str, is_open: bool, calendar: Calendar) -> Change:
    """Return which days of a span would change, `first` and `last` in it.

    raises  Invalid (first, last, name), also when nothing would
    """
    _check_name(name)
    if last < first:
        raise Invalid(_("終わりの日は、始まりの日以後にしてください。"), field="last")
    if (last - first).days >= LONGEST:
        raise Invalid(_("一度に登録できるのは%d日までです。") % LONGEST, field="last")
    change = {day: is_open for day in days(first, last) if calendar.is_closed(day) == is_open}
    if not change:
        already = (
            _("その日は、すでに開庁日です。") if is_open else _("その日は、すでに閉庁日です。")
        )
        raise Invalid(already, field="first")
    return change


def registered(row: ClosedDay | None) -> ClosedDay:
    """raises  Invalid (day)"""
    if row is None or not row.in_force:
        raise Invalid(_("その日は登録されていません。"), field="day")
    return row


def check_still(effect: Effect, seen: str | None) -> None:
    """Refuse what was looked at when something else would happen now; None when nobody looked.

    raises  Invalid
    """
    if seen is not None and seen != effect.mark:
        raise Invalid(
            _("確かめているあいだに、閉庁日か期限が変わりました。影響をもう一度確かめてください。")
        )


def _check_name(name: str) -> None:
    if not name:
        raise Invalid(_("名称を入力してください。"), field="name")
    if len(name) > ClosedDay.NAME_LENGTH:
        raise Invalid(_("名称は%d字以内で入力してください。") % ClosedDay.NAME_LENGTH, field="name")
