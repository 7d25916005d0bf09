"""What a rule of reminding, and the hours of an office, must be to be taken."""

from datetime import time

from django.utils.translation import gettext as _

from workflow.deadline.registry import has_receipt
from workflow.deadline.schedule import TIERS, WHENS, Hours, Step
from workflow.errors import Invalid

MOST_STEPS, LONGEST = 12, 60
LONG_DAY = 12
"""Hours; nobody is in an office for longer by rule."""
SENDING = 30
"""Minutes of the office's hours that are left to send reminders in."""


def check_steps(kind: str, steps: tuple[Step, ...]) -> None:
    """raises  Invalid (steps, and as check_step)"""
    if not 1 <= len(steps) <= MOST_STEPS:
        raise Invalid(_("督促は1行から%d行で定めてください。") % MOST_STEPS, field="steps")
    for step in steps:
        check_step(kind, step)
    if not any(step.when == "late" and not step.unreceived for step in steps):
        raise Invalid(
            _("期限を過ぎたときの督促が一つ要ります。ないと、超過に誰も気づきません。"),
            field="steps",
        )
    lines = [(step.when, step.days, step.to) for step in steps]
    if again := next((n for n, line in enumerate(lines) if line in lines[:n]), 0):
        told = {"first": lines.index(lines[again]) + 1, "n": again + 1}
        raise Invalid(_("%(n)d行目は、%(first)d行目と同じです。") % told, field="steps")


def check_step(kind: str, step: Step) -> None:
    """raises  Invalid (when, days, every, to, unreceived)"""
    if step.when not in WHENS:
        raise Invalid(_("いつ知らせるかを選んでください。"), field="when")
    if step.to not in TIERS:
        raise Invalid(_("誰に知らせるかを選んでください。"), field="to")
    if step.when == "on" and step.days:
        raise Invalid(_("期限の日には、日数を付けません。空にしてください。"), field="days")
    if step.when != "on" and not 1 <= step.days <= LONGEST:
        raise Invalid(_("1から%dまでの開庁日で入力してください。") % LONGEST, field="days")
    if not 0 <= step.every <= LONGEST or (step.every and step.when != "late"):
        raise Invalid(_("くり返せるのは、期限を過ぎた後の督促だけです。"), field="every")
    if step.unreceived and not has_receipt(kind):
        raise Invalid(_("この種類の期限には受取がありません。"), field="unreceived")


def check_hours(opens: time, closes: time, remind_at: time, *, accept_long: bool) -> Hours:
    """raises  Invalid (closes, remind_at, accept_long)"""
    if opens >= closes:
        raise Invalid(_("終わりは、始まりより後にしてください。"), field="closes")
    if not opens <= remind_at <= closes:
        raise Invalid(_("督促の時刻は、執務時間の中にしてください。"), field="remind_at")
    if _minutes(closes) - _minutes(remind_at) < SENDING:
        raise Invalid(
            _("督促を送り終えられるように、執務時間の終わりの%d分前までの時刻にしてください。")
            % SENDING,
            field="remind_at",
        )
    hours = (_minutes(closes) - _minutes(opens)) / 60
    if hours > LONG_DAY and not accept_long:
        raise Invalid(
            _("執務時間が%(hours)d時間あります。夜や早朝にも督促が届きます。") % {"hours": hours}
            + _("そのまま定めるときは、印を付けてください。"),
            field="accept_long",
        )
    return Hours(opens, closes, remind_at)


def _minutes(time_: time) -> int:
    return time_.hour * 60 + time_.minute
