"""改定の画面: the list of revisions, one revision, its board, and how one is started or ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from revisions.cycle import commands
from revisions.cycle.board import board_of
from revisions.cycle.forms import ReasonForm, StartForm
from revisions.cycle.queries import startable_plans
from revisions.cycle.reading import Reader, dues_of, now_of, picture, rows_of
from revisions.plan.models import Revision
from revisions.plan.policies import check_can_steer
from revisions.plan.queries import readable_revisions
from revisions.plan.states import RUNNING
from workflow.access import Audience, allowed, audience
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.http import calendar_of
from workflow.errors import Invalid, NotAllowed
from workflow.path.queries import deviations_of, progress, stages_of
from workflow.people.http import SignedInRequest
from workflow.people.models import User
from workflow.people.states import UserKind

Crumbs = list[tuple[str, str]]

PAGE = 50


@audience(Audience.SIGNED_IN)
@require_safe
def revisions(request: SignedInRequest) -> HttpResponse:
    today = in_tokyo(timezone.now())
    found = readable_revisions(request.user).select_related("plan").order_by("-pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": rows_of(page.object_list, today),
        "page": page,
        "may_start": startable_plans(request.user, today).exists(),
    }
    return render(request, "cycle/revisions.html", context)


@audience(Audience.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def start_revision(request: SignedInRequest) -> HttpResponse:
    plans = list(startable_plans(request.user, in_tokyo(timezone.now())))
    if not plans:
        raise NotAllowed(_("改定を始められる計画がありません。始めるのは、計画の事務局です。"))
    form = StartForm(request.POST or None, plans=plans)
    if form.is_valid():
        plan = form.cleaned_data.pop("plan")
        with errors_on(form):
            started = commands.start_revision(
                plan_id=plan.pk, by=request.user, at=timezone.now(), **form.cleaned_data
            )
            messages.success(request, _("改定を始めました。全課がこの改定を見られます。"))
            return see("revision", started.pk)
    context = {"form": form, "crumbs": crumbs()}
    return render(request, "cycle/start.html", context, status=422 if form.errors else 200)


@audience(Audience.SIGNED_IN)
@require_safe
def revision(request: SignedInRequest, revision_id: int) -> HttpResponse:
    return _show(request, find(request, revision_id))


@audience(Audience.STAFF)
@require_POST
def withdraw_revision(request: SignedInRequest, revision_id: int) -> HttpResponse:
    found = find(request, revision_id)
    form = ReasonForm(request.POST, auto_id="withdraw_%s")
    if form.is_valid():
        with errors_on(form):
            commands.withdraw_revision(
                revision_id=revision_id, by=request.user, at=timezone.now(), **form.cleaned_data
            )
            messages.success(request, _("改定を取り下げました。"))
            return see("revision", revision_id)
    return _show(request, found, failed=form)


@audience(Audience.STAFF)
@require_safe
def board(request: SignedInRequest, revision_id: int) -> HttpResponse:
    found, today = find(request, revision_id), in_tokyo(timezone.now())
    if not sees_all(request.user, found, today):
        raise NotAllowed(_("進行管理板を見られるのは、事務局と監査だけです。"))
    table = board_of(found, today)
    only_late = "late" in request.GET
    context = {
        "revision": found,
        "today": today,
        "picture": picture(stages_of(found.case_id), today),
        "columns": table.columns(),
        "departments": table.departments(only_late=only_late),
        "only_late": only_late,
        "late": sum(row.late for row in table.rows),
        "tabs": tabs(found, "revision_board", sees_all=True),
        "crumbs": crumbs(found),
    }
    return render(request, "cycle/board.html", context)


def _show(
    request: SignedInRequest, found: Revision, failed: forms.Form | None = None
) -> HttpResponse:
    today, stages = in_tokyo(timezone.now()), stages_of(found.case_id)
    steers = allowed(check_can_steer, request.user, found, today)
    everything = steers or request.user.kind == UserKind.AUDITOR
    open_, ready = now_of(stages, Reader(request.user, today, everything))
    withdraw_form = ReasonForm(initial={"seen": found.chain_length}, auto_id="withdraw_%s")
    context = {
        "revision": found,
        "today": today,
        "picture": picture(stages, today),
        "progress": progress(stages),
        "open": open_,
        "ready": ready,
        "deviations": deviations_of(found.case_id),
        "versions": list(found.versions.defer("content").order_by("-number")[:10]),
        "dues": dues_of(found, today, calendar_of(request)),
        "steers": steers,
        "tabs": tabs(found, "revision", everything),
        "has_table": found.state in RUNNING and found.plan.current_id is not None,
        "may_withdraw": steers and found.state in RUNNING,
        "withdraw_form": failed or withdraw_form,
        "failed": failed,
        "crumbs": crumbs(),
    }
    return render(request, "cycle/revision.html", context, status=422 if failed else 200)


def find(request: SignedInRequest, revision_id: int) -> Revision:
    readable = readable_revisions(request.user).select_related("plan", "base")
    return get_object_or_404(readable.defer("base__content"), pk=revision_id)


def crumbs(found: Revision | None = None) -> Crumbs:
    path = [(reverse("revisions"), _("改定"))]
    return [*path, (reverse("revision", args=[found.pk]), found.title)] if found else path


def sees_all(user: User, found: Revision, today: date) -> bool:
    """The secretariat and auditors; other readers don't see each other's answers."""
    return user.kind == UserKind.AUDITOR or allowed(check_can_steer, user, found, today)


def tabs(found: Revision, current: str, sees_all: bool) -> list[tuple[str, str, bool]]:
    """Return the pages of one revision, as parts/tabs.html shows them."""
    pages = {
        "revision": _("経路"),
        "schedule": _("日程"),
        "draft": _("計画案"),
        "revision_board": _("進行管理板"),
        "opinions": _("意見と対応"),
        "revision_history": _("経過"),
    }
    return [
        (reverse(name, args=[found.pk]), words, name == current)
        for name, words in pages.items()
        if sees_all or name != "revision_board"
    ]


def see(name: str, pk: int) -> HttpResponseRedirect:
    response = HttpResponseRedirect(reverse(name, args=[pk]))
    response.status_code = 303
    return response


@contextmanager
def errors_on(form: forms.Form) -> Iterator[None]:
    """Turn a command's Invalid into an error beside its field."""
    try:
        yield
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
