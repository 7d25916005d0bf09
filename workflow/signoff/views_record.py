"""記録の画面: what a request says of itself, what changed since, corrections, paper decisions."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from workflow.access import Audience, audience
from workflow.authority.preview import preview
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid
from workflow.people.http import SignedInRequest
from workflow.signoff import commands_record as commands
from workflow.signoff.forms_record import KEEPING, CorrectForm, PaperForm
from workflow.signoff.gates_record import (
    check_correctable,
    check_entered_on_paper,
    correction_of,
)
from workflow.signoff.kinds import kind_of
from workflow.signoff.models import Request
from workflow.signoff.models_record import Paper
from workflow.signoff.offers import Reader, to_read, to_review, turn_of
from workflow.signoff.policies import check_can_back_enter, check_can_correct
from workflow.signoff.queries import has_opened, last_seen, readable
from workflow.signoff.reading import compared, facts_of, paper_of
from workflow.signoff.rerouting import way_again
from workflow.signoff.states import RequestState

GET_OR_POST = ["GET", "HEAD", "POST"]


def on_page(request: SignedInRequest, reader: Reader, at: datetime) -> dict[str, Any]:
    """Return what the page of a request shows of its record; note that it was opened (開封)."""
    found, turn = reader.request, turn_of(reader)
    asked = turn[0] if turn else to_review(reader) or to_read(reader)
    if asked and request.method == "GET" and not has_opened(request.user, found):
        commands.open_content(shown=asked, steps=reader.steps, by=request.user, at=at)
    decided = found.state == RequestState.DECIDED
    return {
        "record": list(facts_of(found)),
        "paper": paper_of(found),
        "correction": correction_of(found) if decided else None,
        "corrected": compared(found, found.corrects.content) if found.corrects else None,
        "changed": compared(found, last_seen(request.user, found)) if turn else None,
    }


@audience(Audience.SIGNED_IN)
@require_http_methods(GET_OR_POST)
def correct(request: SignedInRequest, request_id: int) -> HttpResponse:
    old = _readable(request, request_id)
    today = in_tokyo(timezone.now())
    post = check_can_correct(request.user, old, today)
    correction = kind_of(old).correction
    draft = check_correctable(old)
    now = draft or old
    correction.check(old)
    way = way_again(old, correction.facts(old), drafter=post, on=today)
    initial = {name: getattr(now, name) for name in KEEPING} | {"seen": old.chain_length}
    initial |= {"text": correction.text(now), "reason": draft.correction_reason if draft else ""}
    form = CorrectForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            new = commands.correct(
                request_id=request_id, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except Invalid as refused:
            _say(form, refused)
        else:
            messages.success(request, _("訂正を回議に付しました。"))
            return _see(new)
    rows = preview(way.line, today, laid=way.by_rule)
    context = {"old": old, "rows": rows, "laid": way.laid, "today": today}
    return _form(request, "signoff/correct.html", form, context)


@audience(Audience.SIGNED_IN)
@require_http_methods(GET_OR_POST)
def back_entry(request: SignedInRequest) -> HttpResponse:
    today, corrects = in_tokyo(timezone.now()), request.GET.get("corrects", "")
    wrong = _readable(request, int(corrects)) if corrects.isdecimal() else None
    if wrong:
        check_can_correct(request.user, wrong, today)
        check_entered_on_paper(wrong)
        check_correctable(wrong)
    else:
        check_can_back_enter(request.user, today)
    form = PaperForm(
        request.POST or None,
        request.FILES or None,
        initial=_initial(wrong),
        corrects=wrong is not None,
    )
    if form.is_valid():
        try:
            entered = commands.back_enter(
                paper=form.paper(),
                corrects_id=wrong.pk if wrong else None,
                by=request.user,
                at=timezone.now(),
                **form.words(),
            )
        except Invalid as refused:
            _say(form, refused)
        else:
            messages.success(request, _("紙の決裁を登録しました。"))
            return _see(entered)
    return _form(request, "signoff/back_entry.html", form, {"wrong": wrong})


@audience(Audience.SIGNED_IN)
@require_safe
def paper(request: SignedInRequest, request_id: int) -> HttpResponse:
    """The copy as it came: downloaded, never shown inside a page of ours."""
    found = get_object_or_404(Paper, request=_readable(request, request_id))
    headers = {
        "Content-Disposition": content_disposition_header(True, found.name) or "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(bytes(found.body), content_type=found.media_type, headers=headers)


def _readable(request: SignedInRequest, request_id: int) -> Request:
    today = in_tokyo(timezone.now())
    requests = Request.objects.select_related("content", "drafter_post")
    return get_object_or_404(readable(requests, request.user, today), pk=request_id)


def _initial(wrong: Request | None) -> dict[str, Any]:
    names = ("title", "decided_on", *KEEPING)
    return {name: getattr(wrong, name) for name in names} if wrong else {}


def _say(form: Form, refused: Invalid) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))


def _see(request: Request) -> HttpResponse:
    response = redirect("request", request_id=request.pk)
    response.status_code = 303
    return response


def _form(
    request: SignedInRequest, template: str, form: Form, context: dict[str, Any]
) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)
