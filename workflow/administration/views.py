"""管理: who holds which post, and the city's own days. Nothing here signs or edits content."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from workflow.access import Audience, audience
from workflow.administration.forms import AppointmentForm, ClosedDayForm, EndForm, PersonForm
from workflow.audit.queries import history_of
from workflow.deadline import commands as deadlines
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.era import era_date
from workflow.deadline.models import ClosedDay
from workflow.errors import Invalid
from workflow.people import commands as people
from workflow.people.http import SignedInRequest
from workflow.people.models import Appointment, User


@audience(Audience.ADMIN)
@require_safe
def administration(request: SignedInRequest) -> HttpResponse:
    current = Appointment.objects.on(in_tokyo(timezone.now())).select_related("post")
    users = User.objects.order_by("username").prefetch_related(
        Prefetch("appointments", queryset=current, to_attr="current")
    )
    return render(request, "administration/people.html", {"users": users})


@audience(Audience.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def new_person(request: SignedInRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)

    def act(given: dict[str, Any]) -> HttpResponse:
        user = people.create_user(**given, by=request.user, at=timezone.now())
        messages.success(request, _("登録しました。続けて、職に任命してください。"))
        return redirect("person", user_id=user.pk)

    return _try(request, form, act) or _show(request, "administration/new_person.html", form)


@audience(Audience.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: SignedInRequest, user_id: int) -> HttpResponse:
    found = get_object_or_404(User, pk=user_id)
    form = AppointmentForm(request.POST or None)

    def act(given: dict[str, Any]) -> HttpResponse:
        post = given.pop("post_id")
        people.appoint(
            user_id=user_id, post_id=post.pk, **given, by=request.user, at=timezone.now()
        )
        messages.success(request, _("発令を登録しました。"))
        return redirect("person", user_id=user_id)

    context = {
        "person": found,
        "appointments": found.appointments.select_related("post").order_by("-since"),
        "end_form": EndForm(),
        "history": history_of(found.key),
    }
    page = "administration/person.html"
    return _try(request, form, act) or _show(request, page, form, **context)


@audience(Audience.ADMIN)
@require_POST
def end(request: SignedInRequest, appointment_id: int) -> HttpResponse:
    appointment = get_object_or_404(Appointment, pk=appointment_id)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["until"].as_text().removeprefix("* "))
        return redirect("person", user_id=appointment.user_id)
    people.end_appointment(
        appointment_id=appointment_id,
        until=form.cleaned_data["until"],
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("発令の終わりを登録しました。"))
    return redirect("person", user_id=appointment.user_id)


@audience(Audience.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def closed_days(request: SignedInRequest) -> HttpResponse:
    form = ClosedDayForm(request.POST or None)

    def act(given: dict[str, Any]) -> HttpResponse:
        deadlines.add_closed_day(**given, by=request.user, at=timezone.now())
        messages.success(request, _("登録しました。督促の日も計算し直しました。"))
        return redirect("closed_days")

    days = ClosedDay.objects.filter(in_force=True)
    page = "administration/closed_days.html"
    return _try(request, form, act) or _show(request, page, form, days=days)


@audience(Audience.ADMIN)
@require_POST
def remove_closed_day(request: SignedInRequest, day_id: int) -> HttpResponse:
    day = get_object_or_404(ClosedDay, pk=day_id).day
    deadlines.remove_closed_day(day=day, by=request.user, at=timezone.now())
    messages.success(request, _("%sの登録を取り消しました。") % era_date(day))
    return redirect("closed_days")


def _try(
    request: SignedInRequest, form: Form, act: Callable[[dict[str, Any]], HttpResponse]
) -> HttpResponse | None:
    """Do what was sent; None when nothing was, or when the form is to be shown again."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act(dict(form.cleaned_data))
    except Invalid as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return None


def _show(request: SignedInRequest, page: str, form: Form, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, page, {"form": form, **context}, status=status)
