"""サインイン. A browser keeps which accounts signed in there (tries.py)."""

from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from workflow.people.forms import SignInForm
from workflow.people.http import sender
from workflow.people.tries import Origin, disguise

COOKIE = "__Host-browser" if settings.PRODUCTION else "browser"
SALT = "people.browser"
KEPT = 180 * 24 * 3600
ACCOUNTS = 10
"""How many a browser keeps at most, of those who share it."""


class SignIn(LoginView):
    authentication_form = SignInForm

    def get_form_kwargs(self) -> dict[str, Any]:
        username = self.request.POST.get("username", "")
        origin = Origin(sender(self.request), _browser_known_to(username, self.request))
        return super().get_form_kwargs() | {"origin": origin, "at": timezone.now()}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        _remember(response, self.request, form.cleaned_data["username"])
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = getattr(form, "status", 422)
        return response


def _kept(request: HttpRequest) -> list[str]:
    """Return what tells the browser apart and the accounts that it keeps, the last one first."""
    try:
        kept = request.get_signed_cookie(COOKIE, "", salt=SALT, max_age=KEPT)
    except BadSignature:
        return []
    return (kept or "").split()


def _browser_known_to(username: str, request: HttpRequest) -> str:
    """Return what tells the browser apart; "" when the account has not signed in there."""
    browser, *accounts = _kept(request) or [""]
    return browser if disguise(username) in accounts else ""


def _remember(response: HttpResponse, request: HttpRequest, username: str) -> None:
    browser, *accounts = _kept(request) or [token_urlsafe(16)]
    account = disguise(username)
    others = [one for one in accounts if one != account][: ACCOUNTS - 1]
    response.set_signed_cookie(
        COOKIE,
        " ".join([browser, account, *others]),
        salt=SALT,
        max_age=KEPT,
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Lax",
    )
