"""段階の画面: what is asked, what is missing, and the acts, each with its consequence."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from revisions.cycle import commands, commands_adoption
from revisions.cycle.forms import (
    Act,
    AddForm,
    ConcludeForm,
    PlanForm,
    ReasonForm,
    SendBackForm,
)
from revisions.cycle.gates import missing_to_adopt, missing_to_conclude
from revisions.cycle.reading import Reader, picture, tasks_of
from revisions.cycle.views import crumbs, errors_on, see, sees_all
from revisions.plan.models import Revision
from revisions.plan.policies import check_can_steer
from revisions.plan.queries import readable_revisions
from revisions.plan.states import RUNNING
from revisions.public_comment.queries import is_out
from workflow.access import Audience, audience
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Missing
from workflow.path.models import Stage
from workflow.path.queries import deviations_of, is_late, returnable, stages_of, waits_for
from workflow.path.states import OUTCOMES, Outcome, StageKind, StageState
from workflow.people.http import SignedInRequest
from workflow.people.states import UserKind

GET_OR_POST = ["GET", "HEAD", "POST"]

Path = tuple[Revision, Stage, list[Stage]]
Command = Callable[..., Any]


@audience(Audience.STAFF)
@require_safe
def stage(request: SignedInRequest, stage_id: int) -> HttpResponse:
    return _show(request, *_find(request, stage_id))


@audience(Audience.STAFF)
@require_POST
def open_stage(request: SignedInRequest, stage_id: int) -> HttpResponse:
    path = _find(request, stage_id)
    form = _open_form(path[1])(request.POST, auto_id="open_%s")
    return _act(request, path, "open", form, commands.open_stage, _("段階を始めました。"))


@audience(Audience.STAFF)
@require_POST
def plan_stage(request: SignedInRequest, stage_id: int) -> HttpResponse:
    form = PlanForm(request.POST, auto_id="plan_%s")
    path = _find(request, stage_id)
    return _act(request, path, "plan", form, commands.plan_stage, _("日程を決めました。"))


@audience(Audience.STAFF)
@require_POST
def conclude_stage(request: SignedInRequest, stage_id: int) -> HttpResponse:
    asked = request.POST.get("outcome", "")
    name = f"conclude_{asked if asked in Outcome.values else ''}"
    form = ConcludeForm(request.POST, auto_id=f"{name}_%s")
    path = _find(request, stage_id)
    return _act(request, path, name, form, commands.conclude_stage, _("段階を終えました。"))


@audience(Audience.STAFF)
@require_POST
def send_back_stage(request: SignedInRequest, stage_id: int) -> HttpResponse:
    path = _find(request, stage_id)
    form = SendBackForm(request.POST, earlier=returnable(*path[1:]), auto_id="send_back_%s")
    done = _("差し戻しました。やり直す段階を、新しい検討段階に置きました。")
    return _act(request, path, "send_back", form, commands.send_back_stage, done)


@audience(Audience.STAFF)
@require_POST
def skip_stage(request: SignedInRequest, stage_id: int) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="skip_%s")
    path = _find(request, stage_id)
    return _act(request, path, "skip", form, commands.skip_stage, _("段階を省略しました。"))


@audience(Audience.STAFF)
@require_POST
def cancel_stage(request: SignedInRequest, stage_id: int) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="cancel_%s")
    path = _find(request, stage_id)
    return _act(request, path, "cancel", form, commands.cancel_stage, _("段階を中止しました。"))


@audience(Audience.STAFF)
@require_POST
def adopt(request: SignedInRequest, stage_id: int) -> HttpResponse:
    path = _find(request, stage_id)
    form = Act(request.POST, auto_id="adopt_%s")
    done = _("策定しました。決裁を受けた版が、現行の計画になりました。")
    return _act(request, path, "adopt", form, commands_adoption.adopt, done)


@audience(Audience.STAFF)
@require_http_methods(GET_OR_POST)
def add_stage(request: SignedInRequest, stage_id: int) -> HttpResponse:
    revision, previous, _stages = steered(request, stage_id)
    form = AddForm(request.POST or None, initial={"seen": revision.chain_length})
    if form.is_valid():
        body = form.cleaned_data.pop("body")
        with errors_on(form):
            added = commands.add_stage(
                after_id=previous.pk,
                body_id=body.pk if body else None,
                by=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
            messages.success(request, _("段階を加えました。つづけて日程を決めてください。"))
            return see("stage", added.pk)
    return _page(request, "cycle/add.html", revision, previous, form)


def _act(
    request: SignedInRequest, path: Path, name: str, form: forms.Form, command: Command, done: str
) -> HttpResponse:
    """Do the act and come back to the page; a bad form comes back with what was typed."""
    if form.is_valid():
        with errors_on(form):
            given = form.cleaned_data
            command(stage_id=path[1].pk, by=request.user, at=timezone.now(), **given)
            messages.success(request, done)
            return see("stage", path[1].pk)
    return _show(request, *path, failed={name: form})


def _show(
    request: SignedInRequest,
    revision: Revision,
    found: Stage,
    stages: list[Stage],
    failed: dict[str, forms.Form] | None = None,
) -> HttpResponse:
    today, failed = in_tokyo(timezone.now()), failed or {}
    everything = sees_all(request.user, revision, today)
    steers = everything and request.user.kind == UserKind.STAFF and revision.state in RUNNING
    reader = Reader(request.user, today, everything)
    missing = _missing(revision, found, stages) if steers else []
    context = {
        "revision": revision,
        "stage": found,
        "today": today,
        "picture": picture(stages, today),
        "late": is_late(found, today),
        "ahead": waits_for(found) if found.state == StageState.PLANNED else None,
        "tasks": tasks_of([found], reader).get(found.pk, []),
        "deviations": [d for d in deviations_of(revision.case_id) if d.stage_id == found.pk],
        "rerun": next((s for s in stages if s.rerun_of_id == found.pk), None),
        "missing": missing,
        "blocked": _("先に済ませること：%d件") % len(missing) if missing else "",
        "steers": steers,
        "seen": {"seen": revision.chain_length},
        "forms": _forms(revision, found, stages) | failed if steers else {},
        "concluding": _concluding(revision, found, failed) if steers else [],
        "failed": list(failed.values()),
        "crumbs": crumbs(revision),
    }
    return render(request, "cycle/stage.html", context, status=422 if failed else 200)


def _missing(revision: Revision, found: Stage, stages: list[Stage]) -> list[Missing]:
    if found.state != StageState.OPEN:
        return []
    if found.kind == StageKind.ADOPTION:
        return missing_to_adopt(revision, found, stages)
    return missing_to_conclude(found)


def _forms(revision: Revision, found: Stage, stages: list[Stage]) -> dict[str, forms.Form]:
    """One form an act, each with ids of its own."""
    seen = {"seen": revision.chain_length}
    dates = {name: getattr(found, name) for name in ("planned_from", "planned_until", "precision")}
    if found.state == StageState.PLANNED:
        acts: dict[str, forms.Form] = {
            "open": _open_form(found)(initial=seen, auto_id="open_%s"),
            "skip": ReasonForm(initial=seen, auto_id="skip_%s"),
        }
        if not is_out(found):
            acts["plan"] = PlanForm(initial=seen | dates, auto_id="plan_%s")
        return acts
    if found.state != StageState.OPEN:
        return {}
    forms_: dict[str, forms.Form] = {"cancel": ReasonForm(initial=seen, auto_id="cancel_%s")}
    if earlier := returnable(found, stages):
        forms_["send_back"] = SendBackForm(initial=seen, earlier=earlier, auto_id="send_back_%s")
    return forms_


def _open_form(found: Stage) -> type[Act]:
    """Out of turn, a stage begins only with a reason."""
    return ReasonForm if waits_for(found) else Act


def _concluding(
    revision: Revision, found: Stage, failed: dict[str, forms.Form]
) -> list[tuple[Outcome, forms.Form]]:
    """Return every outcome that answers what the stage asks, with the form that says so."""
    if found.state != StageState.OPEN or found.kind == StageKind.ADOPTION:
        return []
    return [
        (
            outcome,
            failed.get(name)
            or ConcludeForm(
                initial={"seen": revision.chain_length, "outcome": outcome}, auto_id=f"{name}_%s"
            ),
        )
        for outcome in OUTCOMES[found.asks]
        for name in [f"conclude_{outcome}"]
    ]


def _page(
    request: SignedInRequest, template: str, revision: Revision, found: Stage, form: forms.Form
) -> HttpResponse:
    way = [*crumbs(revision), (f"/stages/{found.pk}/", found.name)]
    context = {"revision": revision, "stage": found, "form": form, "crumbs": way}
    return render(request, template, context, status=422 if form.errors else 200)


def _find(request: SignedInRequest, stage_id: int) -> Path:
    readable = readable_revisions(request.user).select_related("plan")
    revision = get_object_or_404(readable, case__stages=stage_id)
    stages = stages_of(revision.case_id)
    return revision, next(s for s in stages if s.pk == stage_id), stages


def steered(request: SignedInRequest, stage_id: int) -> Path:
    path = _find(request, stage_id)
    check_can_steer(request.user, path[0], in_tokyo(timezone.now()))
    return path
