"""決裁の画面: read exactly what is signed, then act."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from workflow.access import Audience, allowed, audience
from workflow.audit.queries import history_of
from workflow.deadline.calendar import in_tokyo
from workflow.people.http import SignedInRequest
from workflow.signoff import commands
from workflow.signoff.forms import ApproveForm, ReasonForm
from workflow.signoff.kinds import kind_of
from workflow.signoff.models import Request, Step
from workflow.signoff.policies import check_can_pull_back, check_can_sign, check_is_drafter
from workflow.signoff.queries import decides, inbox, last_approved, readable, returned, steps_now
from workflow.signoff.states import RequestState

ACTS: dict[str, type[Form]] = {
    "approve": ApproveForm,
    "send_back": ReasonForm,
    "reject": ReasonForm,
    "withdraw": ReasonForm,
}


@audience(Audience.SIGNED_IN)
@require_safe
def requests(request: SignedInRequest) -> HttpResponse:
    today = in_tokyo(timezone.now())
    mine = readable(Request.objects.order_by("-pk"), request.user, today)
    context = {
        "steps": inbox(request.user, today)[:200],
        "returned": returned(request.user)[:50],
        "others": Paginator(mine.select_related("drafter_post"), 50).get_page(
            request.GET.get("page")
        ),
    }
    return render(request, "signoff/requests.html", context)


@audience(Audience.SIGNED_IN)
@require_safe
def request_page(request: SignedInRequest, request_id: int) -> HttpResponse:
    return _page(request, request_id)


@audience(Audience.SIGNED_IN)
@require_POST
def approve(request: SignedInRequest, step_id: int) -> HttpResponse:
    def act(given: dict[str, Any]) -> Request:
        return commands.approve(step_id=step_id, by=request.user, at=timezone.now(), **given)

    return _act(request, _request_of(step_id), ApproveForm, act, _("承認しました。"))


@audience(Audience.SIGNED_IN)
@require_POST
def send_back(request: SignedInRequest, step_id: int) -> HttpResponse:
    def act(given: dict[str, Any]) -> Request:
        return commands.send_back(step_id=step_id, by=request.user, at=timezone.now(), **given)

    return _act(request, _request_of(step_id), ReasonForm, act, _("起案者に差し戻しました。"))


@audience(Audience.SIGNED_IN)
@require_POST
def reject(request: SignedInRequest, step_id: int) -> HttpResponse:
    def act(given: dict[str, Any]) -> Request:
        return commands.reject(step_id=step_id, by=request.user, at=timezone.now(), **given)

    return _act(request, _request_of(step_id), ReasonForm, act, _("否決しました。"))


@audience(Audience.SIGNED_IN)
@require_POST
def pull_back(request: SignedInRequest, request_id: int) -> HttpResponse:
    def act(given: dict[str, Any]) -> Request:
        return commands.pull_back(
            request_id=request_id, by=request.user, at=timezone.now(), seen=given["seen"]
        )

    return _act(request, request_id, ApproveForm, act, _("引き戻しました。"))


@audience(Audience.SIGNED_IN)
@require_POST
def withdraw(request: SignedInRequest, request_id: int) -> HttpResponse:
    def act(given: dict[str, Any]) -> Request:
        return commands.withdraw(request_id=request_id, by=request.user, at=timezone.now(), **given)

    return _act(request, request_id, ReasonForm, act, _("取り下げました。"))


def _act(
    request: SignedInRequest,
    request_id: int,
    form_class: type[Form],
    act: Callable[[dict[str, Any]], Request],
    done: str,
) -> HttpResponse:
    """Do the act and come back to the page; a bad form comes back with what was typed."""
    name = resolve(request.path).url_name or ""
    form = form_class(request.POST, auto_id=f"{name}_%s")
    if not form.is_valid():
        return _page(request, request_id, failed=form, act_name=name)
    act(form.cleaned_data)
    messages.success(request, done)
    response = redirect("request", request_id=request_id)
    response.status_code = 303
    return response


def _page(
    request: SignedInRequest, request_id: int, *, failed: Form | None = None, act_name: str = ""
) -> HttpResponse:
    today = in_tokyo(timezone.now())
    found = get_object_or_404(
        readable(
            Request.objects.select_related("content", "drafter", "drafter_post"),
            request.user,
            today,
        ),
        pk=request_id,
    )
    steps = steps_now(found)
    turn = next(
        (
            s
            for s in steps
            if s.state == "active" and allowed(check_can_sign, request.user, s, today)
        ),
        None,
    )
    kind = kind_of(found)
    running, came_back = found.state == RequestState.CIRCULATING, found.state == RequestState.DRAFT
    drafted = allowed(check_is_drafter, request.user, found, today)
    context = {
        "found": found,
        "kind": kind,
        "content": json.loads(found.content.body) if kind.template else None,
        "steps": steps,
        "turn": turn,
        "decides": turn is not None and decides(turn, steps),
        "can_pull_back": running
        and allowed(check_can_pull_back, request.user, found, last_approved(steps), today),
        "redraft": kind.redraft(found) if came_back and drafted else "",
        "can_withdraw": (running or came_back) and drafted,
        "history": history_of(found.key),
        "seen": {"seen": found.chain_length},
        "failed": failed,
        **_forms(found, failed, act_name),
    }
    return render(request, "signoff/request.html", context, status=422 if failed else 200)


def _forms(found: Request, failed: Form | None, act_name: str) -> dict[str, Form]:
    """One form an act; the one that failed comes back as it was typed."""
    forms: dict[str, Form] = {
        f"{name}_form": form(initial={"seen": found.chain_length}, auto_id=f"{name}_%s")
        for name, form in ACTS.items()
    }
    if failed:
        forms[f"{act_name}_form"] = failed
    return forms


def _request_of(step_id: int) -> int:
    return get_object_or_404(Step.objects.only("request_id"), pk=step_id).request_id
