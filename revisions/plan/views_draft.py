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
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from revisions.plan import commands, reading
from revisions.plan.content import Content, numbers
from revisions.plan.diff import sheet_diff
from revisions.plan.forms import DropForm, PlaceForm, ReasonForm, SheetForm
from revisions.plan.forms_place import UnlistForm
from revisions.plan.gates import check_may_change
from revisions.plan.leaves import changes_between, counted, shown
from revisions.plan.merging import NAMED, field_of
from revisions.plan.models import Revision
from revisions.plan.models_changes import Change
from revisions.plan.policies import check_can_steer
from revisions.plan.queries import (
    content_of,
    content_of_version,
    findings_of,
    fingerprint,
    places_of,
    sheet_of,
)
from revisions.plan.queries_changes import changes_of_project
from revisions.plan.states import RUNNING, ChangeKind, Level
from revisions.plan.views import charted, readable_revision
from workflow.access import Audience, allowed, audience
from workflow.deadline.calendar import in_tokyo
from workflow.errors import Invalid, Unmet
from workflow.people.http import SignedInRequest

SIDES = {
    "draft": gettext_lazy("計画案の言葉"),
    "answer": gettext_lazy("回答の言葉"),
    "into": gettext_lazy("このシートの言葉"),
    "taken": gettext_lazy("取り込んだシートの言葉"),
    "own": gettext_lazy("書き直した言葉"),
}
"""Whose words a person took (Change.decided)."""

form_page = require_http_methods(["GET", "HEAD", "POST"])


@audience(Audience.SIGNED_IN)
@require_safe
def draft(request: SignedInRequest, revision_id: int) -> HttpResponse:
    revision = readable_revision(request, revision_id)
    content = content_of(revision)
    changes = changes_between(content_of_version(revision.base), content) if revision.base else []
    rows = [shown(change) for change in changes]
    may_steer = steers(request, revision)
    context = {
        "revision": revision,
        "content": content,
        "steers": may_steer,
        "unsettled": len(findings_of(content, in_tokyo(timezone.now()))) if may_steer else 0,
        "may": {level.value: may_steer and not closed(revision, level) for level in Level},
        "closed": closed(revision, Level.PROJECT),
        "locked": list(dict.fromkeys(filter(None, (closed(revision, level) for level in Level)))),
        "dropped": _dropped(revision, content),
        "counts": counted(changes),
        "has_table": revision.state in RUNNING and revision.plan.current_id is not None,
        "crumbs": crumbs(revision)[:-1],
        **charted(request, content, {row["change"].uid: row for row in rows}),
    }
    return render(request, "plan/draft.html", context)


@audience(Audience.SIGNED_IN)
@require_safe
def sheet(request: SignedInRequest, revision_id: int, uid: str) -> HttpResponse:
    return sheet_page(request, readable_revision(request, revision_id), uid)


@audience(Audience.STAFF)
@form_page
def edit_sheet(request: SignedInRequest, revision_id: int, uid: str) -> HttpResponse:
    revision = steered(request, revision_id)
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
        "crumbs": [*crumbs(revision), (reverse("sheet", args=[revision.pk, uid]), before["name"])],
    }
    return sheet_form(request, form, ReasonForm(request.POST or None), act, context)


@audience(Audience.STAFF)
@form_page
def add_sheet(request: SignedInRequest, revision_id: int) -> HttpResponse:
    revision = steered(request, revision_id)

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
        "crumbs": crumbs(revision),
    }
    return sheet_form(
        request, SheetForm(request.POST or None, plan=revision.plan), other, act, context
    )


@audience(Audience.STAFF)
@require_POST
def discontinue(request: SignedInRequest, revision_id: int, uid: str) -> HttpResponse:
    revision = readable_revision(request, revision_id)
    form = DropForm(request.POST, auto_id="discontinue_%s")
    if not form.is_valid():
        return sheet_page(request, revision, uid, discontinue_form=form)
    commands.discontinue_project(
        revision_id=revision.pk, uid=uid, by=request.user, at=timezone.now(), **form.cleaned_data
    )
    messages.success(request, _("個別事業を計画案から外しました。後ろの番号を詰めました。"))
    return see(reverse("draft", args=[revision.pk]))


