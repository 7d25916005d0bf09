"""議事録の画面: writing, fixing, and what was said as opinions."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from revisions.meeting import commands_minutes as commands
from revisions.meeting.forms import FixForm, MinutesForm, RemarkForm
from revisions.meeting.gates import page
from revisions.meeting.minutes import compose
from revisions.meeting.queries import attendance_of, rule_at, second_signers
from revisions.meeting.reading import crumbs
from revisions.meeting.views import GET_OR_POST, errors_on, see, show, steered
from workflow.access import Audience, audience
from workflow.people.http import SignedInRequest


@audience(Audience.STAFF)
@require_http_methods(GET_OR_POST)
def edit(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    found = steered(request, meeting_id)
    initial = {"seen": found.chain_length, "text": found.minutes}
    form = MinutesForm(request.POST or None, initial=initial)
    if form.is_valid():
        with errors_on(form):
            commands.edit_minutes(
                meeting_id=meeting_id, by=request.user, at=timezone.now(), **form.cleaned_data
            )
            messages.success(request, _("議事録を保存しました。"))
            return see(page(found, "#minutes"))
    context = {
        "meeting": found,
        "form": form,
        "preview": compose(found, attendance_of(found), found.items.all()),
        "crumbs": [*crumbs(found, request.user), (page(found), found.title)],
    }
    return render(request, "meeting/minutes.html", context, status=422 if form.errors else 200)


@audience(Audience.STAFF)
@require_POST
def fix(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    found = steered(request, meeting_id)
    members = second_signers(found, attendance_of(found), rule_at(found))
    form = FixForm(request.POST, members=members, auto_id="fix_%s")
    if form.is_valid():
        with errors_on(form):
            commands.fix_minutes(
                meeting_id=meeting_id,
                second_id=form.cleaned_data.get("second"),
                seen=form.cleaned_data["seen"],
                by=request.user,
                at=timezone.now(),
            )
            messages.success(request, _("議事録を確定しました。"))
            return see(page(found, "#minutes"))
    return show(request, found, fix_form=form)


@audience(Audience.STAFF)
@require_http_methods(GET_OR_POST)
def remark(request: SignedInRequest, meeting_id: int) -> HttpResponse:
    found = steered(request, meeting_id)
    sheets = found.revision.projects.filter(is_discontinued=False)
    form = RemarkForm(
        request.POST or None,
        projects=sheets.values_list("uid", "name"),
        initial={"seen": found.chain_length},
    )
    if form.is_valid():
        with errors_on(form):
            opinion = commands.record_remark(
                meeting_id=meeting_id, by=request.user, at=timezone.now(), **form.cleaned_data
            )
            messages.success(request, _("意見第%d号として記録しました。") % opinion.number)
            return see(page(found, "remarks/"))
    context = {
        "meeting": found,
        "form": form,
        "crumbs": [*crumbs(found, request.user), (page(found), found.title)],
    }
    return render(request, "meeting/remark.html", context, status=422 if form.errors else 200)
