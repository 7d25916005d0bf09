"""計画案の画面: the running draft, one sheet of it, and how the secretariat changes them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from revisions.plan import commands, reading
from revisions.plan.content import Content
from revisions.plan.diff import sheet_diff, text_diff
from revisions.plan.forms import HeadingForm, PlaceForm, ReasonForm, SheetForm
from revisions.plan.gates import check_may_change
from revisions.plan.models import Revision
from revisions.plan.policies import check_can_steer
from revisions.plan.queries import content_of, content_of_version, fingerprint, sheet_of
from revisions.plan.states import Level
from revisions.plan.views import changes_between, charted, counted, readable_revision, shown
from workflow.access import Audience, allowed, audience
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid, Unmet
from workflow.people.http import SignedInRequest

form_page = require_http_methods(["GET", "HEAD", "POST"])


@audience(Audience.SIGNED_IN)
@require_safe
def draft(request: SignedInRequest, revision_id: int) -> HttpResponse:
    revision = readable_revision(request, revision_id)
    content = content_of(revision)
    changes = changes_between(content_of_version(revision.base), content) if revision.base else []
    rows = [shown(change) for change in changes]
    steers = _steers(request, revision)
    context = {
        "revision": revision,
        "content": content,
        "steers": steers,
        "may": {level.value: steers and not _closed(revision, level) for level in Level},
        "closed": _closed(revision, Level.PROJECT),
        "gone": [row for row in rows if row["change"].kind == "discontinued"],
        "counts": counted(changes),
        "crumbs": _crumbs(revision)[:-1],
        **charted(request, content, {row["change"].uid: row for row in rows}),
    }
    return render(request, "plan/draft.html", context)


@audience(Audience.SIGNED_IN)
@require_safe
def sheet(request: SignedInRequest, revision_id: int, uid: str) -> HttpResponse:
    return _sheet_page(request, readable_revision(request, revision_id), uid, ReasonForm())


@audience(Audience.STAFF)
@form_page
def edit_sheet(request: SignedInRequest, revision_id: int, uid: str) -> HttpResponse:
    revision = _steered(request, revision_id)
    before = sheet_of(revision, uid)
    seen = request.POST.get("seen") or fingerprint(before)

    def act(sheet: dict[str, Any], given: dict[str, Any]) -> str:
        commands.edit_sheet(
            revision_id=revision.pk,
            uid=uid,
            sheet=sheet,
            seen=seen,
            by=request.user,
            at=timezone.now(),
            **given,
        )
        messages.success(request, _("シートを修正しました。主管課にお知らせしました。"))
        return reverse("sheet", args=[revision.pk, uid])

    form = SheetForm(request.POST or None, plan=revision.plan, sheet=before)
    context = {
        "title": _("シートを修正する"),
        "revision": revision,
        "before": before,
        "seen": seen,
        "back": reverse("sheet", args=[revision.pk, uid]),
        "crumbs": [*_crumbs(revision), (reverse("sheet", args=[revision.pk, uid]), before["name"])],
    }
    return _sheet_form(request, form, ReasonForm(request.POST or None), act, context)


@audience(Audience.STAFF)
@form_page
def add_sheet(request: SignedInRequest, revision_id: int) -> HttpResponse:
    revision = _steered(request, revision_id)

    def act(sheet: dict[str, Any], given: dict[str, Any]) -> str:
        uid = commands.add_project(
            revision_id=revision.pk, sheet=sheet, by=request.user, at=timezone.now(), **given
        )
        messages.success(request, _("個別事業を加えました。主管課にお知らせしました。"))
        return reverse("sheet", args=[revision.pk, uid])

    where = {"place": request.GET.get("place", "")}
    other = PlaceForm(request.POST or None, initial=where, places=_places(revision))
    context = {
        "title": _("個別事業を加える"),
        "revision": revision,
        "back": reverse("draft", args=[revision.pk]),
        "crumbs": _crumbs(revision),
    }
    return _sheet_form(
        request, SheetForm(request.POST or None, plan=revision.plan), other, act, context
    )


@audience(Audience.STAFF)
@require_POST
def discontinue(request: SignedInRequest, revision_id: int, uid: str) -> HttpResponse:
    revision = readable_revision(request, revision_id)
    form = ReasonForm(request.POST, auto_id="discontinue_%s")
    if not form.is_valid():
        return _sheet_page(request, revision, uid, form)
    commands.discontinue_project(
        revision_id=revision.pk, uid=uid, by=request.user, at=timezone.now(), **form.cleaned_data
    )
    messages.success(request, _("個別事業を計画案から外しました。後ろの番号を詰めました。"))
    return _see(reverse("draft", args=[revision.pk]))


@audience(Audience.STAFF)
@form_page
def edit_heading(request: SignedInRequest, revision_id: int) -> HttpResponse:
    """The words at ?place=: none the philosophy, 1 a policy, 1-2 a program."""
    revision = _steered(request, revision_id)
    place = request.GET.get("place", "")
    kind, heading = _heading(revision, place)
    form = HeadingForm(request.POST or None, initial=heading, has_aim="-" in place)
    if form.is_valid():
        commands.edit_heading(
            revision_id=revision.pk,
            place=place,
            by=request.user,
            at=timezone.now(),
            **form.cleaned_data,
        )
        messages.success(request, _("見出しを修正しました。"))
        return _see(reverse("draft", args=[revision.pk]))
    context = {
        "revision": revision,
        "place": place,
        "kind": kind,
        "form": form,
        "crumbs": _crumbs(revision),
    }
    return render(request, "plan/heading.html", context, status=422 if form.errors else 200)


def _sheet_form(
    request: SignedInRequest,
    form: SheetForm,
    other: Form,
    act: Callable[[dict[str, Any], dict[str, Any]], str],
    context: dict[str, Any],
) -> HttpResponse:
    """Show the form of a sheet, add rows to it, or do the act with what it says."""
    status = 200
    if form.wants_more():
        form = form.with_more_rows()
        typed = {bound.name: bound.data for bound in other}
        other.is_bound, other.initial = False, typed
    elif form.is_bound:
        status = 422
        if form.is_valid() & other.is_valid():
            try:
                return _see(act(form.sheet(), other.cleaned_data))
            except Invalid as invalid:
                form.refuse(invalid.field, str(invalid))
    return render(
        request, "plan/edit.html", context | {"form": form, "other": other}, status=status
    )


def _sheet_page(request: SignedInRequest, revision: Revision, uid: str, form: Form) -> HttpResponse:
    content = content_of(revision)
    page = _page(content, uid)
    at = request.GET.get("at", "")
    context = {
        "revision": revision,
        "page": page,
        "relisted_at": at if at in page["relisted"].split("、") and at else "",
        "changes": _changes(revision, content, uid),
        "steers": _steers(request, revision),
        "closed": _closed(revision, Level.PROJECT),
        "discontinue_form": form,
        "crumbs": _crumbs(revision),
    }
    return render(request, "plan/sheet.html", context, status=422 if form.errors else 200)


def _page(content: Content, uid: str) -> reading.Page:
    try:
        return reading.sheet_page(content, uid)
    except KeyError as gone:
        raise Http404 from gone


def _changes(revision: Revision, content: Content, uid: str) -> list[tuple[str, Any]]:
    """Return (label, pieces) of every field of the sheet that is not as in the plan now."""
    if revision.base is None:
        return []
    old = content_of_version(revision.base)
    before, after = _project(old, uid), _project(content, uid)
    fields = sheet_diff(before, after, names=old["sections"] | content["sections"])
    return [(field.label, text_diff(field.before, field.after)) for field in fields]


def _project(content: Content, uid: str) -> dict[str, Any]:
    """Return a project's sheet; {} when the content has none."""
    return next((project for project in content["projects"] if project["uid"] == uid), {})


