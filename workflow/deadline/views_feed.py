"""期限の予定表: deadlines in the reader's own calendar."""

from secrets import token_urlsafe

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from workflow.access import Audience, audience
from workflow.audit.chain import digest
from workflow.deadline import commands_feed as commands
from workflow.deadline.feed import feed
from workflow.deadline.forms import SeenForm
from workflow.deadline.queries import feed_of, reader_of, running_of, whose, with_changed_at
from workflow.people.http import SignedInRequest
from workflow.people.models import User

LIMIT = 1_000
TOKEN_BYTES = 32


@audience(Audience.SIGNED_IN)
@require_safe
def calendar(request: SignedInRequest) -> HttpResponse:
    return _page(request)


@audience(Audience.SIGNED_IN)
@require_POST
def make_feed(request: SignedInRequest) -> HttpResponse:
    """The address is shown here and never again: it is kept nowhere, a session included."""
    token = token_urlsafe(TOKEN_BYTES)
    commands.make_feed(token=token, seen=_seen(request), by=request.user, at=timezone.now())
    return _page(request, address=settings.BASE_URL + reverse("feed", args=[token]))


@audience(Audience.SIGNED_IN)
@require_POST
def revoke_feed(request: SignedInRequest) -> HttpResponse:
    commands.revoke_feed(seen=_seen(request), by=request.user, at=timezone.now())
    messages.success(request, _("購読アドレスを止めました。"))
    return redirect("calendar")


@audience(Audience.SIGNED_IN)
@require_safe
def feed_file(request: SignedInRequest) -> HttpResponse:
    response = _feed(request.user)
    response["Content-Disposition"] = 'attachment; filename="deadlines.ics"'
    return response


@audience(Audience.ANYONE)
@require_safe
def shared_feed(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar asks for on its own: whoever has the address reads it, and nothing else.

    No Last-Modified: what is done leaves the feed, and what remains may be older.
    """
    reader = reader_of(token)
    if reader is None:
        raise Http404
    response = _feed(reader)
    response["ETag"] = quote_etag(digest(response.content)[:32])
    patch_cache_control(response, private=True, no_cache=True)
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _feed(user: User) -> HttpResponse:
    rows = with_changed_at(whose(running_of(user)))[:LIMIT]
    body = feed(rows, base_url=settings.BASE_URL, at=timezone.now())
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


def _page(request: SignedInRequest, address: str = "") -> HttpResponse:
    context = {
        "feed": feed_of(request.user),
        "address": address,
        "count": running_of(request.user).count(),
    }
    return render(request, "deadline/calendar.html", context)


def _seen(request: SignedInRequest) -> int | None:
    form = SeenForm(request.POST)
    return form.cleaned_data["seen"] if form.is_valid() else None
