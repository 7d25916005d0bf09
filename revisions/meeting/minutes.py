"""議事録（要点）: the exact text that its signers sign. Pure of queries: rows are passed in."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from revisions.meeting.models import AgendaItem, Attendance, Meeting
from revisions.meeting.states import Presence
from workflow.deadline.era import era_date


def compose(meeting: Meeting, rows: Iterable[Attendance], items: Iterable[AgendaItem]) -> str:
    """Return heading, who attended, each item with its result, and the gist as written: Japanese,
    whatever the language of the screen.
    """
    members = [row for row in rows if not row.is_invited]
    invited = [row for row in rows if row.is_invited]
    with override(settings.LANGUAGE_CODE):
        lines = [
            f"{meeting.title} {_('議事録')}",
            "",
            f"{_('会議体')}: {meeting.body.name}",
            f"{_('日時')}: {_when(meeting)}",
            f"{_('場所')}: {meeting.place or _('記録なし')}",
            f"{_('議長')}: {meeting.presiding.name if meeting.presiding else _('記録なし')}",
            f"{_('出席')}: {_names(members, Presence.PRESENT)}",
            f"{_('代理出席')}: {_names(members, Presence.PROXY)}",
            f"{_('欠席')}: {_names(members, Presence.ABSENT, Presence.UNKNOWN)}",
            f"{_('招かれた者')}: {_names(invited, Presence.PRESENT, Presence.PROXY)}",
            "",
            *(line for item in items for line in _item(item)),
            _("要点"),
            meeting.minutes,
            "",
        ]
    return "\n".join(lines)


def result_of(item: AgendaItem) -> str:
    """可決（賛成4 反対3 棄権0）."""
    if item.yes is None:
        return item.get_outcome_display()
    votes = _("賛成%(yes)s 反対%(no)s 棄権%(abstain)s") % {
        "yes": item.yes,
        "no": item.no,
        "abstain": item.abstain,
    }
    casting = _("、可否同数につき議長が決した") if item.presiding_vote else ""
    return f"{item.get_outcome_display()}（{votes}{casting}）"


def _when(meeting: Meeting) -> str:
    start = f" {meeting.starts_at:%H:%M}" if meeting.starts_at else ""
    return era_date(meeting.held_on) + start


def _names(rows: Iterable[Attendance], *presence: Presence) -> str:
    return "、".join(_name(row) for row in rows if row.presence in presence) or _("なし")


def _name(row: Attendance) -> str:
    return f"{row.post.name}（{row.proxy}）" if row.proxy else row.post.name


def _item(item: AgendaItem) -> list[str]:
    lines = [f"{_('議題')}{item.order} {item.title}", f"{_('結果')}: {result_of(item)}"]
    return [*lines, item.note, ""] if item.note else [*lines, ""]
