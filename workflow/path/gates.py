"""日程, and 広報紙の定め: what may be set."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid
from workflow.path.models import GazetteRule

LONGEST_LEAD = 60
"""Working days from the paper to the issue."""
FURTHEST = 10
"""Years between today and a day of a plan: more is a slip of the pen."""


def is_near(day: date, today: date) -> bool:
    return abs(day.year - today.year) <= FURTHEST


def check_near(day: date, at: datetime, field: str) -> None:
    """raises  Invalid (`field`)"""
    if not is_near(day, in_tokyo(at)):
        raise Invalid(far_away(), field=field)


def far_away() -> str:
    return _("今年の前後%d年の日にしてください。") % FURTHEST


def check_gazette(
    days: Sequence[int], lead: int, since: date, source: str, last: GazetteRule | None
) -> None:
    """raises  Invalid (days, lead, since, source)"""
    if not days or not set(days) <= set(range(1, 32)):
        raise Invalid(_("発行する日を、1から31までの数で入力してください。"), field="days")
    if not 0 <= lead <= LONGEST_LEAD:
        raise Invalid(_("0から%dまでの日数にしてください。") % LONGEST_LEAD, field="lead")
    if not source.strip():
        raise Invalid(_("根拠を入力してください。"), field="source")
    if last and since <= last.since:
        raise Invalid(_("いまの定めの始まりより後の日にしてください。"), field="since")
