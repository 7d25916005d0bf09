"""照会の画面: the secretariat words an inquiry, sends it out and sees who has answered."""

from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from revisions.inquiry import commands
from revisions.inquiry.acts import offered
from revisions.inquiry.forms import InquiryForm, IssueForm, TargetFilter
from revisions.inquiry.models import Inquiry, InquiryTarget
from revisions.inquiry.naming import Due, due_of
from revisions.inquiry.queries import (
    addressees,
    by_department,
    compiled_by,
    is_overdue,
    open_days_left,
    targets_of,
)
from revisions.inquiry.reading import answer_counts
from revisions.inquiry.states import DONE, UNANSWERED, InquiryKind, InquiryState, TargetState
from revisions.inquiry.tiers import Tiers
from revisions.inquiry.views_addressees import to_whom
from revisions.plan.models import Revision
from revisions.plan.policies import check_can_steer
from workflow.access import Audience, audience, holds
from workflow.deadline.calendar import in_tokyo
from workflow.deadline.http import calendar_of
from workflow.errors import Invalid
from workflow.path.models import Stage
from workflow.path.states import StageKind, StageState
from workflow.people.http import SignedInRequest
from workflow.people.models import Department, Section
from workflow.people.states import UserKind

Crumbs = list[tuple[str, str]]


