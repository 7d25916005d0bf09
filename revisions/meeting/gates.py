"""いつ: what must be so before a meeting goes on, and before its stage ends."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, time

from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed, can_proceed

from revisions.meeting.models import AgendaItem, Attendance, Meeting
from revisions.meeting.queries import (
    Turnout,
    needs_signing,
    officers,
    presiding_officer,
    rule_at,
)
from revisions.meeting.states import MeetingState, MinutesState
from revisions.plan.states import RevisionState
from workflow.deadline.calendar import Calendar
from workflow.deadline.days import day_words
from workflow.errors import Invalid, Missing, Unmet
from workflow.path.models import Stage
from workflow.path.states import ENDED, StageKind, StageState
from workflow.people.models import BodyRule
from workflow.people.queries import rule_of

OVER = (MeetingState.CLOSED, MeetingState.ADJOURNED, MeetingState.CANCELLED)


def page(meeting: Meeting, part: str = "") -> str:
    return f"/meetings/{meeting.pk}/{part}"


def check_stage_meets(stage: Stage) -> None:
    if stage.kind not in (StageKind.MEETING, StageKind.REPORT):
        raise Invalid(_("会議を開く段階ではありません。"))
    if stage.state in ENDED:
        raise Unmet(_("この段階は終わっているため、会議を開けません。"))


def check_not_planned(stage: Stage, body_id: int, day: date, *, but: int = 0) -> None:
    """One meeting of a body on a day: a second click plans no second one.

    but  the meeting that is moved to the day
    """
    planned = Meeting.objects.filter(stage=stage, body=body_id, held_on=day).exclude(pk=but)
    if planned.exclude(state__in=(MeetingState.ADJOURNED, MeetingState.CANCELLED)).exists():
        message = _("この会議体の同じ日の会議が、すでに予定されています。")
        raise Invalid(message, field="held_on")


def check_day(day: date, calendar: Calendar, *, accept_day: bool) -> None:
    """A meeting is held on an open day, unless it is meant to be on a closed one."""
    if calendar.is_closed(day) and not accept_day:
        before = day_words(calendar.previous_working_day(day))
        told = {"day": day_words(day), "before": before}
        raise Invalid(
            _("%(day)sは閉庁日です。直前の開庁日は%(before)sです。") % told, field="held_on"
        )


def check_moved(meeting: Meeting, to: tuple[date, time | None, str], today: date) -> None:
    """A meeting is moved to another time or place, and not into the past."""
    if to == (meeting.held_on, meeting.starts_at, meeting.place):
        raise Invalid(_("日時も場所も前と同じです。"), field="held_on")
    if to[0] < today:
        raise Invalid(_("開催日は、今日以後の日にしてください。"), field="held_on")


def check_notice(meeting: Meeting, held_on: date, today: date) -> None:
    """A body whose rule asks for notice is told that many days before; see short_notice()."""
    if short := short_notice(rule_of(meeting.body, held_on), held_on, today):
        raise Invalid(short, field="held_on")


def short_notice(rule: BodyRule | None, held_on: date, today: date) -> str:
    """Return what a convening today lacks of the notice that the rule asks for, or nothing."""
    left = (held_on - today).days
    if rule is None or left >= rule.notice_days:
        return ""
    told = {"days": rule.notice_days, "left": left, "source": rule.source}
    return (
        _(
            "この会議体は、会議の%(days)d日前までに招集する定めです（%(source)s）。"
            "今日知らせると%(left)d日前になります。"
        )
        % told
    )


def check_state(meeting: Meeting, move: Callable[..., None]) -> None:
    """Refuse a move that the state forbids before telling what else it would need."""
    if not can_proceed(move):
        raise TransitionNotAllowed(object=meeting, method=move)


def check_has_come(meeting: Meeting, on: date) -> None:
    """The day of the meeting is there, and its stage is open."""
    if on < meeting.held_on:
        raise Unmet(_("開催日（%s）より前には開会できません。") % day_words(meeting.held_on))
    if meeting.stage.state != StageState.OPEN:
        what = _("「%s」を開始する") % meeting.stage.name
        link = f"/stages/{meeting.stage_id}/"
        raise Unmet(_("会議の段階が始まっていません。"), [Missing(what, link)])


def check_quorum(meeting: Meeting, count: Turnout) -> None:
    if count.short:
        told = {"present": count.present, "needed": count.needed, "short": count.short}
        what = _("定足数%(needed)s人に対し出席%(present)s人（あと%(short)s人）") % told
        raise Unmet(_("定足数に足りません。"), [Missing(what, page(meeting, "attendance/"))])


def check_presided(meeting: Meeting, rows: Sequence[Attendance]) -> None:
    """A body that has a chair or a deputy is opened by one who came."""
    if presiding_officer(rows) is None and officers(meeting).exists():
        missing = [Missing(_("出欠を記録する"), page(meeting, "attendance/"))]
        raise Unmet(_("会長も職務代理も出席していないため、開会できません。"), missing)


def check_no_quorum(count: Turnout) -> None:
    if not count.short:
        raise Unmet(
            _("定足数に足りているため、流会にはできません。取りやめるときは中止してください。")
        )


def check_items_decided(items: Iterable[AgendaItem]) -> None:
    if open_ := [item for item in items if not item.outcome]:
        missing = [
            Missing(
                _("議題%(order)s「%(title)s」の結果") % {"order": i.order, "title": i.title},
                f"/meetings/{i.meeting_id}/#item-{i.pk}",
            )
            for i in open_
        ]
        raise Unmet(_("結果を記録していない議題があります。"), missing)


def check_minutes_written(meeting: Meeting) -> None:
    if not meeting.minutes.strip():
        what = _("議事録の要点を書く")
        raise Unmet(_("議事録がまだ書かれていません。"), [Missing(what, page(meeting, "#minutes"))])


def check_may_be_signed(meeting: Meeting) -> None:
    """Nobody is asked to sign the minutes of what was given up; they are kept as written."""
    if meeting.stage.state == StageState.CANCELLED or (
        meeting.revision.state == RevisionState.WITHDRAWN
    ):
        raise Unmet(
            _(
                "この段階か改定は取りやめられたため、議事録に署名を求められません。"
                "書いた要点は、このまま残ります。"
            )
        )


def check_meeting_done(stage: Stage) -> None:
    """Refuse until the stage's meeting is held and its minutes are fixed, signed if the rule asks.

    raises  Unmet, with everything that is missing
    """
    if missing := missing_for_meeting(stage):
        raise Unmet(_("「%s」を終えるには、先に済ませることがあります。") % stage.name, missing)


def missing_for_meeting(stage: Stage) -> list[Missing]:
    meetings = list(stage.meetings.select_related("body"))
    missing = [
        Missing(_("「%s」を閉会する") % meeting.title, page(meeting))
        for meeting in meetings
        if meeting.state not in OVER
    ]
    held = [meeting for meeting in meetings if meeting.state == MeetingState.CLOSED]
    if not held and not missing:
        missing.append(Missing(_("会議を開く"), f"/stages/{stage.pk}/meetings/new/"))
    return missing + missing_minutes(held)


def missing_minutes(held: Iterable[Meeting]) -> list[Missing]:
    """Return what the minutes of meetings that were held still lack."""
    found = []
    for meeting in held:
        if meeting.minutes_state == MinutesState.DRAFTING:
            found.append(
                Missing(_("「%s」の議事録を確定する") % meeting.title, page(meeting, "#minutes"))
            )
        elif meeting.minutes_state == MinutesState.FIXED and needs_signing(rule_at(meeting)):
            what = _("「%s」の議事録に署名がそろう") % meeting.title
            found.append(Missing(what, page(meeting, "#minutes")))
    return found
