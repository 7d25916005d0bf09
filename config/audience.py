"""Deny unless declared: every view names its audience (workflow/access.py)."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from config.refusals import page, page_of
from workflow.access import Audience, belongs
from workflow.errors import NotAllowed


class AudienceMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        who: Audience | None = getattr(view, "audience", None)
        if who is Audience.ANYONE:
            return None
        user = getattr(request, "user", None)
        if who is None or user is None:
            return page(request, NotAllowed(_("この画面は公開されていません。")))
        if not user.is_authenticated:
            is_page = request.method in ("GET", "HEAD")  # a button's address shows nothing
            return redirect_to_login(request.get_full_path() if is_page else page_of(request))
        if not belongs(user, who):
            return page(request, NotAllowed(_("この画面は、あなたの役割では開けません。")))
        return None
