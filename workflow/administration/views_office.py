"""組織と会議体: organs, 文書記号, 内線番号 and days of a section, bodies, the 広報紙."""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from workflow.access import Audience, audience
from workflow.administration.forms import (
    BodyForm,
    ExtensionForm,
    GazetteForm,
    OrganForm,
    StandingForm,
    SymbolForm,
)
from workflow.administration.pages import attempt, show, tabs_of
from workflow.audit.models import AuditEntry
from workflow.audit.queries import history_of, told
from workflow.deadline.calendar import in_tokyo
from workflow.path.commands import set_gazette
from workflow.path.models import GazetteRule
from workflow.people import commands_office as commands
from workflow.people.commands_section import set_standing
from workflow.people.http import SignedInRequest
from workflow.people.models import Body, Department, Section
from workflow.people.queries import rules_on


@audience(Audience.ADMIN)
@require_safe
def offices(request: SignedInRequest) -> HttpResponse:
    today = in_tokyo(timezone.now())
    rules = rules_on(today)
    sections = Section.objects.select_related("department")
    context = {
        "sections": sections.order_by("department__order", "department", "order", "pk"),
        "bodies": [(body, rules.get(body.pk)) for body in Body.objects.all()],
        "gazette": GazetteRule.objects.filter(since__lte=today).last(),
        "tabs": tabs_of(request.user, "offices", today),
    }
    return render(request, "administration/offices.html", context)


@audience(Audience.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def department(request: SignedInRequest, department_id: int) -> HttpResponse:
    found = get_object_or_404(Department, pk=department_id)
    form = OrganForm(request.POST or None, initial={"organ": found.organ})

    def act(given: dict[str, Any]) -> HttpResponse:
        commands.set_organ(department_id=found.pk, **given, by=request.user, at=timezone.now())
        messages.success(request, _("執行機関を変えました。"))
        return redirect("department", department_id=found.pk)

    context = {"department": found, "history": history_of(found.key), "crumbs": _crumbs()}
    page = "administration/department.html"
    return attempt(request, form, act) or show(request, page, form, **context)


@audience(Audience.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: SignedInRequest, section_id: int) -> HttpResponse:
    found = _section(section_id)
    form = SymbolForm(request.POST or None, initial={"symbol": found.symbol})

    def act(given: dict[str, Any]) -> HttpResponse:
        commands.set_symbol(section_id=found.pk, **given, by=request.user, at=timezone.now())
        messages.success(request, _("文書記号を変えました。"))
        return redirect("section", section_id=found.pk)

    return attempt(request, form, act) or _show_section(request, found, form)


@audience(Audience.ADMIN)
@require_POST
def section_standing(request: SignedInRequest, section_id: int) -> HttpResponse:
    """From which day to which a section is there; sent from its page."""
    found = _section(section_id)
    form = StandingForm(request.POST)

    def act(given: dict[str, Any]) -> HttpResponse:
        set_standing(section_id=found.pk, **given, by=request.user, at=timezone.now())
        messages.success(request, _("課の始まりと終わりを変えました。"))
        return redirect("section", section_id=found.pk)

    return attempt(request, form, act) or _show_section(request, found, form)


def _section(section_id: int) -> Section:
    return get_object_or_404(Section.objects.select_related("department"), pk=section_id)


def _show_section(request: SignedInRequest, found: Section, form: Form) -> HttpResponse:
    """Show the page; of its two forms one was sent, or neither."""
    forms = {
        SymbolForm: SymbolForm(initial={"symbol": found.symbol}),
        StandingForm: StandingForm(initial={"since": found.since, "until": found.until}),
    } | {type(form): form}
    context = {
        "section": found,
        "symbol": forms[SymbolForm],
        "standing": forms[StandingForm],
        "classes": found.classes.order_by("class_name", "since"),
        "history": history_of(found.key),
        "crumbs": _crumbs(),
    }
    return show(request, "administration/section.html", form, **context)


@audience(Audience.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def extension(request: SignedInRequest, section_id: int) -> HttpResponse:
    found = get_object_or_404(Section.objects.select_related("department"), pk=section_id)
    form = ExtensionForm(request.POST or None, initial={"extension": found.extension})

    def act(given: dict[str, Any]) -> HttpResponse:
        commands.set_extension(section_id=found.pk, **given, by=request.user, at=timezone.now())
        messages.success(request, _("内線番号を変えました。"))
        return redirect("section", section_id=found.pk)

    crumbs = [*_crumbs(), (reverse("section", args=[found.pk]), found.name)]
    page = "administration/extension.html"
    return attempt(request, form, act) or show(request, page, form, section=found, crumbs=crumbs)


@audience(Audience.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def body(request: SignedInRequest, body_id: int) -> HttpResponse:
    found = get_object_or_404(Body, pk=body_id)
    rule = rules_on(in_tokyo(timezone.now())).get(found.pk)
    kept = {**rule.regular, "notice_days": rule.notice_days} if rule else {}
    form = BodyForm(request.POST or None, initial=kept)

    def act(given: dict[str, Any]) -> HttpResponse:
        commands.set_notice(body_id=found.pk, **given, by=request.user, at=timezone.now())
        messages.success(request, _("招集の定めを登録しました。"))
        return redirect("body", body_id=found.pk)

    context = {
        "body": found,
        "rules": found.rules.order_by("-since"),
        "in_force": rule,
        "history": history_of(found.key),
        "crumbs": _crumbs(),
    }
    page = "administration/body.html"
    return attempt(request, form, act) or show(request, page, form, **context)


@audience(Audience.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def gazette(request: SignedInRequest) -> HttpResponse:
    form = GazetteForm(request.POST or None)

    def act(given: dict[str, Any]) -> HttpResponse:
        set_gazette(**given, by=request.user, at=timezone.now())
        messages.success(request, _("広報紙の定めを登録しました。"))
        return redirect("gazette")

    today = in_tokyo(timezone.now())
    rules = list(GazetteRule.objects.order_by("-since"))
    keys = [rule.key for rule in rules]
    context = {
        "rules": rules,
        "in_force": next((rule for rule in rules if rule.since <= today), None),
        "history": told(AuditEntry.objects.filter(subject__in=keys).order_by("-pk")),
        "crumbs": _crumbs(),
    }
    return attempt(request, form, act) or show(
        request, "administration/gazette.html", form, **context
    )


def _crumbs() -> list[tuple[str, str]]:
    return [(reverse("offices"), _("組織と会議体"))]
