"""決裁の画面: read exactly what is signed, then act."""

import json

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from workflow.access import Audience, audience
from workflow.audit.queries import history_of
from workflow.deadline.calendar import in_tokyo
from workflow.people.http import SignedInRequest
from workflow.signoff.boxes import boxes, notes, on_letter
from workflow.signoff.kinds import kind_of
from workflow.signoff.models import Request
from workflow.signoff.offers import Reader, offers, remark
from workflow.signoff.queries import readable, steps_of
from workflow.signoff.views_record import on_page


@audience(Audience.SIGNED_IN)
@require_safe
def request_page(request: SignedInRequest, request_id: int) -> HttpResponse:
    return page(request, request_id)


def page(
    request: SignedInRequest, request_id: int, *, failed: Form | None = None, act: str = ""
) -> HttpResponse:
    """A request as one reads and acts on it; `failed` is the form of `act` that came back.

    With ?print it is the 起案用紙.
    """
    now = timezone.now()
    today = in_tokyo(now)
    found = get_object_or_404(
        readable(
            Request.objects.select_related("content", "drafter", "drafter_post"),
            request.user,
            today,
        ),
        pk=request_id,
    )
    steps = list(steps_of(found, request.user, today).filter(attempt=found.attempt))
    for step in steps:
        step.request = found
    reader = Reader(request.user, found, steps, today, {act: failed} if failed else {})
    kind, history, laid = kind_of(found), history_of(found.key), boxes(steps, today)
    context = {
        "found": found,
        "kind": kind,
        "content": json.loads(found.content.body) if kind.template else None,
        **laid,
        "history": history,
        "failed": failed,
        "offers": offers(reader),
        "remark": remark(reader),
        **notes(reader, history),
        **on_page(request, reader, now),
    }
    if "print" in request.GET:
        paper = {**on_letter(laid), "back_url": request.path}
        return render(request, "signoff/print.html", context | paper)
    return render(request, "signoff/request.html", context, status=422 if failed else 200)
