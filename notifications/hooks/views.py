"""外部連携: the webhooks, for the administrator."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from notifications.failures import in_words
from notifications.hooks import commands
from notifications.hooks.areas import AREAS
from notifications.hooks.forms import SeenForm, WebhookForm
from notifications.hooks.models import Webhook
from notifications.hooks.queries import with_counts
from notifications.hooks.signing import secret_of
from notifications.hooks.trying import try_out
from workflow.access import Audience, audience
from workflow.administration.pages import attempt, show, tabs_of
from workflow.audit.queries import history_of
from workflow.deadline.calendar import in_tokyo
from workflow.people.http import SignedInRequest


@audience(Audience.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: SignedInRequest) -> HttpResponse:
    form = WebhookForm(request.POST or None)

    def act(given: dict[str, Any]) -> HttpResponse:
        hook = commands.register_webhook(**given, by=request.user, at=timezone.now())
        return _secret(request, hook)

    context = {
        "hooks": [(hook, _areas(hook)) for hook in with_counts()],
        "hosts": settings.WEBHOOK_HOSTS,
        "tabs": tabs_of(request.user, "webhooks", in_tokyo(timezone.now())),
    }
    page = "administration/webhooks.html"
    return attempt(request, form, act) or show(request, page, form, **context)


@audience(Audience.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: SignedInRequest, hook_id: int) -> HttpResponse:
    found = get_object_or_404(with_counts(), pk=hook_id)
    kept = {"name": found.name, "url": found.url, "areas": found.areas}
    form = WebhookForm(request.POST or None, initial=kept)

    def act(given: dict[str, Any]) -> HttpResponse:
        seen = _seen(request)
        commands.change_webhook(
            webhook_id=hook_id, seen=seen, **given, by=request.user, at=timezone.now()
        )
        messages.success(request, _("送り先を変えました。"))
        return _back(hook_id)

    context = {
        "hook": found,
        "seen": {"seen": found.chain_length},
        "hosts": settings.WEBHOOK_HOSTS,
        "history": history_of(found.key),
        "crumbs": [(reverse("webhooks"), _("外部連携"))],
    }
    page = "administration/webhook.html"
    return attempt(request, form, act) or show(request, page, form, **context)


@audience(Audience.ADMIN)
@require_POST
def renew_secret(request: SignedInRequest, hook_id: int) -> HttpResponse:
    hook = commands.renew_secret(
        webhook_id=hook_id, seen=_seen(request), by=request.user, at=timezone.now()
    )
    return _secret(request, hook)


@audience(Audience.ADMIN)
@require_POST
def stop_webhook(request: SignedInRequest, hook_id: int) -> HttpResponse:
    commands.stop_webhook(webhook_id=hook_id, by=request.user, at=timezone.now())
    messages.success(request, _("止めました。再開するまで、何も送りません。"))
    return _back(hook_id)


@audience(Audience.ADMIN)
@require_POST
def start_webhook(request: SignedInRequest, hook_id: int) -> HttpResponse:
    commands.start_webhook(webhook_id=hook_id, by=request.user, at=timezone.now())
    messages.success(request, _("再開しました。止めたときに待っていたものも送ります。"))
    return _back(hook_id)


@audience(Audience.ADMIN)
@require_POST
def try_webhook(request: SignedInRequest, hook_id: int) -> HttpResponse:
    """試し送信. Told in words; nothing is kept of it."""
    error = try_out(get_object_or_404(Webhook, pk=hook_id), by=request.user, at=timezone.now())
    if error:
        messages.error(request, _("試し送信は失敗しました。%s") % in_words(error))
    else:
        messages.success(request, _("試し送信は成功しました。送り先が受け取りました。"))
    return _back(hook_id)


def _secret(request: SignedInRequest, hook: Webhook) -> HttpResponse:
    """Show the secret in answer to the act itself: no page can be opened again that shows it."""
    context = {"hook": hook, "secret": secret_of(hook.salt)}
    return render(request, "administration/webhook_secret.html", context)


def _seen(request: SignedInRequest) -> int | None:
    form = SeenForm(request.POST)
    return form.cleaned_data["seen"] if form.is_valid() else -1


def _areas(hook: Webhook) -> str:
    return "、".join(str(words) for area, words in AREAS.items() if area in hook.areas)


def _back(hook_id: int) -> HttpResponse:
    response = redirect("webhook", hook_id=hook_id)
    response.status_code = 303
    return response
