"""意見の画面: the ledger, one opinion, and keying in what came on paper."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_fsm import can_proceed

from revisions.opinion import commands, queries
from revisions.opinion.forms import AnswerForm, AssignForm, KeyInForm, LedgerFilter, SimilarForm
from revisions.opinion.models import Opinion, Scan
from revisions.opinion.policies import check_can_approve, check_can_respond
from revisions.opinion.states import OpinionState
from revisions.plan.models import Revision
from revisions.plan.policies import check_can_steer
from revisions.plan.queries import readable_revisions
from revisions.plan.states import RUNNING
from workflow.access import Audience, allowed, audience
from workflow.audit.queries import history_of
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid
from workflow.path.queries import stages_of
from workflow.path.states import StageState
from workflow.people.http import SignedInRequest
from workflow.signoff.forms import Act, ReasonForm

PAGE = 50
OPEN = (OpinionState.RECEIVED, OpinionState.DRAFTED)

FORMS: dict[str, type[Form]] = {
    "assign": AssignForm,
    "respond": AnswerForm,
    "approve": Act,
    "send_back": ReasonForm,
    "link": SimilarForm,
}


@audience(Audience.STAFF)
@require_safe
def opinions(request: SignedInRequest, revision_id: int) -> HttpResponse:
    revision = _revision(request, revision_id)
    stages, sections = queries.heard_stages(revision), queries.asked_sections(revision)
    form = LedgerFilter(request.GET, stages=stages, sections=sections)
    rows, before, after = queries.page_of(
        queries.sought(queries.ledger(revision), **form.chosen()),
        before=_cursor(request, "before"),
        after=_cursor(request, "after"),
        size=PAGE,
    )
    found = queries.counts(revision)
    names = dict(revision.projects.values_list("uid", "name"))
    context = {
        "revision": revision,
        "filter": form,
        "clear_url": request.path if form.chosen() else "",
        "rows": [(row, names.get(row.project_uid, "")) for row in rows],
        "shown": len(rows),
        "before": before,
        "after": after,
        "counts": [(state, state.label, found[state]) for state in OpinionState],
        "steers": _steers(request, revision),
        "crumbs": _crumbs(revision)[:-1],
    }
    return render(request, "opinion/opinions.html", context)


@audience(Audience.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def new_opinion(request: SignedInRequest, revision_id: int) -> HttpResponse:
    revision = _revision(request, revision_id)
    check_can_steer(request.user, revision, in_tokyo(timezone.now()))
    form = KeyInForm(
        request.POST or None,
        request.FILES or None,
        initial={"received_on": in_tokyo(timezone.now())} | request.GET.dict(),
        stages=_stages(revision),
        projects=revision.projects.filter(is_discontinued=False).values_list("uid", "name"),
    )
    if form.is_valid():
        try:
            made = commands.receive_opinion(by=request.user, at=timezone.now(), **form.given())
        except Invalid as invalid:
            _refuse(form, invalid)
        else:
            told = {"number": made.number}
            messages.success(request, _("意見第%(number)d号として受け付けました。") % told)
            return _next(form, made) if "next" in request.POST else _see(made.pk)
    context = {
        "revision": revision,
        "form": form,
        "after": request.GET.get("after", ""),
        "crumbs": _crumbs(revision),
    }
    status = 422 if form.errors else 200
    return render(request, "opinion/new.html", context, status=status)


@audience(Audience.STAFF)
@require_safe
def opinion(request: SignedInRequest, opinion_id: int) -> HttpResponse:
    return _page(request, _opinion(request, opinion_id))


@audience(Audience.STAFF)
@require_safe
def scan(request: SignedInRequest, opinion_id: int, scan_id: int) -> HttpResponse:
    """The paper itself: it names who wrote it, so only the secretariat sees it."""
    found = _opinion(request, opinion_id)
    check_can_steer(request.user, found.revision, in_tokyo(timezone.now()))
    paper = get_object_or_404(Scan, pk=scan_id, opinion=found)
    name = f"opinion-{found.number}.{paper.media_type.rpartition('/')[2]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(bytes(paper.body), content_type=paper.media_type, headers=headers)


@audience(Audience.STAFF)
@require_POST
def assign(request: SignedInRequest, opinion_id: int) -> HttpResponse:
    def act(given: dict[str, Any]) -> None:
        section = given.pop("section_id")
        _do(commands.assign, request, opinion_id, given | {"section_id": section.pk})

    return _act(request, opinion_id, "assign", act, _("担当課に回答を頼みました。"))


@audience(Audience.STAFF)
@require_POST
def respond(request: SignedInRequest, opinion_id: int) -> HttpResponse:
    def act(given: dict[str, Any]) -> None:
        _do(commands.draft_response, request, opinion_id, given)

    return _act(request, opinion_id, "respond", act, _("市の考え方の案を保存しました。"))


@audience(Audience.STAFF)
@require_POST
def approve(request: SignedInRequest, opinion_id: int) -> HttpResponse:
    def act(given: dict[str, Any]) -> None:
        _do(commands.approve_response, request, opinion_id, given)

    return _act(request, opinion_id, "approve", act, _("市の考え方を承認しました。"))


@audience(Audience.STAFF)
@require_POST
def send_back(request: SignedInRequest, opinion_id: int) -> HttpResponse:
    def act(given: dict[str, Any]) -> None:
        _do(commands.send_back_response, request, opinion_id, given)

    return _act(request, opinion_id, "send_back", act, _("市の考え方の案を差し戻しました。"))


@audience(Audience.STAFF)
@require_POST
def link(request: SignedInRequest, opinion_id: int) -> HttpResponse:
    def act(given: dict[str, Any]) -> None:
        number = given.pop("number")
        others = Opinion.objects.filter(number=number, revision__opinions=opinion_id)
        to = others.first()
        if to is None:
            told = {"number": number}
            raise Invalid(_("意見第%(number)d号はありません。") % told, field="number")
        _do(commands.link_similar, request, opinion_id, given | {"to_id": to.pk})

    return _act(request, opinion_id, "link", act, _("似た意見としてまとめました。"))


def _do(
    command: Callable[..., object], request: SignedInRequest, opinion_id: int, given: dict[str, Any]
) -> None:
    command(opinion_id=opinion_id, by=request.user, at=timezone.now(), **given)


def _act(
    request: SignedInRequest,
    opinion_id: int,
    name: str,
    act: Callable[[dict[str, Any]], None],
    done: str,
) -> HttpResponse:
    """Do the act and come back to the page; a bad form comes back with what was typed."""
    found = _opinion(request, opinion_id)
    form = FORMS[name](request.POST, auto_id=f"{name}_%s")
    if form.is_valid():
        try:
            act(dict(form.cleaned_data))
        except Invalid as invalid:
            _refuse(form, invalid)
        else:
            messages.success(request, done)
            return _see(opinion_id)
    return _page(request, found, {name: form})


def _page(
    request: SignedInRequest, found: Opinion, failed: dict[str, Form] | None = None
) -> HttpResponse:
    today = in_tokyo(timezone.now())
    steers, is_open = _steers(request, found.revision), found.state in OPEN
    context = {
        "opinion": found,
        "project": found.revision.projects.filter(uid=found.project_uid).first(),
        "like": found.similar.order_by("number"),
        "reflected": found.revision.changes.filter(origin_key=found.key),
        "steers": steers,
        "may": {
            "assign": steers and is_open,
            "reflect": steers and found.revision.state in RUNNING,
            "link": steers and found.similar_to_id is None and can_proceed(found.link),
            "respond": is_open and allowed(check_can_respond, request.user, found, today),
            "approve": found.state == OpinionState.DRAFTED
            and allowed(check_can_approve, request.user, found, today),
        },
        "seen": {"seen": found.chain_length},
        "forms": _forms(found) | (failed or {}),
        "failed": next(iter((failed or {}).values()), None),
        "history": history_of(found.key),
        "crumbs": _crumbs(found.revision),
        **(_personal(found) if steers else {}),
    }
    return render(request, "opinion/opinion.html", context, status=422 if failed else 200)


def _forms(found: Opinion) -> dict[str, Form]:
    """One form an act, starting from the opinion as it is."""
    starts: dict[str, Any] = {
        "seen": found.chain_length,
        "section_id": found.section_id,
        "disposition": found.disposition,
        "summary": found.summary,
        "response": found.response,
        "change": found.change,
    }
    return {name: form(initial=starts, auto_id=f"{name}_%s") for name, form in FORMS.items()}


def _personal(found: Opinion) -> dict[str, Any]:
    """Who sent it and on what paper; only for the secretariat."""
    scans = found.scans.only("name", "media_type")
    return {"submitter": getattr(found, "submitter", None), "scans": scans}


def _opinion(request: SignedInRequest, opinion_id: int) -> Opinion:
    rows = Opinion.objects.filter(revision__in=readable_revisions(request.user).values("pk"))
    related = ("revision", "section", "stage", "similar_to")
    return get_object_or_404(rows.select_related(*related), pk=opinion_id)


def _revision(request: SignedInRequest, revision_id: int) -> Revision:
    return get_object_or_404(readable_revisions(request.user), pk=revision_id)


def _stages(revision: Revision) -> list[tuple[int, str]]:
    """Return the stages that have begun: an opinion belongs to one."""
    return [
        (stage.pk, f"{stage.round.name}　{stage.name}")
        for stage in stages_of(revision.case_id)
        if stage.state in (StageState.OPEN, StageState.CONCLUDED)
    ]


def _steers(request: SignedInRequest, revision: Revision) -> bool:
    return allowed(check_can_steer, request.user, revision, in_tokyo(timezone.now()))


def _cursor(request: SignedInRequest, name: str) -> int | None:
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None


def _refuse(form: Form, invalid: Invalid) -> None:
    form.add_error(invalid.field if invalid.field in form.fields else None, str(invalid))


def _crumbs(revision: Revision) -> list[tuple[str, str]]:
    return [
        (reverse("revision", args=[revision.pk]), revision.title),
        (reverse("opinions", args=[revision.pk]), _("意見")),
    ]


def _next(form: KeyInForm, made: Opinion) -> HttpResponse:
    """The next one of a pile: from the same stage, the same way, on the same day."""
    alike = {name: form.cleaned_data[name] for name in ("stage_id", "channel", "medium")}
    query = urlencode(alike | {"received_on": made.received_on.isoformat(), "after": made.number})
    url = reverse("new_opinion", args=[made.revision_id])
    return HttpResponseRedirect(f"{url}?{query}", status=303)


def _see(opinion_id: int) -> HttpResponse:
    return HttpResponseRedirect(reverse("opinion", args=[opinion_id]), status=303)
