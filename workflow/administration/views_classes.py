"""課の総称: which sections a class (各施設所管課等) stands for, from which day to which."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from workflow.access import Audience, audience
from workflow.administration.forms import ClassForm, EndForm
from workflow.administration.pages import attempt, show, tabs_of
from workflow.deadline.calendar import in_tokyo
from workflow.people import commands_section as commands
from workflow.people.http import SignedInRequest
from workflow.people.kept import kept
from workflow.people.models import ClassMember, Section


@audience(Audience.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def section_classes(request: SignedInRequest) -> HttpResponse:
    """The classes, and what runs and does not follow; a section is added here too."""
    form = ClassForm(request.POST or None)

    def act(given: dict[str, Any]) -> HttpResponse:
        section = given.pop("section_id")
        commands.join_class(section_id=section.pk, **given, by=request.user, at=timezone.now())
        messages.success(request, _("総称に課を加えました。"))
        return redirect("section_classes")

    return attempt(request, form, act) or _page(request, form)


@audience(Audience.ADMIN)
@require_POST
def end_class_member(request: SignedInRequest, member_id: int) -> HttpResponse:
    member = get_object_or_404(ClassMember, pk=member_id)
    form = EndForm(request.POST, auto_id=f"end_{member_id}_%s")

    def act(given: dict[str, Any]) -> HttpResponse:
        commands.leave_class(member_id=member.pk, **given, by=request.user, at=timezone.now())
        messages.success(request, _("総称から課を外す日を登録しました。"))
        return redirect("section_classes")

    return attempt(request, form, act) or _page(request, form, member_id)


def _page(request: SignedInRequest, failed: Form, row: int = 0) -> HttpResponse:
    """The form that failed, of the page or of one member, comes back as it was typed."""
    today = in_tokyo(timezone.now())
    members = ClassMember.objects.filter(Q(until=None) | Q(until__gte=today))
    members = members.select_related("section").order_by("class_name", "section__order", "since")
    rows = []
    for member in members:
        form = failed if member.pk == row else EndForm(auto_id=f"end_{member.pk}_%s")
        rows.append({"member": member, "class_name": member.class_name, "form": form})
    names = dict(Section.objects.values_list("code", "name"))
    context = {
        "rows": rows,
        "today": today,
        "kept": [
            (one.title, [(c, [names.get(code, code) for code in codes]) for c, codes in found])
            for one in kept()
            if (found := sorted(one.classes.items()))
        ],
        "tabs": tabs_of(request.user, "section_classes", today),
        "new": ClassForm() if row else failed,
    }
    return show(request, "administration/section_classes.html", failed, **context)
