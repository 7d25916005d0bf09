"""How a refusal reaches a person: what happened, why, what next, and what was typed."""

import re
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import TransitionNotAllowed

from config.typed import said_in
from workflow.audit.models import Audited
from workflow.audit.queries import since
from workflow.deadline.days import fiscal_year_words
from workflow.errors import ByButton, NotAllowed, Refused, Stale, Unmet, why

SECRET = {"csrfmiddlewaretoken", "password", "seen", "token", "form_id", "precision"}
MACHINERY = re.compile(r"-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$|-(ORDER|ROW|AFTER|was|uid)$")
YEAR = re.compile(r"y(\d{4})")
WORDS = {
    "actions": _("取組"),
    "aims": _("目指すもの"),
    "class_name": _("課の総称"),
    "comment": _("意見"),
    "cumulative": _("累計"),
    "due_on": _("期限"),
    "first": _("から"),
    "first_on": _("募集の初日"),
    "indicators": _("評価指標"),
    "last": _("まで"),
    "last_on": _("募集の最終日"),
    "lead": _("主管課等"),
    "name": _("名称"),
    "note": _("備考"),
    "overview": _("概要"),
    "planned_from": _("始める日"),
    "planned_until": _("終える日"),
    "rationale": _("指標の考え方"),
    "reason": _("理由"),
    "related": _("関係課等"),
    "remarks": _("備考"),
    "response": _("市の考え方"),
    "section": _("課"),
    "short_reason": _("期間を短くする理由"),
    "status": _("区分"),
    "summary": _("要旨"),
    "text": _("本文"),
    "title": _("件名"),
}


class RefusalMiddleware:
    """The only place that knows which HTTP status a refusal has."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: HttpResponse = self.get_response(request)
        if response.status_code == 405 and not response.content:
            response.content = page(request, ByButton()).content
        return response

    def process_exception(self, request: HttpRequest, exc: Exception) -> HttpResponse | None:
        match exc:
            case Refused():
                return page(request, exc, exc)
            case TransitionNotAllowed():
                return page(request, _overtaken(exc), exc)
            case ObjectDoesNotExist() if not isinstance(exc, Http404):
                return render(request, "404.html", status=404)
        return None


def page(
    request: HttpRequest, refusal: Refused, raised: BaseException | None = None
) -> HttpResponse:
    """raised: what a view was interrupted by"""
    meanwhile = since(refusal.subject, refusal.seen) if isinstance(refusal, Stale) else []
    context = {
        "status": refusal.status,
        "title": refusal.title,
        "reason": str(refusal),
        "what_next": _what_next(request, refusal),
        "meanwhile": meanwhile,
        "kept": _typed(request, raised or refusal),
    }
    return render(request, "errors/refused.html", context, status=refusal.status)


def _overtaken(exc: TransitionNotAllowed) -> Refused:
    """A click on a button that another act has made void."""
    row = exc.object
    subject = row if isinstance(row, Audited) else getattr(row, "request", None)
    if isinstance(subject, Audited) and subject.chain_length:
        return Stale(subject.key, max(subject.chain_length - 3, 0))
    return Unmet(why(exc))


def _what_next(request: HttpRequest, refusal: Refused) -> list[tuple[str, str]]:
    if isinstance(refusal, Unmet):
        return [(str(missing.what), missing.link) for missing in refusal.missing]
    if isinstance(refusal, NotAllowed | ByButton):
        return [(gettext("自分の仕事に戻る"), "/")]
    return [(gettext("最新の画面を開く"), page_of(request))]


def page_of(request: HttpRequest) -> str:
    """Return the page the act was sent from, when it is one of ours."""
    referer = request.headers.get("Referer", "")
    own = f"{request.scheme}://{request.get_host()}/"
    return "/" + referer.removeprefix(own).lstrip("/\\") if referer.startswith(own) else "/"


def _typed(request: HttpRequest, raised: BaseException) -> dict[str, str]:
    """Return label → text of what was typed: under the labels of the forms that read it, else under
    the words of its name. What has none is a button or a mark of the page, and ASCII."""
    found: dict[str, str] = {}
    read: set[str] = set()
    for name, label, text in said_in(raised, request.POST):
        if name not in read and not _is_machinery(name):
            _add(found, label, text)
        read.add(name)
    for name, values in request.POST.lists():
        words, text = _words(name), "\n".join(values)
        if name not in read and not _is_machinery(name) and (words or not text.isascii()):
            _add(found, words or gettext("そのほか"), text)
    return found


def _add(found: dict[str, str], label: str, text: str) -> None:
    if text.strip():
        found[label] = f"{found[label]}\n{text}" if label in found else text


def _is_machinery(name: str) -> bool:
    return name in SECRET or bool(MACHINERY.search(name))


def _words(name: str) -> str:
    """Return the words of a field's name: sheet-indicators-2-y2025 has three; "" where it has none
    for a part."""
    words = [_word(part) for part in name.removeprefix("sheet-").split("-")]
    return " ".join(words) if all(words) else ""


def _word(part: str) -> str:
    if part.isdecimal():
        return gettext("%d行目") % (int(part) + 1)
    if year := YEAR.fullmatch(part):
        return fiscal_year_words(int(year[1]))
    return str(WORDS.get(part, ""))
