"""運用の状態, for the administrator."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from notifications.operations.queries import state_at
from notifications.operations.reading import rows_of, wrong_of
from workflow.access import Audience, audience
from workflow.administration.pages import tabs_of
from workflow.deadline.calendar import in_tokyo
from workflow.people.http import SignedInRequest


@audience(Audience.ADMIN)
@require_safe
def operations(request: SignedInRequest) -> HttpResponse:
    at = timezone.now()
    state = state_at(at)
    tasks, waiting = rows_of(state)
    context = {
        "state": state,
        "tasks": tasks,
        "waiting": waiting,
        "undelivered": sum(state.dead.values()),
        "wrong": wrong_of([*tasks, *waiting]),
        "tabs": tabs_of(request.user, "operations", in_tokyo(at)),
    }
    return render(request, "administration/operations.html", context)
