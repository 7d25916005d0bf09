"""会議の画面: one page of a meeting, and what the secretariat does up to its closing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from revisions.meeting import commands, commands_schedule
from revisions.meeting.forms import (
    AgendaRows,
    AttendanceForm,
    ConveneForm,
    MeetingForm,
    MoveForm,
    agenda_of,
    item_form,
)
from revisions.meeting.gates import page, short_notice
from revisions.meeting.models import Meeting
from revisions.meeting.queries import (
    attendance_of,
    directors,
    proposed_guests,
    rule_at,
    turnout,
    votes_on,
)
from revisions.meeting.reading import crumbs, find, page_of
from revisions.meeting.states import Presence
from revisions.plan.models import Revision
from revisions.plan.policies import check_can_steer
from workflow.access import Audience, audience
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid
from workflow.path.models import Stage
from workflow.people.http import SignedInRequest
from workflow.signoff.forms import Act, ReasonForm

GET_OR_POST = ["GET", "HEAD", "POST"]
MORE_ROWS = 4


@audience(Audience.SIGNED_IN)
@require_safe
def meeting(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    return show(request, find(request.user, meeting_id))


@audience(Audience.STAFF)
@require_http_methods(GET_OR_POST)
def plan_meeting(request: SignedInRequest, stage_id: int) -> HttpResponse:
    stage = get_object_or_404(Stage.objects.select_related("body"), pk=stage_id)
    revision = get_object_or_404(Revision, case=stage.case_id)
    check_can_steer(request.user, revision, in_tokyo(timezone.now()))
    initial = {"body": stage.body, "title": stage.name, "held_on": stage.planned_from}
    form = MeetingForm(request.POST or None, initial=initial)
    if form.is_valid():
        given = {**form.cleaned_data, "body_id": form.cleaned_data["body"].pk}
        del given["body"]
        with errors_on(form):
            planned = commands.plan_meeting(
                stage_id=stage_id, by=request.user, at=timezone.now(), **given
            )
            messages.success(request, _("会議を予定しました。議題がそろったら招集してください。"))
            return see(page(planned))
    context = {
        "form": form,
        "stage": stage,
        "crumbs": [
            (f"/revisions/{revision.pk}/", revision.title),
            (f"/stages/{stage.pk}/", stage.name),
        ],
    }
    return render(request, "meeting/plan.html", context, status=422 if form.errors else 200)


@audience(Audience.STAFF)
@require_http_methods(GET_OR_POST)
def move(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    found = steered(request, meeting_id)
    now = {name: getattr(found, name) for name in ("held_on", "starts_at", "place")}
    form = MoveForm(request.POST or None, initial=now | {"seen": found.chain_length})
    if form.is_valid():
        with errors_on(form):
            commands_schedule.move_meeting(
                meeting_id=meeting_id, by=request.user, at=timezone.now(), **form.cleaned_data
            )
            messages.success(request, _("会議の日時・場所を変えました。"))
            return see(page(found))
    context = {
        "meeting": found,
        "form": form,
        "crumbs": [*crumbs(found, request.user), (page(found), found.title)],
    }
    return render(request, "meeting/move.html", context, status=422 if form.errors else 200)


@audience(Audience.STAFF)
@require_http_methods(GET_OR_POST)
def convene(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    found = steered(request, meeting_id)
    chosen = [post.pk for post in proposed_guests(found.revision, found.body)]
    form = ConveneForm(
        request.POST or None,
        directors=directors(found),
        initial={"seen": found.chain_length, "invited": chosen},
    )
    rows = AgendaRows(_with_more(request), prefix="items")
    if "more" not in request.POST and form.is_valid() and rows.is_valid():
        with errors_on(form, rows):
            commands.convene(
                meeting_id=meeting_id,
                agenda=agenda_of(rows),
                by=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
            messages.success(request, _("招集しました。構成員と招いた人に知らせます。"))
            return see(page(found))
    wrong = form.is_bound and "more" not in request.POST
    context = {
        "meeting": found,
        "form": form,
        "rows": rows,
        "votes": votes_on(rule_at(found)),
        "short_notice": short_notice(rule_at(found), found.held_on, in_tokyo(timezone.now())),
        "crumbs": [*crumbs(found, request.user), (page(found), found.title)],
    }
    return render(request, "meeting/convene.html", context, status=422 if wrong else 200)


@audience(Audience.STAFF)
@require_http_methods(GET_OR_POST)
def attendance(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    found = steered(request, meeting_id)
    rows, rule = attendance_of(found), rule_at(found)
    form = AttendanceForm(request.POST or None, rows=rows, initial={"seen": found.chain_length})
    if form.is_valid():
        rest = Presence.PRESENT if "rest" in request.POST else Presence.UNKNOWN
        with errors_on(form):
            commands.set_attendance(
                meeting_id=meeting_id,
                presences=form.presences(unknown=rest),
                by=request.user,
                at=timezone.now(),
                seen=form.cleaned_data["seen"],
            )
            messages.success(request, _("出欠を記録しました。"))
            return see(page(found))
    context = {
        "meeting": found,
        "form": form,
        "count": turnout(rows, rule),
        "rule": rule,
        "crumbs": [*crumbs(found, request.user), (page(found), found.title)],
    }
    return render(request, "meeting/attendance.html", context, status=422 if form.errors else 200)


@audience(Audience.SIGNED_IN)
@require_POST
def start(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    return _act(request, meeting_id, Act, commands.start, _("開会しました。"))


@audience(Audience.SIGNED_IN)
@require_POST
def adjourn(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    return _act(request, meeting_id, ReasonForm, commands.adjourn, _("流会としました。"))


@audience(Audience.STAFF)
@require_POST
def cancel(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    return _act(request, meeting_id, ReasonForm, commands.cancel_meeting, _("中止しました。"))


@audience(Audience.SIGNED_IN)
@require_POST
def close(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    return _act(request, meeting_id, Act, commands.close, _("閉会しました。"))


@audience(Audience.STAFF)
@require_POST
def record_item(request: SignedInRequest, meeting_id: int, item_id: int) -> HttpResponse:
    found = find(request.user, meeting_id)
    item = get_object_or_404(found.items, pk=item_id)
    form = item_form(item, request.POST, seen=found.chain_length)
    if form.is_valid():
        with errors_on(form):
            commands.record_item(
                meeting_id=meeting_id,
                item_id=item_id,
                note=form.cleaned_data["note"],
                seen=form.cleaned_data["seen"],
                by=request.user,
                at=timezone.now(),
                **form.result(),
            )
            messages.success(request, _("議題%dの結果を記録しました。") % item.order)
            return see(page(found, f"#item-{item.pk}"))
    return show(request, found, **{f"item-{item.pk}": form})


def show(request: SignedInRequest, found: Meeting, **failed: Form) -> HttpResponse:
    """Render the meeting's page, with forms that came back in place of fresh ones."""
    context = page_of(found, request.user, in_tokyo(timezone.now()), failed)
    return render(request, "meeting/meeting.html", context, status=422 if failed else 200)


