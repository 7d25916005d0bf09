"""決裁区分表の管理: every table there is, and a new one."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from workflow.access import Audience, audience
from workflow.administration.pages import tabs_of
from workflow.audit.queries import history_of
from workflow.authority import commands
from workflow.authority.checking import Checked
from workflow.authority.findings import warnings
from workflow.authority.forms import TableForm, WithdrawForm
from workflow.authority.models import DecisionTable
from workflow.authority.queries import rules_of, tables_on
from workflow.authority.reading_out import shown
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid
from workflow.people.http import SignedInRequest


@audience(Audience.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def decision_tables(request: SignedInRequest) -> HttpResponse:
    """Every table, and a new one: looked at first, then adopted."""
    form = TableForm(request.POST or None, request.FILES or None)
    checked: Checked | None = form.cleaned_data["checked"] if form.is_valid() else None
    if checked and not checked.errors and "adopt" in request.POST:
        try:
            table = commands.adopt_table(checked=checked, by=request.user, at=timezone.now())
        except Invalid as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, _("定めました。施行日から、新しい伺いの経路に使われます。"))
            return redirect("decision_table_kept", table_id=table.pk)
    today = in_tokyo(timezone.now())
    context = {
        "form": form,
        "checked": checked,
        "rules": shown(checked.rules) if checked else [],
        "tables": _standing(today),
        "tabs": tabs_of(request.user, "decision_tables", today),
    }
    wrong = bool(form.errors) or (checked is not None and checked.errors)
    page = "administration/decision_tables.html"
    return render(request, page, context, status=422 if wrong else 200)


@audience(Audience.ADMIN)
@require_safe
def decision_table_kept(request: SignedInRequest, table_id: int) -> HttpResponse:
    return _kept(request, get_object_or_404(DecisionTable, pk=table_id), WithdrawForm())


@audience(Audience.ADMIN)
@require_POST
def withdraw_decision_table(request: SignedInRequest, table_id: int) -> HttpResponse:
    table = get_object_or_404(DecisionTable, pk=table_id)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _kept(request, table, form)
    commands.withdraw_table(
        table_id=table.pk, by=request.user, at=timezone.now(), **form.cleaned_data
    )
    messages.success(request, _("表を取り下げました。"))
    return redirect("decision_tables")


def _kept(request: SignedInRequest, table: DecisionTable, form: WithdrawForm) -> HttpResponse:
    today, rules = in_tokyo(timezone.now()), rules_of(table)
    context: dict[str, Any] = {
        "table": table,
        "standing": {row.pk: (word, tone) for row, word, tone in _standing(today)}[table.pk],
        "rules": shown(rules),
        "warnings": warnings(rules),
        "form": form,
        "can_withdraw": table.in_force and table.since > today,
        "history": history_of(table.key),
        "tabs": tabs_of(request.user, "decision_tables", today),
    }
    status = 422 if form.errors else 200
    return render(request, "administration/decision_table.html", context, status=status)


def _standing(today: date) -> list[tuple[DecisionTable, str, str]]:
    """Return every table with how it stands today, in a word and a tone."""
    in_force = tables_on(today).values()

    def stands(table: DecisionTable) -> tuple[str, str]:
        if not table.in_force:
            return _("取下げ"), "off"
        if table in in_force:
            return _("施行中"), "active"
        return (_("これから"), "waiting") if table.since > today else (_("過去"), "done")

    return [(table, *stands(table)) for table in DecisionTable.objects.all()]
