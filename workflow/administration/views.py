"""管理: who holds which post. Nothing here signs or edits content."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from workflow.access import Audience, audience
from workflow.administration.forms import (
    AppointmentForm,
    EmailForm,
    EndForm,
    PasswordForm,
    PersonForm,
)
from workflow.administration.pages import attempt, show, tabs_of
from workflow.audit.queries import history_of
from workflow.deadline.calendar import in_tokyo
from workflow.people import commands as people
from workflow.people.http import SignedInRequest
from workflow.people.models import Appointment, User
from workflow.signoff.forms import ReasonForm

REASON, PASSWORD = "reason_%s", "password_%s"


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

    return attempt(request, form, act) or _show_person(request, found, form)


@audience(Audience.ADMIN)
@require_POST
def suspend(request: SignedInRequest, user_id: int) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id=REASON)
    done = _("利用を停止しました。いまのサインインも切れました。")
    return _do(request, user_id, form, people.suspend_user, done)


@audience(Audience.ADMIN)
@require_POST
def restore(request: SignedInRequest, user_id: int) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id=REASON)
    done = _("利用を再開しました。前のパスワードでサインインできます。")
    return _do(request, user_id, form, people.restore_user, done)


@audience(Audience.ADMIN)
@require_POST
def reset_password(request: SignedInRequest, user_id: int) -> HttpResponse:
    form = PasswordForm(request.POST, auto_id=PASSWORD)
    done = _("パスワードを定め直しました。本人に伝え、変えてもらってください。")
    return _do(request, user_id, form, people.reset_password, done)


def _do(
    request: SignedInRequest, user_id: int, form: Form, command: Callable[..., User], done: str
) -> HttpResponse:
    found = get_object_or_404(User, pk=user_id)

    def act(given: dict[str, Any]) -> HttpResponse:
        command(user_id=user_id, **given, by=request.user, at=timezone.now())
        messages.success(request, done)
        return redirect("person", user_id=user_id)

    return attempt(request, form, act) or _show_person(request, found, form)


def _show_person(request: SignedInRequest, found: User, sent: Form) -> HttpResponse:
    """Show the page; of its forms one was sent, or none."""
    seen = {"seen": found.chain_length}
    forms: dict[type[Form], Form] = {
        AppointmentForm: AppointmentForm(),
        ReasonForm: ReasonForm(initial=seen, auto_id=REASON),
        PasswordForm: PasswordForm(initial=seen, auto_id=PASSWORD),
    } | {type(sent): sent}
    context = {
        "person": found,
        "is_oneself": found == request.user,
        "appoint": forms[AppointmentForm],
        "reason": forms[ReasonForm],
        "password": forms[PasswordForm],
        "crumbs": [(reverse("administration"), _("利用者と発令"))],
        "appointments": found.appointments.select_related("post").order_by("-since"),
        "history": history_of(found.key),
    }
    return show(request, "administration/person.html", sent, **context)


@audience(Audience.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def email(request: SignedInRequest, user_id: int) -> HttpResponse:
    found = get_object_or_404(User, pk=user_id)
    form = EmailForm(
        request.POST or None, initial={"email": found.email, "seen": found.chain_length}
    )

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