def steered(request: SignedInRequest, meeting_id: int) -> Meeting:
    """Return a meeting of the user's secretariat; NotAllowed for other readers."""
    found = find(request.user, meeting_id)
    check_can_steer(request.user, found.revision, in_tokyo(timezone.now()))
    return found


def see(url: str) -> HttpResponse:
    return HttpResponseRedirect(url, status=303)


@contextmanager
def errors_on(form: Form, rows: BaseFormSet | None = None) -> Iterator[None]:
    """Turn a command's Invalid into an error beside its field, or the table of `items`."""
    try:
        yield
    except Invalid as refusal:
        if rows is not None and refusal.field == "items":
            rows.non_form_errors().append(ValidationError(str(refusal)))
            return
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def _act(
    request: SignedInRequest,
    meeting_id: int,
    form_class: type[Form],
    command: Callable[..., Any],
    done: str,
) -> HttpResponse:
    found = find(request.user, meeting_id)
    name = command.__name__.partition("_")[0]
    form = form_class(request.POST, auto_id=f"{name}_%s")
    if form.is_valid():
        with errors_on(form):
            command(meeting_id=meeting_id, by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, done)
            return see(page(found))
    return show(request, found, **{f"{name}_form": form})


def _with_more(request: SignedInRequest) -> Any:
    """Return what was posted, with more rows when that was asked for."""
    if "more" not in request.POST:
        return request.POST or None
    data = request.POST.copy()
    total = data.get("items-TOTAL_FORMS", "0")
    data["items-TOTAL_FORMS"] = str((int(total) if total.isdecimal() else 0) + MORE_ROWS)
    return data
