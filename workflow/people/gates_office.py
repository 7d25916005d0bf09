"""課と会議体の定め: what may be set."""

import re
from datetime import date

from django.utils.translation import gettext as _

from workflow.errors import Invalid
from workflow.people.models import BodyRule, Department, Section
from workflow.people.regular import Regular

NUMBERS = re.compile("(?:[0-9-]+(?:、[0-9-]+)*)?")
"""2345、2346-1."""

LONGEST = 366
"""Days of notice."""


def check_symbol(symbol: str, section: Section) -> None:
    """raises  Invalid (symbol)"""
    if symbol == section.symbol:
        raise Invalid(_("いまの文書記号と同じです。"), field="symbol")
    longest = Section._meta.get_field("symbol").max_length or 0
    if len(symbol) > longest:
        raise Invalid(_("%d文字までにしてください。") % longest, field="symbol")
    if not symbol.isprintable() or any(sign.isspace() for sign in symbol):
        raise Invalid(_("空白を入れずに入力してください。"), field="symbol")


def check_extension(extension: str, section: Section) -> None:
    """raises  Invalid (extension)"""
    if extension == section.extension:
        raise Invalid(_("いまの内線番号と同じです。"), field="extension")
    longest = Section._meta.get_field("extension").max_length or 0
    if len(extension) > longest:
        raise Invalid(_("%d文字までにしてください。") % longest, field="extension")
    if not NUMBERS.fullmatch(extension):
        raise Invalid(_("数字と「-」で入力し、複数は「、」で区切ってください。"), field="extension")


def check_organ(organ: str, department: Department) -> None:
    """raises  Invalid (organ)"""
    if organ == department.organ:
        raise Invalid(_("いまの執行機関と同じです。"), field="organ")
    longest = Department._meta.get_field("organ").max_length or 0
    if len(organ) > longest:
        raise Invalid(_("%d文字までにしてください。") % longest, field="organ")


def check_notice(days: int, since: date, source: str, last: BodyRule | None) -> None:
    """A change is a rule that begins later: meetings of before were held by the rule of before.

    raises  Invalid (notice_days, since, source)
    """
    if not 0 <= days <= LONGEST:
        raise Invalid(_("0から%dまでの日数にしてください。") % LONGEST, field="notice_days")
    if not source.strip():
        raise Invalid(_("根拠とする規程を入力してください。"), field="source")
    if last and since <= last.since:
        raise Invalid(_("いまの定めの始まりより後の日にしてください。"), field="since")


def check_regular(regular: Regular | None) -> None:
    """raises  Invalid (weekday, weeks, months)"""
    if regular is None:
        return
    if regular.weekday not in range(7):
        raise Invalid(_("曜日を選んでください。"), field="weekday")
    if not regular.weeks or not set(regular.weeks) <= set(range(1, 6)):
        raise Invalid(_("第何週かを選んでください。"), field="weeks")
    if not set(regular.months) <= set(range(1, 13)):
        raise Invalid(_("月を選び直してください。"), field="months")