def _heading(revision: Revision, place: str) -> tuple[str, dict[str, str]]:
    """Return what kind of words stand at a place, and the words."""
    content = content_of(revision)
    if not place:
        return _("基本理念"), {"name": content["plan"]["philosophy"]}
    for policy in reading.chart(content):
        if policy["number"] == place:
            return _("基本方針"), policy
        for program in policy["programs"]:
            if program["number"] == place:
                return _("事業推進計画"), program
    raise Http404


def _places(revision: Revision) -> list[tuple[str, str]]:
    return [
        (program["number"], f"{program['number']} {program['name']}")
        for policy in reading.chart(content_of(revision))
        for program in policy["programs"]
    ]


def _steers(request: SignedInRequest, revision: Revision) -> bool:
    return allowed(check_can_steer, request.user, revision, in_tokyo(timezone.now()))


def _steered(request: SignedInRequest, revision_id: int) -> Revision:
    revision = readable_revision(request, revision_id)
    check_can_steer(request.user, revision, in_tokyo(timezone.now()))
    return revision


def _closed(revision: Revision, level: Level) -> str:
    """Return why nothing of a level may be changed now; empty when it may."""
    try:
        check_may_change(revision, level)
    except Unmet as unmet:
        return str(unmet)
    return ""


def _crumbs(revision: Revision) -> list[tuple[str, str]]:
    return [
        (reverse("revision", args=[revision.pk]), revision.title),
        (reverse("draft", args=[revision.pk]), _("計画案")),
    ]


def _see(url: str) -> HttpResponse:
    return HttpResponseRedirect(url, status=303)
