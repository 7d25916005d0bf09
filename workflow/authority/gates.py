from datetime import date

from django.utils.translation import gettext as _

from workflow.authority.checking import Checked
from workflow.authority.models import DecisionTable
from workflow.authority.queries import too_early
from workflow.errors import Invalid, Unmet


def check_sound(checked: Checked) -> date:
    """Return the first day. Another table may have been adopted since this one was checked.

    raises  Invalid with the first error; the dry run shows them all
    """
    for finding in (*checked.errors, *too_early(checked)):
        where = "　".join(word for word in (finding.row, finding.field) if word)
        raise Invalid(f"{where}：{finding.text}", field="file")
    if checked.since is None:
        raise Invalid(_("入力してください。"), field="file")
    return checked.since


def check_not_begun(table: DecisionTable, on: date) -> None:
    if not table.in_force:
        raise Unmet(_("この表は、すでに取り下げられています。"))
    if table.since <= on:
        raise Unmet(_("施行された表は、取り下げられません。後の日から始まる表を定めてください。"))


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(_("理由を入力してください。"), field="reason")
