from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from revisions.desk.queries import coming_meetings, past_meetings, work_of
from revisions.plan.queries import readable_revisions
from workflow.access import Audience, audience
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.queries import calendar
from workflow.people.http import SignedInRequest


@audience(Audience.SIGNED_IN)
@require_safe
def my_work(request: SignedInRequest) -> HttpResponse:
    today = in_tokyo(timezone.now())
    running = readable_revisions(request.user).filter(state__in=["drafting", "consulting"])
    context = {
        "today": today,
        "work": work_of(request.user, today, calendar()),
        "meetings": coming_meetings(request.user, today),
        "past_meetings": past_meetings(request.user, today),
        "running": running.select_related("plan")[:10],
    }
    return render(request, "desk/my_work.html", context)
