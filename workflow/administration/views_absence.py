"""不在・代理: who is away today and later, and who acts then by which rule."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from workflow.access import Audience, allowed, audience
from workflow.administration.forms import AbsenceForm, DeputyForm, EndForm, WithdrawForm
from workflow.administration.listing import away_from, registered_from
from workflow.administration.pages import attempt, show, tabs_of
from workflow.deadline.calendar import in_tokyo
from workflow.people import commands_absence as commands
from workflow.people.http import SignedInRequest
from workflow.people.models import Absence, Deputy, Post
from workflow.people.policies import check_is_personnel
from workflow.people.queries import posts_answered_for, posts_held
from workflow.people.states import UserKind


@audience(Audience.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: SignedInRequest) -> HttpResponse:
    """The list; registering an absence is sent here too."""
    form = _form(request, request.POST or None)

    def act(given: dict[str, Any]) -> HttpResponse:
        post = given.pop("post_id")
        commands.register_absence(post_id=post.pk, **given, by=request.user, at=timezone.now())
        messages.success(request, _("不在を登録し、代理する人に知らせました。"))
        return redirect("absences")

    return attempt(request, form, act) or _page(request, form)


@audience(Audience.OFFICE)
@require_POST
def withdraw_absence(request: SignedInRequest, absence_id: int) -> HttpResponse:
    absence = get_object_or_404(Absence, pk=absence_id)
    form = WithdrawForm(request.POST, auto_id=f"withdraw_{absence_id}_%s")

    def act(given: dict[str, Any]) -> HttpResponse:
        commands.withdraw_absence(
            absence_id=absence.pk, **given, by=request.user, at=timezone.now()
        )
        messages.success(request, _("不在の登録を取り消しました。"))
        return redirect("absences")

    return attempt(request, form, act) or _page(request, form, absence_id)


@audience(Audience.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_deputy(request: SignedInRequest) -> HttpResponse:
    check_is_personnel(request.user, in_tokyo(timezone.now()))
    form = DeputyForm(request.POST or None)

    def act(given: dict[str, Any]) -> HttpResponse:
        post, deputy = given.pop("post_id"), given.pop("deputy_id")
        ids = {"post_id": post.pk, "deputy_id": deputy.pk}
        commands.register_deputy(**ids, **given, by=request.user, at=timezone.now())
        messages.success(request, _("代理を登録しました。"))
        return redirect("absences")

    return attempt(request, form, act) or show(request, "administration/new_deputy.html", form)


@audience(Audience.OFFICE)
@require_POST
def end_deputy(request: SignedInRequest, deputy_id: int) -> HttpResponse:
    deputy = get_object_or_404(Deputy, pk=deputy_id)
    form = EndForm(request.POST, auto_id=f"end_{deputy_id}_%s")

    def act(given: dict[str, Any]) -> HttpResponse:
        commands.end_deputy(deputy_id=deputy.pk, **given, by=request.user, at=timezone.now())
        messages.success(request, _("代理の登録を終えました。"))
        return redirect("absences")

    return attempt(request, form, act) or _page(request, form, deputy_id)


def _form(request: SignedInRequest, sent: QueryDict | None = None) -> AbsenceForm:
    """Most register their own absence: their own post stands there already."""
    own = posts_held(request.user, in_tokyo(timezone.now())).first()
    return AbsenceForm(sent, posts=_posts(request), initial={"post_id": own})


def _posts(request: SignedInRequest) -> QuerySet[Post]:
    today = in_tokyo(timezone.now())
    if allowed(check_is_personnel, request.user, today):
        return Post.objects.all()
    posts = posts_answered_for(request.user, today)
    return posts if request.user.kind == UserKind.STAFF else posts.none()


def _page(request: SignedInRequest, failed: Form, row: int = 0) -> HttpResponse:
    """The list; the form that failed, of the page or of one row, comes back as it was typed."""
    today = in_tokyo(timezone.now())
    posts = _posts(request)
    mine = set(posts.values_list("pk", flat=True))
    withdrawing, ending = isinstance(failed, WithdrawForm), isinstance(failed, EndForm)
    context = {
        "today": today,
        "tabs": tabs_of(request.user, "absences", today),
        "absences": away_from(today, mine, {row: failed} if withdrawing else {}),
        "deputies": registered_from(today, {row: failed} if ending else {}),
        "is_personnel": allowed(check_is_personnel, request.user, today),
        "may_register": bool(mine),
        "new": _form(request) if row else failed,
    }
    return show(request, "administration/absences.html", failed, **context)
