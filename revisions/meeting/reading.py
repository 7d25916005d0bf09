"""One meeting as a page shows it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.forms import Form
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from revisions.meeting import gates
from revisions.meeting.forms import FixForm, item_form
from revisions.meeting.minutes import result_of
from revisions.meeting.models import Attendance, Meeting
from revisions.meeting.policies import check_can_run
from revisions.meeting.queries import (
    Turnout,
    attendance_of,
    needs_signing,
    readable_meetings,
    rule_at,
    second_signers,
    turnout,
)
from revisions.meeting.states import MeetingState as S
from workflow.access import allowed, holds
from workflow.audit.queries import history_of
from workflow.errors import Unmet
from workflow.path.states import ENDED, StageState
from workflow.people.models import User
from workflow.people.states import UserKind
from workflow.signoff.forms import ReasonForm
from workflow.signoff.models import Request
from workflow.signoff.queries import readable, steps_now


def find(user: Any, meeting_id: int) -> Meeting:
    """Return a meeting that the user may read, or raise Http404."""
    meetings = readable_meetings(user).select_related(
        "revision", "stage", "body", "version", "presiding", "request"
    )
    return get_object_or_404(meetings.defer("version__content"), pk=meeting_id)


def steers(user: Any, meeting: Meeting) -> bool:
    return holds(user, "steer_revision", meeting.revision)


def page_of(meeting: Meeting, user: User, today: date, failed: dict[str, Form]) -> dict[str, Any]:
    """Return the context of the meeting's page.

    failed  forms that came back, by the name they have in the context ("item-7", "fix_form")
    """
    rows, rule = attendance_of(meeting), rule_at(meeting)
    count, may_steer = turnout(rows, rule), steers(user, meeting)
    items, seen = list(meeting.items.all()), meeting.chain_length
    may_run = may_steer or allowed(check_can_run, user, meeting, today)
    recording = may_steer and meeting.state == S.IN_SESSION
    writes = may_steer and meeting.state in (S.IN_SESSION, S.CLOSED)
    members = second_signers(meeting, rows, rule)
    requests = Request.objects.filter(pk=meeting.request_id or 0)
    return {
        "meeting": meeting,
        "crumbs": crumbs(meeting, user),
        "rows": rows,
        "rule": rule,
        "count": count,
        "items": [_item(item, recording, seen, failed) for item in items],
        "may_steer": may_steer,
        "may_run": may_run,
        "writes": writes,
        "may_conclude": may_steer
        and meeting.state == S.CLOSED
        and meeting.stage.state == StageState.OPEN
        and not gates.missing_minutes([meeting]),
        "signs": needs_signing(rule),
        "steps": steps_now(meeting.request) if meeting.request else [],
        "may_open_request": readable(requests, user, today).exists(),
        "seen": {"seen": seen},
        "start_blocked": _why_not_start(meeting, today, rows, count),
        "can_adjourn": may_run and meeting.state == S.CONVENED and count.short > 0,
        "may_plan_anew": may_steer and _awaits_another(meeting),
        "close_blocked": _why_not_close(items),
        "cancel_form": ReasonForm(initial={"seen": seen}, auto_id="cancel_%s"),
        "adjourn_form": ReasonForm(initial={"seen": seen}, auto_id="adjourn_%s"),
        "fix_form": FixForm(members=members, initial={"seen": seen}, auto_id="fix_%s"),
        "history": history_of(meeting.key) if user.kind != UserKind.OUTSIDE else [],
        **failed,
        "failed": list(failed.values()),
    }


def crumbs(meeting: Meeting, user: User) -> list[tuple[str, str]]:
    """Return the way to the page; an outside member has none but the home page."""
    if user.kind == UserKind.OUTSIDE:
        return [(reverse("my_work"), _("自分の仕事"))]
    return [
        (f"/revisions/{meeting.revision_id}/", meeting.revision.title),
        (f"/stages/{meeting.stage_id}/", meeting.stage.name),
    ]


def _awaits_another(meeting: Meeting) -> bool:
    """It was adjourned, and its stage goes on without another meeting."""
    if meeting.state != S.ADJOURNED or meeting.stage.state in ENDED:
        return False
    others = meeting.stage.meetings.exclude(state__in=[S.ADJOURNED, S.CANCELLED])
    return not others.exists()


def _item(item: Any, is_open: bool, seen: int, failed: dict[str, Form]) -> dict[str, Any]:
    form = failed.get(f"item-{item.pk}") or item_form(item, seen=seen)
    return {
        "item": item,
        "result": result_of(item) if item.outcome else "",
        "form": form if is_open else None,
    }


def _why_not_start(
    meeting: Meeting, today: date, rows: Sequence[Attendance], count: Turnout
) -> str:
    """Return what stands against opening the meeting now, or nothing."""
    if meeting.state != S.CONVENED:
        return ""
    try:
        gates.check_has_come(meeting, today)
        gates.check_quorum(meeting, count)
        gates.check_presided(meeting, rows)
    except Unmet as refusal:
        return " ".join([str(refusal), *(missing.what for missing in refusal.missing)])
    return ""


def _why_not_close(items: list[Any]) -> str:
    try:
        gates.check_items_decided(items)
    except Unmet as refusal:
        return str(refusal)
    return ""
