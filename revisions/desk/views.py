from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from revisions.desk.queries import coming_meetings, past_meetings, work_of
from revisions.plan.models import Revision
from revisions.plan.queries import readable_revisions
from workflow.access import Audience, audience, held
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.http import calendar_of
from workflow.people.http import SignedInRequest
from workflow.people.states import UserKind


@audience(Audience.SIGNED_IN)
@require_safe
def my_work(request: SignedInRequest) -> HttpResponse:
    today = in_tokyo(timezone.now())
    running = readable_revisions(request.user).filter(state__in=["drafting", "consulting"])
    steers = held(request.user, "steer_revision", Revision, "pk")
    running = running.annotate(**{"steers": steers}).select_related("plan")[:10]
    context = {
        "today": today,
        "work": work_of(request.user, today, calendar_of(request)),
        "meetings": coming_meetings(request.user, today),
        "past_meetings": past_meetings(request.user, today),
        "running": running,
        "oversees": request.user.kind == UserKind.AUDITOR or any(r.steers for r in running),  # type: ignore[attr-defined]
    }
    return render(request, "desk/my_work.html", context)