@audience(Audience.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def prepare_inquiry(request: SignedInRequest, stage_id: int) -> HttpResponse:
    revision, stage = _steered_stage(request, stage_id)
    found = Inquiry.objects.filter(stage=stage).first()
    if found and found.state != InquiryState.PREPARING:
        return redirect("inquiry", found.pk)
    form = InquiryForm(request.POST or None, initial=_worded(found, stage))
    if form.is_valid():
        try:
            commands.prepare_inquiry(
                stage_id=stage_id, by=request.user, at=timezone.now(), **form.words()
            )
        except Invalid as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(
                request, gettext("保存しました。続けて、照会先を確かめて発出してください。")
            )
            return see(reverse("prepare_inquiry", args=[stage_id]) + "#to")
    return _prepare_page(request, revision, stage, found, form)


@audience(Audience.STAFF)
@require_POST
def issue_inquiry(request: SignedInRequest, inquiry_id: int) -> HttpResponse:
    found = get_object_or_404(Inquiry, pk=inquiry_id)
    revision, stage = _steered_stage(request, found.stage_id)
    form = IssueForm(request.POST, ids=Section.objects.values_list("pk", flat=True))
    if not form.is_valid():
        wording = InquiryForm(initial=_worded(found, stage))
        return _prepare_page(request, revision, stage, found, wording, form)
    given = form.cleaned_data
    commands.issue(
        inquiry_id=inquiry_id,
        section_ids=given["ids"],
        choices=request.POST.getlist("to"),
        on=given["on"],
        seen=given["seen"],
        by=request.user,
        at=timezone.now(),
    )
    messages.success(request, gettext("%d課に照会しました。") % len(given["ids"]))
    return see(reverse("inquiry", args=[inquiry_id]))


@audience(Audience.STAFF)
@require_safe
def inquiry(request: SignedInRequest, inquiry_id: int) -> HttpResponse:
    """The secretariat's and auditors' page; leads a section to its own answer."""
    found = inquiry_of(inquiry_id)
    steers = holds(request.user, "steer_revision", found.revision)
    if not steers and request.user.kind != UserKind.AUDITOR:
        return _to_own_answer(request, found)
    if found.state == InquiryState.PREPARING:
        return redirect("prepare_inquiry", found.stage_id)
    today, days = in_tokyo(timezone.now()), calendar_of(request)
    left = cache(lambda day: open_days_left(day, today, days))
    targets = list(addressees(found))
    every = by_department(targets, today)
    form = TargetFilter(
        request.GET, departments=[(row.department.code, row.department.name) for row in every]
    )
    chosen = form.chosen()
    shown = [target for target in targets if _is_chosen(target, chosen, today)]
    states = Counter(target.state for target in targets)
    context = {
        "inquiry": found,
        "steers": steers,
        "filter": form,
        "clear_url": request.path if any(chosen.values()) else "",
        "departments": _rows(found, shown, today, left),
        "shown": len(shown),
        "total": len(targets),
        "answered": len(targets) - sum(states[state] for state in UNANSWERED),
        "accepted": sum(states[state] for state in DONE),
        "states": [(s.value, s.label, states[s]) for s in TargetState if states[s]],
        "late": sum(row.late for row in every),
        "wanted": sum(target.wanted_on is not None for target in targets),
        "stage_url": reverse("stage", args=[found.stage_id]),
        "addressed": found.addressed,
        "left": left(found.due_on),
        "acts": offered(found, steers=steers),
        "crumbs": crumbs(found, found.revision),
    }
    return render(request, "inquiry/inquiry.html", context)


def _rows(
    found: Inquiry, shown: list[InquiryTarget], today: date, left: Callable[[date], int]
) -> list[tuple[Department, list[tuple[InquiryTarget, Due | None, str]]]]:
    """Return departments, each with (addressee, by when, what it answered)."""
    counts = answer_counts(found)
    return [
        (row.department, [(t, due_of(t, left), counts.get(t.pk, "")) for t in row.targets])
        for row in by_department(shown, today)
    ]


def inquiry_of(inquiry_id: int) -> Inquiry:
    found = Inquiry.objects.select_related("stage", "revision__plan")
    return get_object_or_404(found, pk=inquiry_id)


def crumbs(found: Inquiry | Stage, revision: Revision, *more: tuple[str, str]) -> Crumbs:
    """The revision and the stage, and what stands between them and a page."""
    stage = found.stage if isinstance(found, Inquiry) else found
    return [
        (reverse("revision", args=[revision.pk]), revision.title),
        (reverse("stage", args=[stage.pk]), stage.name),
        *more,
    ]


def see(url: str) -> HttpResponse:
    """Lead from an act to the page that shows what it did."""
    return HttpResponseRedirect(url, status=303)


def _steered_stage(request: SignedInRequest, stage_id: int) -> tuple[Revision, Stage]:
    stage = get_object_or_404(Stage, pk=stage_id, kind=StageKind.INQUIRY)
    revision = Revision.objects.select_related("plan").get(case=stage.case_id)
    check_can_steer(request.user, revision, in_tokyo(timezone.now()))
    return revision, stage


def _worded(found: Inquiry | None, stage: Stage) -> dict[str, Any]:
    if found is None:
        first = {"seen": 0, "kind": InquiryKind.PROJECTS, "title": stage.name}
        return first | {"chief_days": 1, "compiling_days": 2, "secretariat_days": 0}
    names = ("kind", "title", "text", "due_on", *(field.name for field in fields(Tiers)))
    return {"seen": found.chain_length} | {name: getattr(found, name) for name in names}


def _prepare_page(
    request: SignedInRequest,
    revision: Revision,
    stage: Stage,
    found: Inquiry | None,
    form: Form,
    issue_form: IssueForm | None = None,
) -> HttpResponse:
    context = {
        "stage": stage,
        "inquiry": found,
        "form": form,
        "issue_form": issue_form,
        "stage_url": reverse("stage", args=[stage.pk]),
        "is_open": stage.state == StageState.OPEN,
        "crumbs": crumbs(stage, revision),
        "asks": found.questions.count() if found else 0,
        **(to_whom(request, revision, found, refused=bool(issue_form)) if found else {}),
    }
    refused = form.errors or (issue_form and issue_form.errors)
    return render(request, "inquiry/prepare.html", context, status=422 if refused else 200)


def _is_chosen(target: InquiryTarget, chosen: dict[str, Any], today: date) -> bool:
    return (
        chosen.get("state", "") in ("", target.state)
        and chosen.get("department", "") in ("", target.section.department.code)
        and (not chosen.get("late") or is_overdue(target, today))
        and (not chosen.get("wanted") or target.wanted_on is not None)
    )


def _to_own_answer(request: SignedInRequest, found: Inquiry) -> HttpResponse:
    if compiled_by(request.user).filter(inquiry=found).exists():
        return redirect("compiling", found.pk)
    own = list(targets_of(request.user).filter(inquiry=found)[:2])
    if not own:
        raise Http404
    return redirect("target", own[0].pk) if len(own) == 1 else redirect("my_work")
