from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notifications import commands
from notifications.forms import PageForm, PreferenceForm, ReadForm
from notifications.queries import unread, wishes
from notifications.queries_screen import recent
from notifications.states import Way
from workflow.access import Audience, audience
from workflow.people.http import SignedInRequest

PAGE = 50


@audience(Audience.SIGNED_IN)
@require_safe
def notices(request: SignedInRequest) -> HttpResponse:
    page = PageForm(request.GET)
    before = page.cleaned_data["before"] if page.is_valid() else None
    told = recent(request.user, at=timezone.now(), before=before, limit=PAGE + 1)
    shown = told[:PAGE]
    context = {
        "told": shown,
        "unread_count": unread(request.user).count(),
        "newest": {"until": shown[0].event.pk} if shown else {},
        "after": shown[-1].event.pk if len(told) > PAGE else None,
    }
    return render(request, "notifications/notices.html", context)


@audience(Audience.SIGNED_IN)
@require_safe
def follow_notice(request: SignedInRequest, event_id: int) -> HttpResponse:
    link = commands.read_notice(event_id=event_id, by=request.user, at=timezone.now())
    return HttpResponseRedirect(link)


@audience(Audience.SIGNED_IN)
@require_POST
def read_notices(request: SignedInRequest) -> HttpResponse:
    form = ReadForm(request.POST)
    if form.is_valid():
        commands.read_notices(by=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("お知らせを既読にしました。"))
    return _back()


@audience(Audience.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def preference(request: SignedInRequest) -> HttpResponse:
    user = request.user
    wish = wishes([user.pk])[user.pk]
    form = PreferenceForm(request.POST or None, initial=wish.chosen())
    if form.is_valid():
        commands.set_preference(by=user, at=timezone.now(), **form.chosen())
        messages.success(request, _("お知らせの受け方を保存しました。"))
        return _back()
    context = {"form": form, "ways": Way.choices, "crumbs": [(reverse("notices"), _("お知らせ"))]}
    status = 422 if form.is_bound else 200
    return render(request, "notifications/preference.html", context, status=status)


def _back() -> HttpResponse:
    response = redirect("notices")
    response.status_code = 303
    return response
