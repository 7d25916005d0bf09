"""計画の取込みと書き出し: files are looked at before they become the draft; a version as one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from revisions.plan import commands
from revisions.plan.exchange import book
from revisions.plan.exchange.build import Outcome, build
from revisions.plan.exchange.layout import Tables
from revisions.plan.exchange.parse import parse
from revisions.plan.exchange.write import blank, write
from revisions.plan.forms_import import ChoiceForm, ImportForm, choices_in, places_text
from revisions.plan.gates import check_empty, check_may_change
from revisions.plan.models import Revision
from revisions.plan.queries import content_of_version, facts_of, office_on, standing_on
from revisions.plan.states import Level
from revisions.plan.views import readable_version
from revisions.plan.views_draft import crumbs, form_page, steered
from workflow.access import Audience, audience
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid
from workflow.people.http import SignedInRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@audience(Audience.STAFF)
@form_page
def import_draft(request: SignedInRequest, revision_id: int) -> HttpResponse:
    """Files are read and looked at (`check`), then taken over (`take`) with what was chosen."""
    revision = _fillable(request, revision_id)
    form = ImportForm(request.POST or None, request.FILES or None)
    outcome, choose = None, None
    if form.is_valid():
        is_new = form.cleaned_data["is_new"]
        chosen = {} if is_new else choices_in(request.POST)
        outcome = _outcome(revision, form.cleaned_data["tables"], chosen)
        asks = "take" in request.POST and not is_new
        choose = ChoiceForm(request.POST if asks else None, disagreements=outcome.disagreements)
        choose.initial = {} if asks else {f"choice-{key}": n for key, n in chosen.items()}
        if asks and choose.is_valid() and outcome.is_ready:
            try:
                return _taken(request, revision, outcome, form.cleaned_data["reason"])
            except Invalid as refused:
                form.add_error(refused.field or None, str(refused))
    context: dict[str, Any] = {
        "revision": revision,
        "form": form,
        "outcome": outcome,
        "choose": choose,
        "rows": _rows(outcome) if outcome else [],
        "crumbs": crumbs(revision),
    }
    wrong = form.errors or (choose and choose.errors) or (outcome and outcome.errors)
    return render(request, "plan/import.html", context, status=422 if wrong else 200)


@audience(Audience.STAFF)
@require_safe
def import_template(request: SignedInRequest, revision_id: int) -> HttpResponse:
    revision = _fillable(request, revision_id)
    return _workbook(f"{revision.plan.code}-template", blank(facts_of(revision.plan)))


@audience(Audience.SIGNED_IN)
@require_safe
def version_workbook(request: SignedInRequest, version_id: int) -> HttpResponse:
    """A version in the layout of the import (docs/import-layout.md)."""
    found = readable_version(request, version_id)
    content = content_of_version(found)
    tables = write(content, names=content["sections"])
    return _workbook(f"{found.plan.code}-{found.number}", tables)


def _fillable(request: SignedInRequest, revision_id: int) -> Revision:
    revision = steered(request, revision_id)
    check_may_change(revision, Level.PLAN)
    check_empty(revision)
    return revision


def _outcome(revision: Revision, tables: Tables, choices: dict[str, int]) -> Outcome:
    today = in_tokyo(timezone.now())
    return build(
        parse(tables),
        plan=facts_of(revision.plan),
        office=office_on(today),
        standing=standing_on(today),
        choices=choices,
    )


def _taken(
    request: SignedInRequest, revision: Revision, outcome: Outcome, reason: str
) -> HttpResponse:
    commands.import_draft(
        revision_id=revision.pk,
        content=outcome.content,
        reason=reason,
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, _("計画案に取り込みました。"))
    return HttpResponseRedirect(reverse("draft", args=[revision.pk]), status=303)


def _rows(outcome: Outcome) -> list[dict[str, Any]]:
    """The faults, errors first, with where they are."""
    return [
        {
            "is_error": fault.is_error,
            "places": places_text(fault.places),
            "columns": "、".join(dict.fromkeys(p.column for p in fault.places if p.column)),
            "message": fault.message,
        }
        for fault in sorted(outcome.faults, key=lambda fault: not fault.is_error)
    ]


def _workbook(name: str, tables: Tables) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(book.to_workbook(tables), content_type=XLSX, headers=headers)
