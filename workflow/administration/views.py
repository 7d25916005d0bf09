"""管理: who holds which post. Nothing here signs or edits content."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from workflow.access import Audience, audience
from workflow.administration.forms import AppointmentForm, EmailForm, EndForm, PersonForm
from workflow.administration.pages import attempt, show, tabs_of
from workflow.audit.queries import history_of
from workflow.deadline.calendar import in_tokyo
from workflow.people import commands as people
from workflow.people.http import SignedInRequest
from workflow.people.models import Appointment, User


@audience(Audience.ADMIN)
@require_safe
def administration(request: SignedInRequest) -> HttpResponse:
    today = in_tokyo(timezone.now())
    current = Appointment.objects.on(today).select_related("post")
    users = User.objects.order_by("username").prefetch_related(
        Prefetch("appointments", queryset=current, to_attr="current")
    )
    context = {"users": users, "tabs": tabs_of(request.user, "administration", today)}
    return render(request, "administration/people.html", context)


@audience(Audience.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def new_person(request: SignedInRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)

    def act(given: dict[str, Any]) -> HttpResponse:
        user = people.create_user(**given, by=request.user, at=timezone.now())
        messages.success(request, _("登録しました。続けて、職に任命してください。"))
        return redirect("person", user_id=user.pk)

    return attempt(request, form, act) or show(request, "administration/new_person.html", form)


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
    return attempt(request, form, act) or show(request, page, form, **context)


@audience(Audience.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def email(request: SignedInRequest, user_id: int) -> HttpResponse:
    found = get_object_or_404(User, pk=user_id)
    form = EmailForm(request.POST or None, initial={"email": found.email})

    def act(given: dict[str, Any]) -> HttpResponse:
        people.set_email(user_id=user_id, **given, by=request.user, at=timezone.now())
        messages.success(request, _("電子メールの宛先を変えました。"))
        return redirect("person", user_id=user_id)

    page = "administration/person_email.html"
    return attempt(request, form, act) or show(request, page, form, person=found)


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