def sheet_form(
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
                return see(act(form.sheet(), other.cleaned_data))
            except Invalid as invalid:
                form.refuse(invalid.field, str(invalid))
    return render(
        request, "plan/edit.html", context | {"form": form, "other": other}, status=status
    )


def sheet_page(
    request: SignedInRequest, revision: Revision, uid: str, **failed: Form
) -> HttpResponse:
    """Show a sheet, at ?at= as the relisting there; `failed` are forms as they were typed."""
    content = content_of(revision)
    page = _page(content, uid)
    at = request.GET.get("at", "")
    at = at if at in page["relisted"].split("、") else ""
    context = {
        "revision": revision,
        "page": page,
        "relisted_at": at,
        "changes": _changes(revision, content, uid),
        "steers": steers(request, revision),
        "closed": closed(revision, Level.PROJECT),
        "discontinue_form": DropForm(),
        "unlist_form": _unlist_form(revision, at),
        "log": [(change, _decided(change)) for change in changes_of_project(revision, uid)],
        "crumbs": crumbs(revision),
        **failed,
    }
    return render(request, "plan/sheet.html", context, status=422 if failed else 200)


def _decided(change: Change) -> str:
    """Tell which wording a person took of each field: 概要（書き直した言葉）."""
    sides = ((_(NAMED[field_of(name)]), SIDES[side]) for name, side in change.decided.items())
    return "、".join(f"{label}（{side}）" for label, side in dict.fromkeys(sides))


def _dropped(revision: Revision, content: Content) -> list[dict[str, Any]]:
    """Return what is not carried over, with `into` (number, name) when it was merged."""
    gone = reading.dropped(content)
    merged = revision.changes.filter(kind=ChangeKind.MERGE, uid__in=[row["uid"] for row in gone])
    into = dict(merged.order_by("number").values_list("uid", "other"))
    names = {sheet["uid"]: sheet["name"] for sheet in content["projects"]}
    stands = {u: (number, names[u]) for u, number in numbers(content).items()}
    return [row | {"into": stands.get(into.get(row["uid"], ""))} for row in gone]


def _unlist_form(revision: Revision, at: str) -> UnlistForm | None:
    """The form to end a relisting; None at the original."""
    seen = fingerprint(places_of(revision))
    return UnlistForm(initial={"seen": seen, "place": at}, auto_id="unlist_%s") if at else None


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
    return [(field.label, field.pieces) for field in fields]


def _project(content: Content, uid: str) -> dict[str, Any]:
    """Return a project's sheet; {} when the content has none."""
    return next((project for project in content["projects"] if project["uid"] == uid), {})


def _places(revision: Revision) -> list[tuple[str, str]]:
    return [
        (program["number"], f"{program['number']} {program['name']}")
        for policy in reading.chart(content_of(revision))
        for program in policy["programs"]
    ]


def steers(request: SignedInRequest, revision: Revision) -> bool:
    return allowed(check_can_steer, request.user, revision, in_tokyo(timezone.now()))


def steered(request: SignedInRequest, revision_id: int, level: Level = Level.PROJECT) -> Revision:
    """Return a revision whose draft the user may change; a locked level says why it is."""
    revision = readable_revision(request, revision_id)
    check_can_steer(request.user, revision, in_tokyo(timezone.now()))
    check_may_change(revision, level)
    return revision


def closed(revision: Revision, level: Level) -> str:
    """Return why nothing of a level may be changed now; empty when it may."""
    try:
        check_may_change(revision, level)
    except Unmet as unmet:
        return str(unmet)
    return ""


def crumbs(revision: Revision) -> list[tuple[str, str]]:
    return [
        (reverse("revision", args=[revision.pk]), revision.title),
        (reverse("draft", args=[revision.pk]), _("計画案")),
    ]


def see(url: str) -> HttpResponse:
    return HttpResponseRedirect(url, status=303)
