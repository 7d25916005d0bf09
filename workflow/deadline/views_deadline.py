"""期限の画面: what whoever watches over others is told of, without what it is about."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from workflow.access import Audience, allowed, audience
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.commands_done import report_done
from workflow.deadline.forms import SeenForm
from workflow.deadline.http import calendar_of
from workflow.deadline.naming import day_names
from workflow.deadline.policies import check_can_follow, check_is_asked
from workflow.deadline.reading import history, holder_of, opens_it
from workflow.deadline.registry import kind_of, label_of
from workflow.deadline.states import RUNNING
from workflow.people.http import SignedInRequest


@audience(Audience.STAFF)
@require_safe
def deadline(request: SignedInRequest, deadline_id: int) -> HttpResponse:
    found = check_can_follow(request.user, deadline_id)
    kind, runs = kind_of(found.kind), found.state in RUNNING
    now, due_on = timezone.now(), in_tokyo(found.due_at)
    today = in_tokyo(now)
    context = {
        "found": found,
        "label": label_of(found.kind),
        "holder": holder_of(found, today),
        "runs": runs,
        "due_on": due_on,
        "left": calendar_of(request).working_days_between(today, due_on),
        "receipt": kind.receipt,
        "done": kind.done if runs and allowed(check_is_asked, request.user, found) else "",
        "state": _("期限超過") if runs and found.due_at < now else found.get_state_display(),
        "tone": "passed" if runs and found.due_at < now else found.state,
        "due_of": name.word if runs and (name := day_names([found]).get(found.subject)) else "",
        "opens": opens_it(request.user, found),
        "entries": history(found),
    }
    return render(request, "deadline/deadline.html", context)


@audience(Audience.STAFF)
@require_POST
def done(request: SignedInRequest, deadline_id: int) -> HttpResponse:
    check_can_follow(request.user, deadline_id)
    form = SeenForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else None
    report_done(deadline_id=deadline_id, by=request.user, at=timezone.now(), seen=seen)
    messages.success(request, _("記録しました。"))
    return redirect("deadline", deadline_id)
