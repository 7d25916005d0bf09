"""期限の画面: what whoever watches over others is told of, without what it is about."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from workflow.access import Audience, audience
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.policies import check_can_follow
from workflow.deadline.queries import calendar
from workflow.deadline.reading import history, holder_of, opens_it
from workflow.deadline.registry import has_receipt, label_of
from workflow.deadline.states import RUNNING
from workflow.people.http import SignedInRequest


@audience(Audience.STAFF)
@require_safe
def deadline(request: SignedInRequest, deadline_id: int) -> HttpResponse:
    found = check_can_follow(request.user, deadline_id)
    today, due_on = in_tokyo(timezone.now()), in_tokyo(found.due_at)
    context = {
        "found": found,
        "label": label_of(found.kind),
        "holder": holder_of(found, today),
        "runs": found.state in RUNNING,
        "due_on": due_on,
        "left": calendar().working_days_between(today, due_on),
        "receipt": has_receipt(found.kind),
        "opens": opens_it(request.user, found),
        "entries": history(found),
    }
    return render(request, "deadline/deadline.html", context)
