"""閉庁日: the city's own days, and what a change of them does before it is made."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from workflow.access import Audience, audience
from workflow.administration.forms import ClosedDayForm, ShiftForm
from workflow.administration.pages import attempt, refuse, show, tabs_of
from workflow.deadline import commands_days as commands
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.days import day_words
from workflow.deadline.effect import Change, effect_of
from workflow.deadline.gates import days_to_add, registered
from workflow.deadline.models import ClosedDay
from workflow.deadline.policies import check_can_keep_days
from workflow.deadline.queries import calendar, running, whose, with_follows
from workflow.deadline.registry import planned_on
from workflow.errors import Invalid
from workflow.people.http import SignedInRequest

SHOWN = 50


@audience(Audience.OFFICE)
@require_safe
def closed_days(request: SignedInRequest) -> HttpResponse:
    check_can_keep_days(request.user, in_tokyo(timezone.now()))
    return _list(request, ClosedDayForm(initial=request.GET.dict()))


@audience(Audience.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def add_closed_days(request: SignedInRequest) -> HttpResponse:
    """GET shows what it would do, POST does it."""
    now = timezone.now()
    check_can_keep_days(request.user, in_tokyo(now))
    form = ClosedDayForm(request.POST if request.method == "POST" else request.GET)

    def act(given: dict[str, Any]) -> HttpResponse:
        added = commands.add_closed_days(**given, by=request.user, at=now)
        told = _("%d日を登録しました。督促の時も計算し直しました。") % len(added)
        messages.success(request, told)
        return redirect("closed_days")

    if done := attempt(request, form, act):
        return done
    change = _asked(form)
    if change is None:
        return _list(request, form)
    given = {name: form[name].value() or "" for name in ("first", "last", "name", "is_open")}
    return _preview(
        request,
        form,
        change,
        now,
        title=_("開庁日を加える") if form.cleaned_data["is_open"] else _("閉庁日を加える"),
        name=form.cleaned_data["name"],
        hidden={name: value for name, value in given.items() if value},
        verb=_("登録する"),
    )


@audience(Audience.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_closed_day(request: SignedInRequest, day_id: int) -> HttpResponse:
    """GET shows what it would do, POST does it."""
    now = timezone.now()
    check_can_keep_days(request.user, in_tokyo(now))
    row = registered(get_object_or_404(ClosedDay, pk=day_id))
    form = ShiftForm(request.POST if request.method == "POST" else None)

    def act(given: dict[str, Any]) -> HttpResponse:
        commands.remove_closed_day(day=row.day, **given, by=request.user, at=now)
        messages.success(request, _("%sの登録を取り消しました。") % day_words(row.day))
        return redirect("closed_days")

    return attempt(request, form, act) or _preview(
        request,
        form,
        {row.day: None},
        now,
        title=_("登録を取り消す"),
        name=row.name,
        hidden={},
        verb=_("取り消す"),
    )


def _asked(form: ClosedDayForm) -> Change | None:
    """Return what was asked for; None when the form is to be filled in anew."""
    form.is_valid()
    if any(form.has_error(name) for name in form.fields):
        return None
    given = form.cleaned_data
    try:
        last = given["last"] or given["first"]
        return days_to_add(given["first"], last, given["name"], given["is_open"], calendar())
    except Invalid as refused:
        refuse(form, refused)
        return None


def _list(request: SignedInRequest, form: Form) -> HttpResponse:
    today, days = in_tokyo(timezone.now()), ClosedDay.objects.filter(in_force=True)
    ahead = {row.day for row in days if not row.is_open and row.day >= today}
    return show(
        request,
        "administration/closed_days.html",
        form,
        days=days,
        planned=planned_on(ahead),
        tabs=tabs_of(request.user, "closed_days", today),
    )


def _preview(
    request: SignedInRequest, form: Form, change: Change, now: datetime, **words: Any
) -> HttpResponse:
    effect = effect_of(change, with_follows(whose(running()), request.user), now)
    hidden = words.pop("hidden")
    back = reverse("closed_days")
    return show(
        request,
        "administration/closed_days_preview.html",
        form,
        days=list(change),
        effect=effect,
        fallen=effect.fallen[:SHOWN],
        shifts=effect.shifts[:SHOWN],
        planned=effect.planned[:SHOWN],
        hidden=hidden | {"seen": effect.mark},
        back_url=f"{back}?{urlencode(hidden)}#add" if hidden else back,
        **words,
    )
